using System;
using System.Collections.Generic;

namespace SimdNet.Interop;

/// <summary>How a label column is to be understood.</summary>
public enum CsvLabels
{
    /// <summary>Whole numbers from 0 are class labels, other numbers are a target, text names classes.</summary>
    Automatic,

    /// <summary>Whole numbers from 0 are class labels; anything else names classes, also −1 and 1. There are at most 100,000 names.</summary>
    Classes,

    /// <summary>Numbers are a target, whole or not.</summary>
    Numbers,
}

/// <summary>How a CSV file is to be read.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first row names the columns. True by default: most files have names, and a first row that is all numbers is then refused rather than lost.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Name of the column with the label or target, or its number from 0 (a name wins over a number); null, the default, for the last.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Whether the file has inputs alone; for <see cref="CsvFile.ReadInputs"/>, where a file with a further column would lose it as the label.</summary>
    public bool NoLabel { get; init; }

    /// <summary>How the label column is to be understood; from its contents by default.</summary>
    public CsvLabels Labels { get; init; }

    /// <summary>
    /// The classes that labels are mapped to, by their place in this list: those of the model that is to be evaluated. A label that is not among
    /// them is an error. Null, the default, takes the classes from the file.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What stands between fields. A comma by default; it is not guessed, since a guess can be wrong without a word.</summary>
    /// <exception cref="ArgumentException">It is a letter, a digit, a sign, a point, a quotation mark, a line end, the zero character, or none of ASCII: it could be a part of a field, or end a row.</exception>
    public char Delimiter
    {
        get;
        init => field = char.IsAscii(value) && !char.IsAsciiLetterOrDigit(value) && !"+-.\"\r\n\0".Contains(value, StringComparison.Ordinal)
            ? value
            : throw new ArgumentException($"The character U+{(int)value:X4} cannot stand between fields, since it may stand in them. Take a comma, a semicolon or a tab.", nameof(Delimiter));
    } = ',';
}

using System;

namespace SimdNet;

/// <summary>How numbers are laid out in a text file; the parameters of numpy's <c>savetxt</c> and <c>loadtxt</c>, with their defaults.</summary>
public sealed record TextOptions
{
    /// <summary>What stands between the numbers of a row; null, the default, for blanks and tabs in any number (a blank where it is written). With a delimiter each number may have blanks around it, and none may be missing.</summary>
    /// <exception cref="ArgumentException">It is a letter, a digit, a sign, a point, a line end, or no ASCII character: it could be a part of a number.</exception>
    public char? Delimiter
    {
        get;
        init => field = value is not char character || (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && !"+-.\r\n\0".Contains(character, StringComparison.Ordinal))
            ? value
            : throw new ArgumentException($"The character U+{(int)character:X4} cannot stand between numbers, since it may stand in them. Take a comma, a semicolon or a tab.", nameof(Delimiter));
    }

    /// <summary>What begins a comment, which goes to the end of its line. "#", as in numpy; null where there are no comments. It has a character that stands in no row of numbers: neither in a number nor between two.</summary>
    /// <exception cref="ArgumentException">It is empty, or has a line end.</exception>
    public string? Comments
    {
        get;
        init => field = value is null || (value.Length > 0 && value.AsSpan().IndexOfAny('\r', '\n') < 0)
            ? value
            : throw new ArgumentException("What begins a comment is not empty, and on one line. Use null where there are no comments.", nameof(Comments));
    } = "#";

    /// <summary>Lines at the beginning that are not looked at, comments and empty ones among them. 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int SkipRows
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(SkipRows));
            field = value;
        }
    }

    /// <summary>Lines that are written before the numbers, each as a comment; null, the default, for none.</summary>
    public string? Header { get; init; }
}

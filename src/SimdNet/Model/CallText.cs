using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Model;

/// <summary>The text of a name with numbers, <c>uniform(-1,1)</c>, which initializers and activations share. The tool's <c>uniform:-1,1</c> means the same.</summary>
internal static class CallText
{
    /// <summary>Characters of the longest text that is read, and numbers of the longest that is written, which fit: a user's own layer may have thousands.</summary>
    public const int MaxLength = 100_000;
    private const int MaxArguments = 3_800;

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool TryParse(string text, out string name, out double[] arguments)
    {
        name = "";
        arguments = [];
        if (text.Length > MaxLength)
        {
            return false;
        }

        name = text.Trim();
        int open = name.AsSpan().IndexOfAny('(', ':');
        if (open < 0)
        {
            return name.Length > 0;
        }

        string inside = name[(open + 1)..];
        if (name[open] == '(')
        {
            if (!inside.EndsWith(')'))
            {
                return false;
            }

            inside = inside[..^1];
        }

        name = name[..open];
        string[] parts = inside.Split(',');
        arguments = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out arguments[i]) || !double.IsFinite(arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads: shortest digits that bring each number back.</summary>
    public static string Write(string name, IReadOnlyList<double> arguments)
    {
        string[] numbers = new string[arguments.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = arguments[i].ToString("R", CultureInfo.InvariantCulture);
        }

        return numbers.Length == 0 ? name : $"{name}({string.Join(',', numbers)})";
    }

    /// <summary>A name that texts and file names can hold.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static string CheckedName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= 64 && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? name
            : throw new ArgumentException($"'{name}' is no name of a layer, an activation, a loss or a parameter: up to 64 lower-case letters, digits and hyphens, a letter first.", nameof(name));
    }

    /// <summary>Numbers that a text can hold.</summary>
    /// <exception cref="ArgumentException">One is not finite, or there are too many.</exception>
    public static double[] CheckedArguments(ReadOnlySpan<double> arguments)
    {
        if (arguments.Length > MaxArguments)
        {
            throw new ArgumentException($"{arguments.Length} numbers are more than the {MaxArguments} that are written behind a name. Keep them in parameters.", nameof(arguments));
        }

        foreach (double argument in arguments)
        {
            if (!double.IsFinite(argument))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{argument} is not finite, and cannot be written behind a name."), nameof(arguments));
            }
        }

        return arguments.ToArray();
    }

    /// <summary>The parts of a list between commas that are not inside parentheses.</summary>
    public static List<string> SplitList(string text)
    {
        List<string> items = [];
        ReadOnlySpan<char> rest = text;
        bool isLast;
        do
        {
            items.Add(TakeItem(ref rest, out isLast).ToString());
        }
        while (!isLast);
        return items;
    }

    /// <summary>The first of these parts, which is taken off the text.</summary>
    /// <param name="text">The list; what follows the comma is left.</param>
    /// <param name="isLast">Whether there was no comma.</param>
    public static ReadOnlySpan<char> TakeItem(scoped ref ReadOnlySpan<char> text, out bool isLast)
    {
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                ReadOnlySpan<char> item = text[..i].Trim();
                text = text[(i + 1)..];
                isLast = false;
                return item;
            }
        }

        isLast = true;
        return text.Trim();
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Model;

/// <summary>The text of a name with numbers, <c>uniform(-1,1)</c>, which initializers and activations share. The tool's <c>uniform:-1,1</c> means the same.</summary>
internal static class CallText
{
    public static bool TryParse(string text, out string name, out double[] arguments)
    {
        name = text.Trim();
        arguments = [];
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

    /// <summary>The parts of a list between commas that are not inside parentheses.</summary>
    public static List<string> SplitList(string text)
    {
        List<string> items = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                items.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        items.Add(text[start..].Trim());
        return items;
    }
}

using System;
using System.CommandLine;

namespace SimdNet.Cli.CommandLine;

/// <summary>What a mistyped option was probably meant to be.</summary>
internal static class Suggestion
{
    /// <summary>Up to two slips of the finger in a name are worth a guess.</summary>
    private const int FarthestGuess = 2;

    public static string For(string token, Command command)
    {
        int equals = token.IndexOf('=', StringComparison.Ordinal);
        ReadOnlySpan<char> name = equals < 0 ? token : token.AsSpan(0, equals);
        string? best = null;
        int least = FarthestGuess + 1;
        foreach (Option option in command.Options)
        {
            int distance = Distance(name, option.Name);
            if (distance < least)
            {
                (best, least) = (option.Name, distance);
            }
        }

        return best is null ? "" : $"; the nearest is {best}";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and exchanges of one character.</summary>
    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int exchange = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(exchange, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[^1];
    }
}

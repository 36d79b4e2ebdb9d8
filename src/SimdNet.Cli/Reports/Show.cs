using System;
using System.Globalization;

namespace SimdNet.Cli.Reports;

/// <summary>Numbers for a person: as many digits as one reads, the same in every country.</summary>
internal static class Show
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string? Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Text out of a file as a part of one line: names in a hostile model must neither break it nor steer a terminal or hide what they say.</summary>
    public static string Text(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? string.Create(text.Length, text, static (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                // Controls, the separators of lines, and the marks that turn the direction of what follows.
                line[i] = char.IsControl(source[i]) || source[i] is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '\uFFFD' : source[i];
            }
        })
        : text;

    public static string Verdict(LearningVerdict verdict) => verdict switch
    {
        LearningVerdict.Overfitting => "overfitting",
        LearningVerdict.Underfitting => "underfitting",
        _ => "fits",
    };

    public static string? Share(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %") : null;
}

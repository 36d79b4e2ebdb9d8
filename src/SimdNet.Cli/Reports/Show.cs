using System.Globalization;

namespace SimdNet.Cli.Reports;

/// <summary>Numbers for a person: as many digits as one reads, the same in every country.</summary>
internal static class Show
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string? Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture);

    public static string? Share(double? value) => value is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %") : null;
}

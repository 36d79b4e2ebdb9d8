namespace SimdNet.Bench.Results;

/// <summary>Numbers as the tables have them.</summary>
internal static class Text
{
    public static string Number(double value) => value < 10 ? $"{value:0.00}" : $"{value:0.0}";

    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 10 => $"{nanoseconds:0.00} ns",
        < 1e3 => $"{nanoseconds:0.0} ns",
        < 1e6 => $"{nanoseconds / 1e3:0.00} µs",
        _ => $"{nanoseconds / 1e6:0.00} ms",
    };
}

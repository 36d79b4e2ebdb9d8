using System;

namespace SimdNet.Cli.Reports;

/// <summary>Results for a person: a name and a value a line.</summary>
internal static class TextReport
{
    /// <summary>Writes a line; none where there is no value.</summary>
    public static void Line(string name, string? value)
    {
        if (value is not null)
        {
            Console.Out.WriteLine($"{Show.Text(name),-20} {Show.Text(value)}");
        }
    }
}

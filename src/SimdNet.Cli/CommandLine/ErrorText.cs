using System;
using System.IO;

using SimdNet.Cli.Reports;
using SimdNet.Model;

namespace SimdNet.Cli.CommandLine;

/// <summary>Exceptions as one line for a person.</summary>
internal static class ErrorText
{
    /// <summary>What an exception says, where it tells of data, files or numbers; else that the tool itself is at fault.</summary>
    public static string Describe(Exception error) => error switch
    {
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        OutOfMemoryException => "there is not enough memory for this network and this data. Use fewer units, or fewer rows.",
        ArgumentException or IOException or UnauthorizedAccessException or FormatException or ArithmeticException or NotSupportedException or InvalidOperationException => ArgumentText.Of(error),
        _ => $"a fault of simdnet itself, please report it with the command: {error.GetType().Name}, {error.Message}",
    };

    public static string OneLine(string message) => Show.Text(message.ReplaceLineEndings(" ").Trim());
}

using System;
using System.IO;

using SimdNet.Cli.Reports;

namespace SimdNet.Cli.CommandLine;

/// <summary>Exceptions as one line for a person.</summary>
internal static class ErrorText
{
    /// <summary>What an exception says, where it tells of data, files or numbers; else that the tool itself is at fault.</summary>
    public static string Describe(Exception error) => error switch
    {
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        OutOfMemoryException => "there is not enough memory for this network and this data. Use fewer units, or fewer rows with --rows.",
        ArgumentException argument => WithoutParameter(argument),
        IOException or UnauthorizedAccessException or FormatException or ArithmeticException or NotSupportedException or InvalidOperationException => error.Message,
        _ => $"a fault of simdnet itself, please report it with the command: {error.GetType().Name}, {error.Message}",
    };

    public static string OneLine(string message) => Show.Text(message.ReplaceLineEndings(" ").Trim());

    /// <summary>The message without the name of the library's parameter, which the user of the tool has never seen.</summary>
    public static string WithoutParameter(ArgumentException error)
    {
        int end = error.Message.IndexOf($" (Parameter '{error.ParamName}')", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}

using System;

namespace SimdNet.IO;

/// <summary>A text as one field of a line of comma-separated values, as RFC 4180 has it.</summary>
internal static class CsvField
{
    /// <summary>The text itself where nothing in it could end the field, else in quotation marks.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

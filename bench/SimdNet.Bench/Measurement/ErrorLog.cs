using System;

using BenchmarkDotNet.Loggers;

namespace SimdNet.Bench.Measurement;

/// <summary>Shows BenchmarkDotNet's errors and what benchmarks threw; everything else is in its log file.</summary>
internal sealed class ErrorLog : ILogger
{
    public string Id => nameof(ErrorLog);

    public int Priority => 0;

    public void Write(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
        {
            Console.Error.Write(text);
        }
        else
        {
            WriteExceptions(text);
        }
    }

    public void WriteLine(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            WriteExceptions(text);
        }
    }

    public void WriteLine()
    {
    }

    public void Flush() => Console.Error.Flush();

    /// <summary>What a benchmark throws is a part of its output to BenchmarkDotNet, which calls it no error.</summary>
    private static void WriteExceptions(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.Contains("Exception: ", StringComparison.Ordinal))
            {
                Console.Error.WriteLine(line.ToString());
            }
        }
    }
}

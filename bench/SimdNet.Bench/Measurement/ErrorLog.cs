using System;

using BenchmarkDotNet.Loggers;

namespace SimdNet.Bench.Measurement;

/// <summary>Shows BenchmarkDotNet's errors; everything else that it says is in its log file.</summary>
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
    }

    public void WriteLine(LogKind logKind, string text)
    {
        if (logKind == LogKind.Error)
        {
            Console.Error.WriteLine(text);
        }
    }

    public void WriteLine()
    {
    }

    public void Flush() => Console.Error.Flush();
}

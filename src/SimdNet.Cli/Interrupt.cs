using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace SimdNet.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation while work can be stopped in good order. A second one ends the process as usual.</summary>
/// <remarks>What comes within a moment of the first is no second one: <c>timeout</c> sends its signal to the process and to its group, and what a terminal sends to a group is forwarded by some who are in it.</remarks>
internal sealed class Interrupt : IDisposable
{
    /// <summary>Few people press a key twice as fast, and a third time ends it.</summary>
    private const long MomentMilliseconds = 200;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;

    /// <summary>When the first came, by the system's clock; 0 before.</summary>
    private long _first;

    public Interrupt()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What the tool says and returns once the work has stopped.</summary>
    /// <param name="message">What became of the work.</param>
    public ToolException Stopped(string message) => _exitCode == ExitCode.Terminated
        ? ToolException.Stopped(ExitCode.Terminated, $"stopped by SIGTERM; {message}")
        : ToolException.Stopped(ExitCode.Interrupted, $"stopped by Ctrl-C; {message}");

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        long now = Math.Max(1, Environment.TickCount64);
        long first = Interlocked.CompareExchange(ref _first, now, 0);
        context.Cancel = first == 0 || now - first < MomentMilliseconds;
        if (first != 0)
        {
            return;
        }

        _exitCode = context.Signal == PosixSignal.SIGTERM ? ExitCode.Terminated : ExitCode.Interrupted;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A signal that was on its way when the work ended, and its thread comes after that: there is nothing left to stop.
        }
    }
}

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace SimdNet.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation while work can be stopped in good order. A second one ends the process as usual.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;

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
        int exitCode = context.Signal == PosixSignal.SIGTERM ? ExitCode.Terminated : ExitCode.Interrupted;
        context.Cancel = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        if (!context.Cancel)
        {
            return;
        }

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

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace SimdNet.Cli;

/// <summary>Ctrl-C as a cancellation while work can be stopped in good order. A second one ends the process as usual.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _registration;

    public Interrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    });

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}

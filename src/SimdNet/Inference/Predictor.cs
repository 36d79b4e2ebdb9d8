using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

using SimdNet.Inference;
using SimdNet.Kernels;
using SimdNet.Model;

namespace SimdNet;

/// <summary>Predictions from a copy of a network, for any number of threads at once and while the network trains on.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>A call borrows one of a few workspaces and takes no lock. A workspace is made when a call finds none idle, so there are about as many as calls that ran at once, and at most 64 are kept; a call that finds one allocates nothing.
/// With a team, a call of many rows is computed by all of its threads, each in a workspace that is made with the predictor; a call that finds the team busy computes on its own thread. Outputs are the same bits.
/// Layers whose weights exceed L2 are kept a second time, in the order in which products read them.</remarks>
public sealed class Predictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Workspaces that are kept: beyond so many calls at the same moment, one is made for the call and dropped.</summary>
    private const int Kept = 64;

    private readonly Network<T> _network;
    private readonly PackedWeights<T> _packed;
    private readonly InferencePass<T>?[] _idle = new InferencePass<T>?[Kept];
    private readonly PredictionTeam<T>? _team;

    /// <summary>A predictor with the parameters, scaling and names that the network has now.</summary>
    /// <param name="network">What is copied; it may train on, and the predictor stays what it is.</param>
    /// <param name="options">More choices; the defaults where null.</param>
    /// <exception cref="ArgumentException">Weights in bfloat16 are asked for, and the network computes in double.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A team of the predictor's own lives as long as it does, and ends its threads when both are collected.")]
    public Predictor(Network<T> network, PredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network.Clone();
        bool bfloat16 = options?.Weights == WeightFormat.BFloat16;
        if (bfloat16 && typeof(T) != typeof(float))
        {
            throw new ArgumentException($"Weights in bfloat16 serve networks of float, and this one computes in {typeof(T).Name}. Leave {nameof(PredictorOptions.Weights)} out.", nameof(options));
        }

        _packed = new(_network, bfloat16);
        _idle[0] = new(_network, _packed);
        _team = WorkerTeam.Of(options?.Team, options?.Threads ?? 1) is { } team ? new(_network, _packed, team) : null;
    }

    /// <summary>What the network is.</summary>
    public NetworkSpec Spec => _network.Spec;

    /// <inheritdoc cref="Network{T}.Predict(ReadOnlySpan{T}, Span{T})"/>
    [MethodImpl(Compiled.Entry)]
    public void Predict(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        if (InferencePass<T>.TryRunSmall(_network, inputs, outputs))
        {
            return;
        }

        Shapes.CheckPrediction(Spec, inputs, outputs);
        InferencePass<T> pass = Borrow();
        try
        {
            if (_team is null || !_team.TryRun(pass, inputs.Length / _network.Inputs, inputs, outputs))
            {
                pass.Run(inputs, outputs);
            }
        }
        finally
        {
            Return(pass);
        }
    }

    /// <inheritdoc cref="Network{T}.Predict(ReadOnlySpan{T})"/>
    public T[] Predict(ReadOnlySpan<T> inputs)
    {
        T[] outputs = Shapes.NewOutputs(Spec, inputs);
        Predict(inputs, outputs);
        return outputs;
    }

    /// <inheritdoc cref="Network{T}.PredictClass"/>
    [MethodImpl(Compiled.Entry)]
    public int PredictClass(ReadOnlySpan<T> sample)
    {
        Shapes.CheckSample(Spec, sample);
        InferencePass<T> pass = Borrow();
        try
        {
            return pass.RunClass(sample);
        }
        finally
        {
            Return(pass);
        }
    }

    private InferencePass<T> Borrow()
    {
        foreach (ref InferencePass<T>? slot in _idle.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } pass)
            {
                return pass;
            }
        }

        return new(_network, _packed);
    }

    private void Return(InferencePass<T> pass)
    {
        foreach (ref InferencePass<T>? slot in _idle.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, pass, null) is null)
            {
                return;
            }
        }
    }
}

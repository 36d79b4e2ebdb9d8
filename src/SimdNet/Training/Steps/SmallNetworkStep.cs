using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps of plain gradient descent of a small network on one sample each, made by one kernel.</summary>
/// <remarks>
/// Such a step takes less time than a few calls. So a sample that needs nothing done to it has a way of its own, on which each condition is a comparison. Where one fails, or the loss is not finite, the step is made by the general way, which
/// knows what to say, and skips inputs that are 0 beside weights that are not finite.
/// </remarks>
internal sealed class SmallNetworkStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass;
    private readonly OptimizerState<T> _optimizer;
    private readonly SampleStep<T> _general;
    private readonly Network<T> _network;
    private readonly SmallNetwork<T> _small;
    private readonly KernelSet<T> _kernels;
    private readonly SmallLoss _loss;
    private readonly T _scale;
    private readonly double _divisor;
    private readonly AlignedBuffer<T> _output;

    /// <param name="pass">The network, which is small, and its loss, which its kernels know.</param>
    /// <param name="optimizer">Plain gradient descent.</param>
    /// <param name="general">The way of other networks.</param>
    public SmallNetworkStep(LossPass<T> pass, OptimizerState<T> optimizer, SampleStep<T> general)
    {
        _pass = pass;
        _optimizer = optimizer;
        _general = general;
        _network = pass.Network;
        _small = _network.Small!;
        _kernels = _network.Kernels;
        _loss = pass.Loss.Small!.Value;
        _scale = pass.Loss.GradientScale(1);
        _divisor = pass.Loss.Divisor(1);
        _output = new(_network.Outputs);
    }

    /// <summary>One step on one sample where nothing about it is out of the ordinary.</summary>
    /// <param name="x">[inputs], raw.</param>
    /// <param name="y">[outputs], raw.</param>
    /// <param name="loss">The loss before the step.</param>
    /// <returns>False where no step was made.</returns>
    [MethodImpl(Compiled.Entry)]
    public bool TryStep(ReadOnlySpan<T> x, ReadOnlySpan<T> y, out T loss)
    {
        Span<T> parameters = _network.ParameterBlock;
        if (x.Length != _network.Inputs || y.Length != _network.Outputs || _network.InputScaler is not null || _network.TargetScaler is not null
            || !AreFinite(x) || Overlaps(x, parameters) || (_loss != SmallLoss.SquaredError && _pass.Loss.Check(y) is not null))
        {
            loss = default;
            return false;
        }

        T sum = _kernels.SmallStep(_small, parameters, x, y, _loss, _scale, T.CreateTruncating(_optimizer.LearningRate), _output.Span);
        loss = T.CreateTruncating(double.CreateTruncating(sum) / _divisor);
        return T.IsFinite(sum);
    }

    /// <summary>One step on each of the rows start to start + count − 1, in their order.</summary>
    /// <returns><paramref name="sum"/> with the loss' terms, each before its step; the rows predicted right are added to <paramref name="right"/>.</returns>
    [MethodImpl(Compiled.Entry)]
    public double Steps(in RowSource<T> source, int start, int count, AccuracyKind accuracy, double sum, ref double right)
    {
        for (int row = start; row < start + count; row++)
        {
            sum += source.IsPlain
                ? Step(source, row, source.PlainInput(row), source.PlainTarget(row), accuracy, ref right)
                : Step(source, row, _pass.Inputs(source, row, 1).Row(0), _pass.Targets(source, row, 1).Row(0), accuracy, ref right);
        }

        return sum;
    }

    [MethodImpl(Compiled.Entry)]
    private double Step(in RowSource<T> source, int row, ReadOnlySpan<T> x, ReadOnlySpan<T> y, AccuracyKind accuracy, ref double right)
    {
        T sum = _kernels.SmallStep(_small, _network.ParameterBlock, x, y, _loss, _scale, T.CreateTruncating(_optimizer.LearningRate), _output.Span);
        if (!T.IsFinite(sum))
        {
            return _general.Steps(source, row, 1, accuracy, 0, ref right);
        }

        if (accuracy != AccuracyKind.None)
        {
            right += Accuracy.Count<T>(accuracy, new MatrixView<T>(_output.Span, 1, y.Length), new ReadOnlyMatrixView<T>(y, 1, y.Length));
        }

        return double.CreateTruncating(sum);
    }

    /// <summary>What <see cref="MemoryExtensions.Overlaps{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/> says, without its call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Overlaps(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        nint distance = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b));
        return (nuint)distance < (nuint)a.Length * (nuint)Unsafe.SizeOf<T>() || (nuint)(-distance) < (nuint)b.Length * (nuint)Unsafe.SizeOf<T>();
    }

    /// <summary>A finite number times 0 is 0; no other is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreFinite(ReadOnlySpan<T> x)
    {
        T sum = T.Zero;
        foreach (T value in x)
        {
            sum += value * T.Zero;
        }

        return sum == T.Zero;
    }
}

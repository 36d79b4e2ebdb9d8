using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Small networks as a whole.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    [MethodImpl(Compiled.Entry)]
    public override void SmallPredict(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output)
    {
        Debug.Assert(input.Length == network.Layers[0].Inputs && output.Length == network.Outputs, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &MemoryMarshal.GetReference(input), po = &MemoryMarshal.GetReference(output))
        {
            _ = RunSmall<SmallPrediction>(network, pp, px, po, default);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SmallStep(SmallNetwork<T> network, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> target, SmallLoss loss, T scale, T rate, Span<T> output)
    {
        Debug.Assert(input.Length == network.Layers[0].Inputs && target.Length == network.Outputs && output.Length == network.Outputs, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &MemoryMarshal.GetReference(input), pt = &MemoryMarshal.GetReference(target), po = &MemoryMarshal.GetReference(output))
        {
            return RunSmall<SmallTraining>(network, pp, px, po, new(pt, -1, loss, scale, -rate, null, null));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SmallTail(SmallNetwork<T> network, Span<T> parameters, Span<T> sums, ReadOnlySpan<T> target, int label, SmallLoss loss, T scale, T rate, Span<T> output, Span<T> gradient)
    {
        Debug.Assert(network.Below is not null && sums.Length == network.Below->Units && gradient.Length == sums.Length && output.Length == network.Outputs, "Shapes agree.");
        Debug.Assert(label < 0 ? target.Length == network.Outputs : label < network.Outputs && loss == SmallLoss.SoftmaxCrossEntropy, "A target, or a label where the loss takes one.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), ps = &MemoryMarshal.GetReference(sums), pt = &MemoryMarshal.GetReference(target), po = &MemoryMarshal.GetReference(output), pg = &MemoryMarshal.GetReference(gradient))
        {
            return RunSmall<Kernels.SmallTail>(network, pp, ps, po, new(pt, label, loss, scale, -rate, network.Below, pg));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SmallForward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, bool linear)
    {
        Debug.Assert(network.TakesBatches(linear) && input.Columns == network.Layers[0].Inputs && input.IsContiguous && input.Rows > 0 && input.Rows <= most, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &input.First, po = &MemoryMarshal.GetReference(outputs))
        {
            SmallBatch<T, TPrecision, TVector, TWidth>.Forward(network.First, network.Depth, pp, input.Rows, px, po, most, linear);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SmallBackward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, Span<T> gradients, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, Span<T> gradient, Span<T> other, bool linear, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(network.TakesBatches(linear) && input.Columns == network.Layers[0].Inputs && input.IsContiguous && input.Rows > 0 && input.Rows <= most, "Shapes agree.");
        Debug.Assert(gradients.Length == parameters.Length && scratch.Length >= ScratchLength, "There is room.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), pd = &MemoryMarshal.GetReference(gradients), px = &input.First, po = &MemoryMarshal.GetReference(outputs), pg = &MemoryMarshal.GetReference(gradient), pr = &MemoryMarshal.GetReference(other), ps = &MemoryMarshal.GetReference(scratch))
        {
            SmallBatch<T, TPrecision, TVector, TWidth>.Backward(network.First, network.Depth, pp, pd, input.Rows, px, po, most, pg, pr, linear, accumulate, ps);
        }
    }

    /// <summary>Chooses the body for a small network's widest row: the narrowest vectors that hold it take the least time from a store to the load that waits for it, and to be summed across.</summary>
    [MethodImpl(Compiled.Entry)]
    private static T RunSmall<TPass>(SmallNetwork<T> network, T* parameters, T* input, T* output, in SmallStep<T> step)
        where TPass : struct, ISmallPass
    {
        int widest = network.Widest;
        if (Vector128.IsHardwareAccelerated && Vector128<T>.Count <= TWidth.Count && widest <= Vector128<T>.Count)
        {
            return network.IsEven && widest == Vector128<T>.Count
                ? NarrowSample<T, TPrecision, Vector128<T>, Width128<T>>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
                : NarrowSample<T, TPrecision, Vector128<T>, Width128<T>>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
        }

        if (Vector256.IsHardwareAccelerated && Vector256<T>.Count <= TWidth.Count && widest <= Vector256<T>.Count)
        {
            return network.IsEven && widest == Vector256<T>.Count
                ? NarrowSample<T, TPrecision, Vector256<T>, Width256<T>>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
                : NarrowSample<T, TPrecision, Vector256<T>, Width256<T>>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
        }

        if (TWidth.Count == 1 || widest > TWidth.Count)
        {
            return SmallSample<T, TPrecision, TVector, TWidth>.Run<TPass>(network.First, network.Depth, parameters, input, output, step);
        }

        return network.IsEven && widest == TWidth.Count
            ? NarrowSample<T, TPrecision, TVector, TWidth>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
            : NarrowSample<T, TPrecision, TVector, TWidth>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
    }
}

using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>What a layer is told about the pass that it takes part in: no layer keeps anything of its own, since several workers run it at once, each in its own workspace.</summary>
/// <param name="parameters">The network's block.</param>
/// <param name="held">What the layer asked for by <see cref="Layer{T}.HeldPerRow"/>, for as many rows as the workspace has, then by <see cref="Layer{T}.HeldPerBatch"/>.</param>
/// <param name="scratch">The kernels' scratch.</param>
/// <param name="place">Training or inference, and which rows.</param>
/// <param name="isLinear">True leaves the last step of the last layer, the activation, to the caller: a loss that is fused with it takes the logits and gives the gradient with respect to them.</param>
/// <param name="isFrozen">True where the layer's parameters are not trained.</param>
/// <param name="share">The part of the work that is done.</param>
internal readonly ref struct LayerPass<T>(ReadOnlySpan<T> parameters, Span<T> held, Span<T> scratch, PassPlace place, bool isLinear, bool isFrozen, Share share)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ReadOnlySpan<T> Parameters { get; } = parameters;

    public Span<T> Held { get; } = held;

    public Span<T> Scratch { get; } = scratch;

    public PassPlace Place { get; } = place;

    public bool IsLinear { get; } = isLinear;

    public bool IsFrozen { get; } = isFrozen;

    public Share Share { get; } = share;
}

using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Kernels;

/// <summary>A dense layer of a small network: widths, where its parameters lie, and what follows the sum.</summary>
/// <remarks>Fields, not properties: the kernels that read them have no inlining to spare.</remarks>
/// <param name="inputs">Width of the input.</param>
/// <param name="units">Width of the output.</param>
/// <param name="weights">Where the weights, [inputs × units], begin in the parameter block.</param>
/// <param name="bias">Where the bias, [units], begins; −1 where there is none.</param>
/// <param name="kind">The activation, softmax among them.</param>
/// <param name="slope">Its parameter.</param>
internal readonly struct SmallLayer<T>(int inputs, int units, int weights, int bias, ActivationKind kind, T slope)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly int Inputs = inputs;
    public readonly int Units = units;
    public readonly int Weights = weights;
    public readonly int Bias = bias;
    public readonly ActivationKind Kind = kind;
    public readonly T Slope = slope;
}

/// <summary>What the kernels of whole small networks are told once: the layers, and how wide the widest row of registers must be.</summary>
internal sealed unsafe class SmallNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The widest input or layer: one lane each of a reduction, so that the dot product of a row is one term a lane. Beyond, the arithmetic outweighs what the kernels of single layers cost to call.</summary>
    public const int MaxWidth = KernelSet<T>.Lanes;

    /// <summary>The most layers: their outputs lie on the stack, 128 or 256 bytes each.</summary>
    public const int MaxDepth = 8;

    /// <summary>Up to so many inputs are summed in one chain; more in four, which takes less time than their additions from three inputs on.</summary>
    public const int OneChain = 2;

    private readonly SmallLayer<T>[] _all;
    private readonly int _below;

    /// <param name="layers">First to last; see <see cref="Fits"/>.</param>
    public SmallNetwork(SmallLayer<T>[] layers)
        : this(layers, below: 0)
    {
    }

    private SmallNetwork(SmallLayer<T>[] layers, int below)
    {
        Debug.Assert(Fits(layers.AsSpan(below)), "A small network.");
        _all = GC.AllocateUninitializedArray<SmallLayer<T>>(layers.Length, pinned: true);
        _below = below;
        layers.CopyTo(_all, 0);
        First = (SmallLayer<T>*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_all)) + below;
        Depth = layers.Length - below;
        int narrowest = int.MaxValue;

        // The outputs of the layer below are held as those of any other.
        Widest = below == 0 ? 0 : layers[0].Units;
        foreach (ref readonly SmallLayer<T> layer in layers.AsSpan(below))
        {
            int row = layer.Units == 1 ? layer.Inputs : layer.Units;
            Widest = Math.Max(Widest, row);
            narrowest = Math.Min(narrowest, row);
        }

        IsEven = narrowest == Widest;
    }

    /// <summary>First to last.</summary>
    public ReadOnlySpan<SmallLayer<T>> Layers => _all.AsSpan(_below);

    /// <summary>The layer below the first, in the same memory; null where there is none.</summary>
    public SmallLayer<T>* Below => _below == 0 ? null : First - 1;

    /// <summary>The first layer, which does not move as long as this lives.</summary>
    public SmallLayer<T>* First { get; }

    /// <summary>How many layers.</summary>
    public int Depth { get; }

    /// <summary>Whether each layer's output, or the weights of one that has one unit, is <see cref="Widest"/> lanes.</summary>
    public bool IsEven { get; }

    /// <summary>Lanes that hold each layer's output, and the weights of each layer that has one unit.</summary>
    public int Widest { get; }

    /// <summary>Width of the output.</summary>
    public int Outputs => _all[^1].Units;

    /// <summary>Whether the kernels for batches serve the network: a softmax is a loss' own, or none is there.</summary>
    /// <param name="linear">True where the last activation is left out.</param>
    public bool TakesBatches(bool linear)
    {
        ReadOnlySpan<SmallLayer<T>> layers = Layers;
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i].Kind == ActivationKind.Softmax && !(linear && i == layers.Length - 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether layers are few and narrow enough.</summary>
    public static bool Fits(ReadOnlySpan<SmallLayer<T>> layers)
    {
        bool fits = layers.Length is > 0 and <= MaxDepth;
        foreach (ref readonly SmallLayer<T> layer in layers)
        {
            fits &= layer.Inputs <= MaxWidth && layer.Units <= MaxWidth;
        }

        return fits;
    }

    /// <summary>All layers but the first as a small network above it; null where they are none, or the first applies a function that is not element-wise.</summary>
    public static SmallNetwork<T>? Above(SmallLayer<T>[] layers) =>
        layers.Length > 1 && layers[0].Kind != ActivationKind.Softmax && Fits(layers.AsSpan(1)) ? new(layers, below: 1) : null;
}

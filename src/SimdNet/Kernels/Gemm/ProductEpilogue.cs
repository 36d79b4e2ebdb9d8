using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <summary>What happens to C once its sums are complete, as products are asked for it: an <see cref="Epilogue{T}"/> whose operands are not pinned yet. The default is nothing.</summary>
internal readonly ref struct ProductEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ProductEpilogue(bool isGradient, ReadOnlySpan<T> bias, ReadOnlyMatrixView<T> outputs, ActivationKind kind, T slope)
    {
        IsGradient = isGradient;
        Bias = bias;
        Outputs = outputs;
        Kind = kind;
        Slope = slope;
    }

    /// <summary>C = C ⊙ f′(outputs); else C = f(C + bias).</summary>
    public bool IsGradient { get; }

    /// <summary>[n], or empty for none.</summary>
    public ReadOnlySpan<T> Bias { get; }

    /// <summary>What f gave, [m × n], of a gradient.</summary>
    public ReadOnlyMatrixView<T> Outputs { get; }

    /// <summary>f, element-wise.</summary>
    public ActivationKind Kind { get; }

    /// <summary>f's parameter.</summary>
    public T Slope { get; }

    /// <summary>True where C stays as it is.</summary>
    public bool IsNone => Kind == ActivationKind.Identity && Bias.IsEmpty;

    /// <summary>C = f(C + bias).</summary>
    public static ProductEpilogue<T> Forward(ReadOnlySpan<T> bias, ActivationKind kind, T slope) => new(false, bias, default, kind, slope);

    /// <summary>C = C ⊙ f′(outputs). Those of the identity are not read.</summary>
    public static ProductEpilogue<T> Gradient(ReadOnlyMatrixView<T> outputs, ActivationKind kind, T slope) => kind == ActivationKind.Identity ? default : new(true, default, outputs, kind, slope);

    /// <summary>That of some rows of C.</summary>
    public ProductEpilogue<T> Rows(int start, int count) => IsGradient ? new(true, default, Outputs.Slice(start, count), Kind, Slope) : this;

    /// <summary>That of some columns of C.</summary>
    public ProductEpilogue<T> Columns(int start, int count) =>
        IsGradient ? new(true, default, Outputs.SliceColumns(start, count), Kind, Slope) : new(false, Bias.IsEmpty ? default : Bias.Slice(start, count), default, Kind, Slope);

    /// <summary>The same, with its operands where they are pinned.</summary>
    public unsafe Epilogue<T> Pinned(T* bias, T* outputs) => IsGradient ? Epilogue<T>.Gradient(outputs, Outputs.Stride, Kind, Slope) : Epilogue<T>.Forward(bias, Kind, Slope);
}

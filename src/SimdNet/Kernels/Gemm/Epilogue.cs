using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What happens to a tile of C once its sums are complete, while it is in L1: forward f(C + bias), backward C ⊙ f′(output), or nothing.</summary>
internal readonly unsafe struct Epilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Epilogue(bool isNone, T* bias, T* output, nint outputStride, ActivationKind kind, T slope)
    {
        IsNone = isNone;
        Bias = bias;
        Output = output;
        OutputStride = outputStride;
        Kind = kind;
        Slope = slope;
    }

    /// <summary>C stays as it is.</summary>
    public static Epilogue<T> None => new(true, null, null, 0, ActivationKind.Identity, T.Zero);

    /// <summary>True where there is nothing to do.</summary>
    public bool IsNone { get; }

    /// <summary>[n], null for none. Forward alone.</summary>
    public T* Bias { get; }

    /// <summary>What f gave, [m × n]; null forward.</summary>
    public T* Output { get; }

    /// <summary>Elements from one row of <see cref="Output"/> to the next.</summary>
    public nint OutputStride { get; }

    /// <summary>f.</summary>
    public ActivationKind Kind { get; }

    /// <summary>f's parameter.</summary>
    public T Slope { get; }

    /// <summary>C = f(C + bias).</summary>
    public static Epilogue<T> Forward(T* bias, ActivationKind kind, T slope)
        => new(bias is null && kind == ActivationKind.Identity, bias, null, 0, kind, slope);

    /// <summary>C = C ⊙ f′(output).</summary>
    public static Epilogue<T> Gradient(T* output, nint outputStride, ActivationKind kind, T slope)
        => new(kind == ActivationKind.Identity, null, output, outputStride, kind, slope);
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>g += decay·p; m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= rate·m / (√v·correction + ε).</summary>
/// <remarks>Root and division are true ones: the loop waits for memory, and estimates differ between processors.</remarks>
internal readonly struct AdamUpdate<T, TPrecision>(AdamScalars<T> settings) : IUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    // Fields of their own: the loop keeps them in registers, which it does not do for those of a struct inside a struct.
    private readonly T _minusRate = -settings.Rate;
    private readonly T _decay = settings.Decay;
    private readonly T _beta1 = settings.Beta1;
    private readonly T _rest1 = settings.Rest1;
    private readonly T _beta2 = settings.Beta2;
    private readonly T _rest2 = settings.Rest2;
    private readonly T _correction = settings.Correction;
    private readonly T _epsilon = settings.Epsilon;

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TVector, TWidth>(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        gradient = TWidth.MultiplyAdd(TWidth.Broadcast(_decay), parameter, gradient);
        TVector square = TWidth.Multiply(gradient, gradient);
        first = TWidth.MultiplyAdd(TWidth.Broadcast(_beta1), first, TWidth.Multiply(TWidth.Broadcast(_rest1), gradient));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        second = TWidth.MultiplyAdd(TWidth.Broadcast(_beta2), second, TWidth.Multiply(TWidth.Broadcast(_rest2), square));
        second = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(second);
        TVector denominator = TWidth.MultiplyAdd(TWidth.Sqrt(second), TWidth.Broadcast(_correction), TWidth.Broadcast(_epsilon));
        TVector step = TWidth.Divide(TWidth.Multiply(TWidth.Broadcast(_minusRate), first), denominator);
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Add(parameter, step));
    }
}

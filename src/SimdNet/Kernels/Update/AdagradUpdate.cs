using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>g += decay·p; s += g²; p −= rate·g / (√s + ε).</summary>
internal readonly struct AdagradUpdate<T, TPrecision, TVector, TWidth>(T rate, T decay, T epsilon) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-rate);
    private readonly TVector _decay = TWidth.Broadcast(decay);
    private readonly TVector _epsilon = TWidth.Broadcast(epsilon);

    public static int Moments => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(gradient, gradient, first));
        TVector step = TWidth.Divide(TWidth.Multiply(_minusRate, gradient), TWidth.Add(TWidth.Sqrt(first), _epsilon));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Add(parameter, step));
    }
}

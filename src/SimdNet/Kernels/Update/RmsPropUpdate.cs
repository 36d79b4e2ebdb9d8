using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>g += decay·p; v = ρ·v + (1 − ρ)·g²; p −= rate·g / (√v + ε).</summary>
internal readonly struct RmsPropUpdate<T, TPrecision, TVector, TWidth>(RmsPropScalars<T> settings) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-settings.Rate);
    private readonly TVector _decay = TWidth.Broadcast(settings.Decay);
    private readonly TVector _rho = TWidth.Broadcast(settings.Rho);
    private readonly TVector _rest = TWidth.Broadcast(settings.Rest);
    private readonly TVector _epsilon = TWidth.Broadcast(settings.Epsilon);

    public static int Moments => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = TWidth.MultiplyAdd(_rho, first, TWidth.Multiply(_rest, TWidth.Multiply(gradient, gradient)));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        TVector step = TWidth.Divide(TWidth.Multiply(_minusRate, gradient), TWidth.Add(TWidth.Sqrt(first), _epsilon));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Add(parameter, step));
    }
}

/// <summary>g += decay·p; v = ρ·v + (1 − ρ)·g²; b = μ·b + g / (√v + ε); p −= rate·b.</summary>
internal readonly struct RmsPropMomentumUpdate<T, TPrecision, TVector, TWidth>(RmsPropScalars<T> settings) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-settings.Rate);
    private readonly TVector _decay = TWidth.Broadcast(settings.Decay);
    private readonly TVector _rho = TWidth.Broadcast(settings.Rho);
    private readonly TVector _rest = TWidth.Broadcast(settings.Rest);
    private readonly TVector _momentum = TWidth.Broadcast(settings.Momentum);
    private readonly TVector _epsilon = TWidth.Broadcast(settings.Epsilon);

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = TWidth.MultiplyAdd(_rho, first, TWidth.Multiply(_rest, TWidth.Multiply(gradient, gradient)));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        TVector root = TWidth.Add(TWidth.Sqrt(first), _epsilon);
        second = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_momentum, second, TWidth.Divide(gradient, root)));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_minusRate, second, parameter));
    }
}

/// <summary>g += decay·p; v = ρ·v + (1 − ρ)·g²; a = ρ·a + (1 − ρ)·g; b = μ·b + g / (√max(v − a², 0) + ε); p −= rate·b. The maximum is for what rounding leaves below 0.</summary>
internal readonly struct CenteredRmsPropUpdate<T, TPrecision, TVector, TWidth>(RmsPropScalars<T> settings) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-settings.Rate);
    private readonly TVector _decay = TWidth.Broadcast(settings.Decay);
    private readonly TVector _rho = TWidth.Broadcast(settings.Rho);
    private readonly TVector _rest = TWidth.Broadcast(settings.Rest);
    private readonly TVector _momentum = TWidth.Broadcast(settings.Momentum);
    private readonly TVector _epsilon = TWidth.Broadcast(settings.Epsilon);

    public static int Moments => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = TWidth.MultiplyAdd(_rho, first, TWidth.Multiply(_rest, TWidth.Multiply(gradient, gradient)));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        third = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_rho, third, TWidth.Multiply(_rest, gradient)));
        TVector variance = TWidth.Larger(TWidth.Subtract(first, TWidth.Multiply(third, third)), TWidth.Broadcast(T.Zero));
        TVector root = TWidth.Add(TWidth.Sqrt(variance), _epsilon);
        second = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_momentum, second, TWidth.Divide(gradient, root)));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_minusRate, second, parameter));
    }
}

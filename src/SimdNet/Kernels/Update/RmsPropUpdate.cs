using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>How many moments a kind of RMSprop keeps: the mean square, then a velocity, then the mean of a centered one.</summary>
internal interface IRmsPropKind
{
    static abstract int Moments { get; }
}

/// <summary>RMSprop without momentum.</summary>
internal readonly struct PlainRmsProp : IRmsPropKind
{
    public static int Moments => 1;
}

/// <summary>RMSprop with momentum.</summary>
internal readonly struct MomentumRmsProp : IRmsPropKind
{
    public static int Moments => 2;
}

/// <summary>RMSprop by the standard deviation, with momentum.</summary>
internal readonly struct CenteredRmsProp : IRmsPropKind
{
    public static int Moments => 3;
}

/// <summary>
/// g += decay·p; v = ρ·v + (1 − ρ)·g²; p −= rate·g / (√v + ε). With momentum, b = μ·b + g / (√v + ε); p −= rate·b. Centered, a = ρ·a + (1 − ρ)·g and √max(v − a², 0) in place of √v: the maximum is for what rounding leaves below 0.
/// </summary>
internal readonly struct RmsPropUpdate<T, TPrecision, TVector, TWidth, TKind>(RmsPropScalars<T> settings) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
    where TKind : IRmsPropKind
{
    private readonly TVector _minusRate = TWidth.Broadcast(-settings.Rate);
    private readonly TVector _decay = TWidth.Broadcast(settings.Decay);
    private readonly TVector _rho = TWidth.Broadcast(settings.Rho);
    private readonly TVector _rest = TWidth.Broadcast(settings.Rest);
    private readonly TVector _momentum = TWidth.Broadcast(settings.Momentum);
    private readonly TVector _epsilon = TWidth.Broadcast(settings.Epsilon);

    public static int Moments => TKind.Moments;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = TWidth.MultiplyAdd(_rho, first, TWidth.Multiply(_rest, TWidth.Multiply(gradient, gradient)));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        TVector variance = first;
        if (TKind.Moments == 3)
        {
            third = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_rho, third, TWidth.Multiply(_rest, gradient)));
            variance = TWidth.Larger(TWidth.Subtract(first, TWidth.Multiply(third, third)), TWidth.Broadcast(T.Zero));
        }

        TVector root = TWidth.Add(TWidth.Sqrt(variance), _epsilon);
        if (TKind.Moments == 1)
        {
            TVector step = TWidth.Divide(TWidth.Multiply(_minusRate, gradient), root);
            parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Add(parameter, step));
            return;
        }

        second = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_momentum, second, TWidth.Divide(gradient, root)));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_minusRate, second, parameter));
    }
}

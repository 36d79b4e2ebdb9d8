using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>What sets the kinds of Adam apart. Constants, so that a loop has the one kind's instructions alone.</summary>
internal interface IAdamKind
{
    /// <summary>True where the decay takes a share off the parameter; false where it is a part of the gradient.</summary>
    static abstract bool IsDecoupled { get; }

    /// <summary>True where the gradient has a part in the step, beside the mean.</summary>
    static abstract bool TakesGradient { get; }
}

/// <summary>Adam.</summary>
internal readonly struct PlainAdam : IAdamKind
{
    public static bool IsDecoupled => false;

    public static bool TakesGradient => false;
}

/// <summary>AdamW: the decay never meets the moments.</summary>
internal readonly struct DecoupledAdam : IAdamKind
{
    public static bool IsDecoupled => true;

    public static bool TakesGradient => false;
}

/// <summary>NAdam.</summary>
internal readonly struct NesterovAdam : IAdamKind
{
    public static bool IsDecoupled => false;

    public static bool TakesGradient => true;
}

/// <summary>
/// g += decay·p; m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= rate·m / (√v·correction + ε). Decoupled, p −= decay·p in place of the first. Where the gradient takes part, its own rate·g is added to rate·m.
/// </summary>
/// <remarks>
/// Root and division are true ones, since estimates differ between processors. They bound the loop: <c>bench/run.sh ElementWise --case=adam</c>.
/// A product that made the step of one tile while it multiplied the next hid little of that at 32 rows of 784-128-10, and nothing from 128 rows on.
/// </remarks>
internal readonly struct AdamUpdate<T, TPrecision, TVector, TWidth, TKind>(AdamScalars<T> settings, T gradientRate) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
    where TKind : IAdamKind
{
    private readonly TVector _minusGradientRate = TWidth.Broadcast(-gradientRate);
    private readonly TVector _minusRate = TWidth.Broadcast(-settings.Rate);
    private readonly TVector _decay = TWidth.Broadcast(TKind.IsDecoupled ? -settings.Decay : settings.Decay);
    private readonly TVector _beta1 = TWidth.Broadcast(settings.Beta1);
    private readonly TVector _rest1 = TWidth.Broadcast(settings.Rest1);
    private readonly TVector _beta2 = TWidth.Broadcast(settings.Beta2);
    private readonly TVector _rest2 = TWidth.Broadcast(settings.Rest2);
    private readonly TVector _correction = TWidth.Broadcast(settings.Correction);
    private readonly TVector _epsilon = TWidth.Broadcast(settings.Epsilon);

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        if (!TKind.IsDecoupled)
        {
            gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        }

        TVector square = TWidth.Multiply(gradient, gradient);
        first = TWidth.MultiplyAdd(_beta1, first, TWidth.Multiply(_rest1, gradient));
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(first);
        second = TWidth.MultiplyAdd(_beta2, second, TWidth.Multiply(_rest2, square));
        second = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(second);
        TVector denominator = TWidth.MultiplyAdd(TWidth.Sqrt(second), _correction, _epsilon);
        TVector direction = TWidth.Multiply(_minusRate, first);
        if (TKind.TakesGradient)
        {
            direction = TWidth.MultiplyAdd(_minusGradientRate, gradient, direction);
        }

        TVector step = TWidth.Divide(direction, denominator);
        if (TKind.IsDecoupled)
        {
            parameter = TWidth.MultiplyAdd(_decay, parameter, parameter);
        }

        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Add(parameter, step));
    }
}

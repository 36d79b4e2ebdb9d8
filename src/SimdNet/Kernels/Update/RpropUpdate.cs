using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>
/// g += decay·p; where g and the gradient before have the same sign, step·η⁺, where they have opposite signs, step·η⁻ and g = 0, each kept within its limits; p −= sign(g)·step; the gradient before becomes g.
/// </summary>
/// <remarks>Signs are compared, not multiplied: a product of small gradients would be 0.</remarks>
internal readonly struct RpropUpdate<T, TPrecision, TVector, TWidth>(RpropScalars<T> settings) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _decay = TWidth.Broadcast(settings.Decay);
    private readonly TVector _shrink = TWidth.Broadcast(settings.Shrink);
    private readonly TVector _grow = TWidth.Broadcast(settings.Grow);
    private readonly TVector _least = TWidth.Broadcast(settings.Least);
    private readonly TVector _most = TWidth.Broadcast(settings.Most);

    public static int Moments => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector one = TWidth.Broadcast(T.One);
        gradient = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_decay, parameter, gradient));
        TVector rises = TWidth.LessThan(zero, gradient);
        TVector falls = TWidth.LessThan(gradient, zero);
        TVector rose = TWidth.LessThan(zero, first);
        TVector fell = TWidth.LessThan(first, zero);
        TVector same = TWidth.Or(TWidth.And(rises, rose), TWidth.And(falls, fell));
        TVector opposite = TWidth.Or(TWidth.And(rises, fell), TWidth.And(falls, rose));
        second = TWidth.Multiply(second, TWidth.Select(same, _grow, TWidth.Select(opposite, _shrink, one)));
        second = TWidth.Smaller(TWidth.Larger(second, _least), _most);
        first = TWidth.Select(opposite, zero, gradient);

        // NaN · 0 is NaN, which reaches the parameter.
        TVector step = TWidth.Select(rises, second, TWidth.Select(falls, TWidth.Subtract(zero, second), TWidth.Multiply(gradient, zero)));
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.Subtract(parameter, TWidth.Select(opposite, zero, step)));
    }
}

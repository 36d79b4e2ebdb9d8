using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·tanh(ln(1 + eˣ)) (Misra, 2019) = x·g, g = ((1 + eˣ)² − 1) / ((1 + eˣ)² + 1), computed from e = e^−|x| ≤ 1.</summary>
/// <remarks>
/// For x &lt; 0: g = n / (n + 2), n = e·(e + 2), and f′ = e·(u + e·(v + e·(4 + e))) / (2 + e·(2 + e))² with u = 4x + 4, v = 4x + 6. For x ≥ 0 both fractions are extended by powers of e: n = 1 + 2e, g = n / (n + 2e²) and
/// f′ = (1 + e·(4 + e·(v + e·u))) / (1 + e·(2 + 2e))². Nothing is subtracted from 1, where tanh would lose what is left of 0.
/// <para>Error of f at most 4 ulp where e is a normal number, and of f′ where |f′| ≥ ½: it passes through 0 at x = −1.192; elsewhere as much of the last place of ½. ±0 give themselves, −∞ −0, which is the limit, and +∞ itself; f′ is 0 and 1 there. NaN gives NaN.</para>
/// </remarks>
internal readonly struct MishActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector two = TWidth.Broadcast(T.CreateTruncating(2));
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)));
        TVector isLeft = TWidth.LessThan(x, TWidth.Broadcast(T.Zero));
        TVector n = TWidth.Select(isLeft, TWidth.Multiply(e, TWidth.Add(e, two)), TWidth.MultiplyAdd(two, e, TWidth.Broadcast(T.One)));
        TVector rest = TWidth.Select(isLeft, two, TWidth.Multiply(two, TWidth.Multiply(e, e)));
        return TWidth.Multiply(TWidth.Larger(x, TWidth.Broadcast(TPrecision.ExpLower)), TWidth.Divide(n, TWidth.Add(n, rest)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector two = TWidth.Broadcast(T.CreateTruncating(2));
        TVector four = TWidth.Broadcast(T.CreateTruncating(4));
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)));
        TVector isLeft = TWidth.LessThan(x, TWidth.Broadcast(T.Zero));

        // Beyond these e is 0, whose product with ∞ would be NaN.
        TVector finite = TWidth.Smaller(TWidth.Larger(x, TWidth.Broadcast(TPrecision.ExpLower)), TWidth.Broadcast(-TPrecision.ExpLower));
        TVector u = TWidth.MultiplyAdd(four, finite, four);
        TVector v = TWidth.MultiplyAdd(four, finite, TWidth.Broadcast(T.CreateTruncating(6)));
        TVector sum = TWidth.MultiplyAdd(e, TWidth.Select(isLeft, one, u), TWidth.Select(isLeft, four, v));
        sum = TWidth.MultiplyAdd(e, sum, TWidth.Select(isLeft, v, four));
        sum = TWidth.MultiplyAdd(e, sum, TWidth.Select(isLeft, u, one));
        sum = TWidth.Multiply(TWidth.Select(isLeft, e, one), sum);
        TVector root = TWidth.MultiplyAdd(e, TWidth.MultiplyAdd(e, TWidth.Select(isLeft, one, two), two), TWidth.Select(isLeft, two, one));
        return TWidth.Divide(sum, TWidth.Multiply(root, root));
    }
}

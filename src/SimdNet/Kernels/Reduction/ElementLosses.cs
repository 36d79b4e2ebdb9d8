using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Σ (p − y)² with the gradient scale·(p − y) beside it.</summary>
internal readonly struct SquaredErrorReduction<T>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector difference = TWidth.Subtract(x, y);
        first = TWidth.Multiply(TWidth.Broadcast(scale), difference);
        second = default;
        return TWidth.MultiplyAdd(difference, difference, lane);
    }
}

/// <summary>Σ |p − y|.</summary>
internal readonly struct AbsoluteErrorReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TWidth.Add(lane, TWidth.Abs(TWidth.Subtract(x, y)));
    }
}

/// <summary>Σ max(z, 0) − z·y + ln(1 + e^−|z|), with σ(z) and the gradient scale·(σ(z) − y) beside it; all three from one exponential.</summary>
internal readonly struct SigmoidCrossEntropyReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 2;

    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector signMask = TWidth.Broadcast(TPrecision.SignMask);
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, signMask));
        first = SigmoidActivation<T, TPrecision>.FromExponential<TVector, TWidth>(x, e);
        second = TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(first, y));
        TVector positive = TWidth.Larger(x, TWidth.Broadcast(T.Zero));
        TVector linear = TWidth.Subtract(positive, TWidth.Multiply(x, y));
        return TWidth.Add(lane, TWidth.Add(linear, Logarithm<T, TPrecision>.OfOnePlus<TVector, TWidth>(e)));
    }
}

/// <summary>Σ |x − y|, with the gradient scale·sign(x − y) beside it.</summary>
internal readonly struct AbsoluteLossReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector difference = TWidth.Subtract(x, y);
        TVector sign = TWidth.Or(TWidth.And(difference, TWidth.Broadcast(TPrecision.SignMask)), TWidth.Broadcast(T.One));
        first = TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Select(TWidth.Equal(difference, zero), zero, sign));
        second = default;
        return TWidth.Add(lane, TWidth.Abs(difference));
    }
}

/// <summary>Σ m·(|d| − m/2) with d = x − y and m = min(|d|, limit), and the gradient scale·(d within ±limit) beside it.</summary>
internal readonly struct HuberReduction<T>(T scale, T limit) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector difference = TWidth.Subtract(x, y);
        TVector distance = TWidth.Abs(difference);
        TVector least = TWidth.Smaller(distance, TWidth.Broadcast(limit));
        TVector within = TWidth.Larger(TWidth.Smaller(difference, TWidth.Broadcast(limit)), TWidth.Broadcast(-limit));
        first = TWidth.Multiply(TWidth.Broadcast(scale), within);
        second = default;
        TVector half = TWidth.Multiply(TWidth.Broadcast(T.CreateTruncating(0.5)), least);
        return TWidth.MultiplyAdd(least, TWidth.Subtract(distance, half), lane);
    }
}

/// <summary>Binary cross-entropy of probabilities x as PyTorch has it: logarithms are −100 at least, and the divisor of the gradient 1e-12.</summary>
internal readonly struct ProbabilityCrossEntropyReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector least = TWidth.Broadcast(T.CreateTruncating(-100));
        TVector variance = TWidth.Larger(TWidth.Multiply(TWidth.Subtract(one, x), x), TWidth.Broadcast(T.CreateTruncating(1e-12)));
        first = TWidth.Divide(TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(x, y)), variance);
        second = default;
        TVector ofOne = TWidth.Larger(default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(x), least);
        TVector ofZero = TWidth.Larger(Logarithm<T, TPrecision>.OfOnePlus<TVector, TWidth>(TWidth.Subtract(TWidth.Broadcast(T.Zero), x)), least);
        TVector term = TWidth.Subtract(TWidth.Multiply(TWidth.Subtract(y, one), ofZero), TWidth.Multiply(y, ofOne));
        return TWidth.Add(lane, term);
    }
}

/// <summary>Σ max(1 − s·x, 0) with s = −1 where y is 0, else y, and the gradient −scale·s beside it where the term is above 0.</summary>
internal readonly struct HingeReduction<T>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector sign = TWidth.Select(TWidth.Equal(y, zero), TWidth.Broadcast(-T.One), y);
        TVector margin = TWidth.Subtract(TWidth.Broadcast(T.One), TWidth.Multiply(sign, x));
        first = TWidth.Multiply(TWidth.Broadcast(-scale), TWidth.Select(TWidth.LessThan(zero, margin), sign, zero));
        second = default;
        return TWidth.Add(lane, TWidth.Larger(margin, zero));
    }
}

/// <summary>Σ eˣ − y·x, with the gradient scale·(eˣ − y) beside it.</summary>
internal readonly struct PoissonOfLogReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector rate = default(Exponential<T, TPrecision>).Invoke<TVector, TWidth>(x);
        first = TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(rate, y));
        second = default;
        return TWidth.Add(lane, TWidth.Subtract(rate, TWidth.Multiply(y, x)));
    }
}

/// <summary>Σ x − y·ln(x + 1e-8), with the gradient scale·(1 − y / (x + 1e-8)) beside it.</summary>
internal readonly struct PoissonOfRateReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector rate = TWidth.Add(x, TWidth.Broadcast(T.CreateTruncating(1e-8)));
        first = TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(TWidth.Broadcast(T.One), TWidth.Divide(y, rate)));
        second = default;
        TVector log = default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(rate);
        return TWidth.Add(lane, TWidth.Subtract(x, TWidth.Multiply(y, log)));
    }
}

/// <summary>Σ x·ln x, 0 where x is 0.</summary>
internal readonly struct NegativeEntropyReduction<T, TPrecision> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => false;

    public static int Outputs => 0;

    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        TVector log = default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(x);
        return TWidth.Select(TWidth.Equal(x, TWidth.Broadcast(T.Zero)), lane, TWidth.MultiplyAdd(x, log, lane));
    }
}

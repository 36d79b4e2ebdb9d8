using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;

namespace SimdNet.Bench.Roofline;

/// <summary>Nothing but fused multiply-adds on registers: what a core can do at one vector width.</summary>
internal static class FmaLoop<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Independent chains: enough to cover a latency of 4 or 5 cycles with two units, few enough to stay, with two operands, in 16 registers.</summary>
    private const int Chains = 12;

    /// <summary>Runs the loop.</summary>
    /// <param name="steps">Turns of the loop.</param>
    /// <param name="flops">Multiplications and additions that were done.</param>
    /// <returns>A number that depends on every one of them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Run(nint steps, out double flops)
    {
        // Every chain goes to 1: neither overflow nor subnormal numbers, whatever the number of steps.
        TVector factor = TWidth.Broadcast(T.CreateTruncating(0.5));
        TVector rest = factor;
        TVector a = TWidth.Broadcast(T.Zero), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        for (nint step = 0; step < steps; step++)
        {
            a = TWidth.MultiplyAdd(a, factor, rest);
            b = TWidth.MultiplyAdd(b, factor, rest);
            c = TWidth.MultiplyAdd(c, factor, rest);
            d = TWidth.MultiplyAdd(d, factor, rest);
            e = TWidth.MultiplyAdd(e, factor, rest);
            f = TWidth.MultiplyAdd(f, factor, rest);
            g = TWidth.MultiplyAdd(g, factor, rest);
            h = TWidth.MultiplyAdd(h, factor, rest);
            i = TWidth.MultiplyAdd(i, factor, rest);
            j = TWidth.MultiplyAdd(j, factor, rest);
            k = TWidth.MultiplyAdd(k, factor, rest);
            l = TWidth.MultiplyAdd(l, factor, rest);
        }

        TVector sum = TWidth.Add(TWidth.Add(TWidth.Add(a, b), TWidth.Add(c, d)), TWidth.Add(TWidth.Add(e, f), TWidth.Add(g, h)));
        sum = TWidth.Add(sum, TWidth.Add(TWidth.Add(i, j), TWidth.Add(k, l)));
        flops = 2.0 * Chains * TWidth.Count * steps;
        return TWidth.Fold<SumFold<T>>(sum);
    }

    /// <summary>One chain, each step of which waits for the one before.</summary>
    /// <param name="steps">Turns of the loop.</param>
    /// <param name="links">Fused multiply-adds, one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T RunChain(nint steps, out double links)
    {
        TVector factor = TWidth.Broadcast(T.CreateTruncating(0.5));
        TVector a = TWidth.Broadcast(T.Zero);
        for (nint step = 0; step < steps; step++)
        {
            a = TWidth.MultiplyAdd(a, factor, factor);
            a = TWidth.MultiplyAdd(a, factor, factor);
            a = TWidth.MultiplyAdd(a, factor, factor);
            a = TWidth.MultiplyAdd(a, factor, factor);
        }

        links = 4.0 * steps;
        return TWidth.Fold<SumFold<T>>(a);
    }
}

using System;
using System.Diagnostics;
using System.Numerics;
using System.Reflection;

using SimdNet.Kernels;

namespace SimdNet.Bench.Measurement;

/// <summary>The GFLOP/s of one core that no product can exceed, measured at the width of the kernels in use.</summary>
internal static class FmaPeak
{
    /// <summary>Turns of the loop in a run: about a tenth of a millisecond, so that some run is not interrupted.</summary>
    private const int Steps = 25_000;

    /// <summary>Runs that are measured; the fastest counts. Together they last long enough for a core to raise its clock.</summary>
    private const int Runs = 1_000;

    private delegate T Loop<T>(nint steps, out double flops);

    /// <summary>The peak in GFLOP/s.</summary>
    public static double Measure<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Loop<T> loop = LoopOf<T>();
        double best = 0;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            T result = loop(Steps, out double flops);
            double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            Debug.Assert(T.IsFinite(result), "Every chain goes to 1.");
            best = Math.Max(best, flops / nanoseconds);
        }

        return best;
    }

    /// <summary>The loop at the active kernels' width, which is a type argument of theirs: a width that is added to the library is measured without a change here.</summary>
    private static Loop<T> LoopOf<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T> active = KernelSets.Active<T>();
        return active.GetType().GenericTypeArguments is [_, _, Type vector, Type width]
            && typeof(FmaLoop<,,>).MakeGenericType(typeof(T), vector, width).GetMethod("Run", BindingFlags.Public | BindingFlags.Static) is { } run
            ? run.CreateDelegate<Loop<T>>()
            : throw new InvalidOperationException($"The kernels {active.Name} do not show their width: {active.GetType()}.");
    }
}

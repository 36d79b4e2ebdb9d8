using System;
using System.Diagnostics;
using System.Numerics;

namespace SimdNet.Bench.Roofline;

/// <summary>The GFLOP/s of one core that no product can exceed, measured at the width of the kernels in use.</summary>
internal static class FmaPeak
{
    /// <summary>Turns of the loop in a run: about a tenth of a millisecond, so that some run is not interrupted.</summary>
    private const int Steps = 25_000;

    /// <summary>Runs that are measured; the fastest counts. Together they last long enough for a core to raise its clock.</summary>
    private const int Runs = 1_000;

    private delegate T Loop<T>(nint steps, out double flops);

    /// <summary>Nanoseconds from the operands of a fused multiply-add to its result: the fastest of short runs of one chain.</summary>
    public static double MeasureLatency<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Loop<T> loop = WidthLoop.Of<Loop<T>>(typeof(FmaLoop<,,>), typeof(T), "RunChain");
        double best = double.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            T result = loop(Steps, out double steps);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / steps);
            Debug.Assert(T.IsFinite(result), "The chain goes to 1.");
        }

        return best;
    }

    /// <summary>The peak in GFLOP/s.</summary>
    public static double Measure<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Loop<T> loop = WidthLoop.Of<Loop<T>>(typeof(FmaLoop<,,>), typeof(T), "Run");
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
}

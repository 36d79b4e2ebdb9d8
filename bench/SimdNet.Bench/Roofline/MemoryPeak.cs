using System;
using System.Collections.Generic;
using System.Diagnostics;

using SimdNet.Memory;

namespace SimdNet.Bench.Roofline;

/// <summary>The GB/s between one core and each level of its memory, at the width of the kernels in use.</summary>
internal static class MemoryPeak
{
    /// <summary>Bytes that are moved in a run: long enough to time, short enough that some run is not interrupted.</summary>
    private const long BytesOfRun = 16 << 20;

    /// <summary>Time for one kind of access at one level; the fastest run counts.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(60);

    private unsafe delegate float Pass(float* block, nint length);

    public static IReadOnlyList<MemoryLevel> Measure()
    {
        List<MemoryLevel> levels = [];
        IReadOnlyList<long> sizes = MemoryLevel.CacheSizes();
        for (int i = 0; i < sizes.Count; i++)
        {
            // Half of a cache, so that what else is in it stays; a quarter of the last, which several cores share, if that is beyond the one before.
            bool isShared = i == sizes.Count - 1 && i > 0;
            levels.Add(Measure($"L{i + 1}", sizes[i], isShared ? Math.Max(sizes[i] / 4, Math.Min(2 * sizes[i - 1], sizes[i])) : sizes[i] / 2));
        }

        // Enough that the last cache holds none of it when the next pass begins.
        levels.Add(Measure("DRAM", double.MaxValue, Math.Max(128 << 20, 4 * sizes[^1])));
        return levels;
    }

    private static MemoryLevel Measure(string name, double capacity, long bytes)
    {
        // A multiple of what any loop's body takes.
        const int Granule = 1024;
        int length = (int)(Math.Min(bytes, 1 << 30) / sizeof(float) / Granule * Granule);
        AlignedBuffer<float> block = new(length);
        block.Span.Fill(1);
        return new(name, capacity, Rate(block, "Read", 1), Rate(block, "Write", 1), Rate(block, "Update", 2));
    }

    private static unsafe double Rate(AlignedBuffer<float> block, string loop, int ways)
    {
        Pass pass = WidthLoop.Of<Pass>(typeof(StreamLoop<,,>), typeof(float), loop);
        long bytes = (long)block.Length * sizeof(float);
        int passes = (int)Math.Max(1, BytesOfRun / bytes);
        double best = 0;
        fixed (float* first = block.Span)
        {
            long begin = Stopwatch.GetTimestamp();
            do
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < passes; i++)
                {
                    float result = pass(first, block.Length);
                    Debug.Assert(result > 0, "The block holds ones.");
                }

                best = Math.Max(best, ways * (double)bytes * passes / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
            while (Stopwatch.GetElapsedTime(begin) < Duration);
        }

        return best;
    }
}

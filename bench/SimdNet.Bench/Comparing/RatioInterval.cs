using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Results;

namespace SimdNet.Bench.Comparing;

/// <summary>How many times as long something takes as before: the ratio of the medians, and where it lies with a confidence of 95 %.</summary>
internal readonly record struct RatioInterval(double Ratio, double Low, double High)
{
    private const int Resamples = 2_000;

    /// <summary>By the percentile bootstrap in two stages: launches are drawn, then samples in each. Samples of one launch resemble each other, so drawing samples alone would find too narrow an interval.</summary>
    public static RatioInterval Of(IReadOnlyList<IReadOnlyList<double>> before, IReadOnlyList<IReadOnlyList<double>> after)
    {
        Random random = new(1);
        double[] ratios = new double[Resamples];
        foreach (ref double ratio in ratios.AsSpan())
        {
            ratio = MedianOfDraw(after, random) / MedianOfDraw(before, random);
        }

        Array.Sort(ratios);
        double exact = CaseResult.Median(after.SelectMany(launch => launch)) / CaseResult.Median(before.SelectMany(launch => launch));
        return new(exact, ratios[(int)(0.025 * Resamples)], ratios[(int)(0.975 * Resamples) - 1]);
    }

    private static double MedianOfDraw(IReadOnlyList<IReadOnlyList<double>> launches, Random random)
    {
        List<double> drawn = [];
        for (int i = 0; i < launches.Count; i++)
        {
            IReadOnlyList<double> launch = launches[random.Next(launches.Count)];
            for (int j = 0; j < launch.Count; j++)
            {
                drawn.Add(launch[random.Next(launch.Count)]);
            }
        }

        return CaseResult.Median(drawn);
    }
}

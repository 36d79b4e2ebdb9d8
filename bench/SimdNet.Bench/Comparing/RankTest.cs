using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Comparing;

/// <summary>The test of Mann and Whitney: how likely two sets of samples lie so far apart if they are of one distribution.</summary>
internal static class RankTest
{
    /// <summary>The probability, one-sided: small where <paramref name="after"/> tends to lie above <paramref name="before"/>.</summary>
    /// <remarks>By the normal approximation with the corrections for ties and continuity, which is good to two digits from 8 samples a side on; in the tail that matters here it is too high rather than too low.</remarks>
    public static double ProbabilityOfNotHigher(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        double n = before.Count, m = after.Count, all = n + m;
        double wins = 0;
        foreach (double later in after)
        {
            foreach (double earlier in before)
            {
                wins += later > earlier ? 1 : later == earlier ? 0.5 : 0;
            }
        }

        double ties = before.Concat(after).GroupBy(value => value).Sum(group => Math.Pow(group.Count(), 3) - group.Count());
        double deviation = Math.Sqrt(n * m / 12 * (all + 1 - (ties / (all * (all - 1)))));
        return deviation == 0 ? 0.5 : UpperTail((wins - (n * m / 2) - 0.5) / deviation);
    }

    /// <summary>Of the normal distribution; absolute error below 1e-7 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17).</summary>
    private static double UpperTail(double z)
    {
        if (z < 0)
        {
            return 1 - UpperTail(-z);
        }

        double t = 1 / (1 + (0.2316419 * z));
        double polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
    }
}

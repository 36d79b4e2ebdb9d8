using System;

namespace SimdNet.Training.Optimizers;

/// <summary>A function along a line: φ(α) = f(x + α·d).</summary>
internal interface ILine
{
    /// <summary>Goes to a point of the line.</summary>
    /// <param name="step">α.</param>
    /// <param name="slope">φ′(α).</param>
    /// <returns>φ(α).</returns>
    double At(double step, out double slope);
}

/// <summary>Where a search ended.</summary>
/// <param name="Step">α; 0 where nothing lower was found.</param>
/// <param name="Slope">φ′(α).</param>
/// <param name="IsStrong">True where both conditions hold; false where the evaluations ran out before.</param>
/// <param name="IsLast">True where it is the point that was evaluated last.</param>
internal readonly record struct LineStep(double Step, double Slope, bool IsStrong, bool IsLast);

/// <summary>
/// A step along a direction of descent that satisfies the strong Wolfe conditions: φ(α) ≤ φ(0) + c₁·α·φ′(0), enough of a decrease, and |φ′(α)| ≤ c₂·|φ′(0)|, flat enough.
/// </summary>
/// <remarks>
/// Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6, with c₁ = 10⁻⁴ and c₂ = 0.9 as they advise for quasi-Newton directions, and cubic interpolation (3.59), kept a tenth of the interval away from its ends (PyTorch lets the first trial of a zoom that comes closer be, and moves the next).
/// A point where φ or φ′ is not finite is an end of the interval that is too high, whatever its height: the next trial is a tenth of the way to it.
/// </remarks>
internal static class StrongWolfe
{
    /// <summary>c₁.</summary>
    public const double Decrease = 1e-4;

    /// <summary>c₂.</summary>
    public const double Curvature = 0.9;

    /// <summary>As PyTorch's. Most searches take one or two.</summary>
    private const int MostEvaluations = 25;

    /// <summary>Algorithm 3.5: steps grow until an interval is known to hold a point that will do.</summary>
    /// <param name="line">φ.</param>
    /// <param name="value">φ(0), finite.</param>
    /// <param name="slope">φ′(0), negative.</param>
    /// <param name="first">The first α that is tried.</param>
    public static LineStep Search<TLine>(ref TLine line, double value, double slope, double first)
        where TLine : struct, ILine, allows ref struct
    {
        Point start = new(0, value, slope);
        Point before = start;
        double step = first;
        for (int evaluations = 1; ; evaluations++)
        {
            Point trial = Evaluate(ref line, step);
            if (!trial.IsFinite || IsTooHigh(trial, start) || (evaluations > 1 && trial.Value >= before.Value))
            {
                return Zoom(ref line, start, before, trial, evaluations);
            }

            if (IsFlat(trial, start))
            {
                return new(trial.Step, trial.Slope, IsStrong: true, IsLast: true);
            }

            if (trial.Slope >= 0)
            {
                return Zoom(ref line, start, trial, before, evaluations);
            }

            if (evaluations == MostEvaluations)
            {
                return new(trial.Step, trial.Slope, IsStrong: false, IsLast: true);
            }

            // PyTorch's bounds of the next trial, which Nocedal and Wright leave open.
            double next = Minimum(before, trial);
            double least = trial.Step + (0.01 * (trial.Step - before.Step));
            step = next >= least ? Math.Min(next, 10 * trial.Step) : next < least ? least : 10 * trial.Step;
            before = trial;
        }
    }

    /// <summary>Algorithm 3.6: an interval whose lower end is the lowest point so far shrinks around a point that will do.</summary>
    private static LineStep Zoom<TLine>(ref TLine line, Point start, Point low, Point high, int evaluations)
        where TLine : struct, ILine, allows ref struct
    {
        double last = double.NaN;
        for (; evaluations < MostEvaluations; evaluations++)
        {
            double length = high.Step - low.Step;
            double share = high.IsFinite ? (Minimum(low, high) - low.Step) / length : 0.1;
            share = share is >= 0.1 and <= 0.9 ? share : share < 0.1 ? 0.1 : share > 0.9 ? 0.9 : 0.5;
            Point trial = Evaluate(ref line, low.Step + (share * length));
            last = trial.Step;
            if (trial.Step == low.Step || trial.Step == high.Step)
            {
                // No number lies between.
                break;
            }

            if (!trial.IsFinite || IsTooHigh(trial, start) || trial.Value >= low.Value)
            {
                high = trial;
                continue;
            }

            if (IsFlat(trial, start))
            {
                return new(trial.Step, trial.Slope, IsStrong: true, IsLast: true);
            }

            high = trial.Slope * length >= 0 ? low : high;
            low = trial;
        }

        return new(low.Step, low.Slope, IsStrong: false, low.Step == last);
    }

    private static Point Evaluate<TLine>(ref TLine line, double step)
        where TLine : struct, ILine, allows ref struct
    {
        double value = line.At(step, out double slope);
        return new(step, value, slope);
    }

    private static bool IsTooHigh(Point trial, Point start) => trial.Value > start.Value + (Decrease * trial.Step * start.Slope);

    private static bool IsFlat(Point trial, Point start) => Math.Abs(trial.Slope) <= -Curvature * start.Slope;

    /// <summary>Where the cubic through two points with their slopes has its minimum (3.59); NaN where it has none.</summary>
    private static double Minimum(Point a, Point b)
    {
        double d1 = a.Slope + b.Slope - (3 * (a.Value - b.Value) / (a.Step - b.Step));
        double d2 = Math.CopySign(Math.Sqrt((d1 * d1) - (a.Slope * b.Slope)), b.Step - a.Step);
        return b.Step - ((b.Step - a.Step) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2)));
    }

    private readonly record struct Point(double Step, double Value, double Slope)
    {
        public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Training;

namespace SimdNet;

/// <summary>What <see cref="GradientCheck"/> found, tensor by tensor and number by number. Its text is a table.</summary>
public sealed class GradientCheckReport
{
    /// <summary>‖analytic − numeric‖ / (‖analytic‖ + ‖numeric‖) must not exceed it where the gradient is not tiny.</summary>
    internal const double NormTolerance = 1e-8;

    /// <summary>The least ‖analytic‖ / max(1, |loss|) that <see cref="NormTolerance"/> holds for: below it rounding of the loss alone exceeds it.</summary>
    internal const double LeastNorm = 0.1;

    /// <summary>What the gradient of a float network may be off the same network's in double, relative to the norm.</summary>
    internal const double SinglePrecisionTolerance = 1e-5;

    private readonly double _mostSkipped;

    internal GradientCheckReport(double loss, int directions, bool repeats, double? singlePrecisionError, IReadOnlyList<GradientCheckTensor> tensors, double mostSkipped)
    {
        Loss = loss;
        Directions = directions;
        Repeats = repeats;
        SinglePrecisionError = singlePrecisionError;
        Tensors = tensors;
        _mostSkipped = mostSkipped;
        NormError = GradientCheckTensor.Norms(tensors.SelectMany(tensor => tensor.Comparisons), out double analyticNorm);
        NormCounts = analyticNorm >= LeastNorm * Math.Max(1, Math.Abs(loss));
    }

    /// <summary>Whether nothing disagrees, the norms agree, a second run gives the same bits, and no more was skipped than <see cref="GradientCheckOptions.MostSkipped"/>.</summary>
    public bool Passed => Complaints.Count == 0;

    /// <summary>What is wrong, a sentence each; empty where the check passed.</summary>
    public IReadOnlyList<string> Complaints => GradientCheckText.Complaints(this, _mostSkipped);

    /// <summary>The training loss of the data, all rows as one batch.</summary>
    public double Loss { get; }

    /// <summary>Directions in each tensor that slopes were compared along; 0 where every parameter was compared.</summary>
    public int Directions { get; }

    /// <summary>The trainable tensors, in the order of the files.</summary>
    public IReadOnlyList<GradientCheckTensor> Tensors { get; }

    /// <summary>Numbers that were compared.</summary>
    public int Compared => Tensors.Sum(tensor => tensor.Compared);

    /// <summary>Numbers that were skipped, since the loss has a kink nearby.</summary>
    public int Skipped => Tensors.Sum(tensor => tensor.Skipped);

    /// <summary>Numbers that disagree.</summary>
    public int Failed => Tensors.Sum(tensor => tensor.Failed);

    /// <summary>The share of all numbers that were skipped.</summary>
    public double SkippedShare => Skipped == 0 ? 0 : (double)Skipped / (Skipped + Compared);

    /// <summary>‖a − n‖ / (‖a‖ + ‖n‖) over what was compared. It must be at most 1e-8 where <see cref="NormCounts"/>.</summary>
    public double NormError { get; }

    /// <summary>Whether ‖a‖ is at least 0.1 · max(1, |loss|): the norm of a smaller gradient is close to what rounding leaves of the loss.</summary>
    public bool NormCounts { get; }

    /// <summary>Whether a second analytic run gave the same bits. Where not, a layer keeps a state or draws numbers that do not follow from the step.</summary>
    public bool Repeats { get; }

    /// <summary>For a float network: ‖f − d‖ / max(‖f‖ + ‖d‖, 0.1) of its gradient f against the one in double, d, at most 1e-5; null for a double network.</summary>
    public double? SinglePrecisionError { get; }

    /// <summary>A line of verdict, and a table with a row a tensor.</summary>
    public override string ToString() => GradientCheckText.Write(this);
}

/// <summary>The comparisons of one parameter tensor.</summary>
/// <param name="Name">W1, b1, …, as in <see cref="Network{T}.Parameters"/>.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Comparisons">One a parameter in C order, or one a direction.</param>
public sealed record GradientCheckTensor(string Name, IReadOnlyList<int> Shape, IReadOnlyList<GradientComparison> Comparisons)
{
    /// <summary>Numbers that were compared.</summary>
    public int Compared => Comparisons.Count - Skipped;

    /// <summary>Numbers that were skipped near kinks.</summary>
    public int Skipped => Comparisons.Count(comparison => comparison.Verdict == GradientVerdict.NearKink);

    /// <summary>Numbers that disagree.</summary>
    public int Failed => Comparisons.Count(comparison => comparison.Verdict == GradientVerdict.Disagrees);

    /// <summary>The comparison with the largest error; null where all were skipped.</summary>
    public GradientComparison? Worst
    {
        get
        {
            GradientComparison? worst = null;
            foreach (GradientComparison comparison in Comparisons)
            {
                // Also where an error is NaN, which is worse than any number.
                if (comparison.Verdict != GradientVerdict.NearKink && !(comparison.Error <= worst?.Error))
                {
                    worst = comparison;
                }
            }

            return worst;
        }
    }

    /// <summary>‖a − n‖ / (‖a‖ + ‖n‖) over what was compared.</summary>
    public double NormError => Norms(Comparisons, out _);

    internal static double Norms(IEnumerable<GradientComparison> comparisons, out double analyticNorm)
    {
        double analytic = 0;
        double numeric = 0;
        double difference = 0;
        foreach (GradientComparison comparison in comparisons)
        {
            if (comparison.Verdict != GradientVerdict.NearKink)
            {
                analytic += comparison.Analytic * comparison.Analytic;
                numeric += comparison.Numeric * comparison.Numeric;
                difference += (comparison.Analytic - comparison.Numeric) * (comparison.Analytic - comparison.Numeric);
            }
        }

        analyticNorm = Math.Sqrt(analytic);
        return difference == 0 ? 0 : Math.Sqrt(difference) / (analyticNorm + Math.Sqrt(numeric));
    }
}

/// <summary>One number of a gradient, by the trainer and by differences of the loss.</summary>
/// <param name="Index">Place of the parameter in its tensor, in C order, or number of the direction; from 0.</param>
/// <param name="Analytic">The trainer's.</param>
/// <param name="Numeric">The difference of losses.</param>
/// <param name="Error">|analytic − numeric| as a multiple of what is allowed: above 1 the two disagree.</param>
/// <param name="Verdict">What follows.</param>
public readonly record struct GradientComparison(int Index, double Analytic, double Numeric, double Error, GradientVerdict Verdict);

/// <summary>What a comparison says.</summary>
public enum GradientVerdict
{
    /// <summary>Both numbers are the same within the tolerance.</summary>
    Agrees,

    /// <summary>They are not, and the loss is smooth there.</summary>
    Disagrees,

    /// <summary>They are not, and the loss has a kink within reach of the difference, which then says nothing.</summary>
    NearKink,
}

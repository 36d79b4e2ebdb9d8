using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Threading;

using SimdNet.Training;

namespace SimdNet;

/// <summary>Checks that the gradient which training follows is the slope of the loss that it reports: for every layer, activation and loss, the users' own ones too.</summary>
/// <remarks>
/// In double precision, on a copy of the network, whose loss and gradient are the trainer's, over all rows as one batch, in training mode: a dropout mask stays the same throughout, and normalisation takes the
/// batch's own statistics. The numeric slope is Richardson's extrapolation (4·D(h) − D(2h)) / 3 of central differences D(h) = (L(x + h) − L(x − h)) / 2h with h = 6e-6·max(1, |x|), which balances truncation and
/// rounding; it agrees with the analytic slope where |a − n| ≤ 1e-6·max(|a|, |n|) + 1e-9·max(1, |L|).
/// <para>
/// Kinks, such as that of ReLU at 0: where the two differ by more than 1e-9·max(1, |L|), the losses at x ± h, ± 2h and ± 4h are held against what a smooth function gives. There S(h) = L(x + h) − 2·L(x) + L(x − h), the difference of the two
/// one-sided slopes times h, grows by 4 from h to 2h, and D(2h) − D(h), what the third derivative explains, grows by 4 too from one step to the next. Where one of them does neither within the tolerance, a kink lies
/// within reach: the number is skipped and counted. Only losses decide this, never the gradient under test. (The idea to hold an error against the difference of the one-sided slopes is that of kann's
/// <c>kad_check_grad</c>, as are the random directions for large networks; kann lets an error pass that is smaller than the difference, which a gradient wrong by a few percent often is.)
/// </para>
/// </remarks>
/// <example>
/// <code>
/// GradientCheckReport report = GradientCheck.Run(network, Loss.CrossEntropy, data.Take(10));
/// Console.WriteLine(report);
/// </code>
/// </example>
public static class GradientCheck
{
    /// <summary>Compares the analytic gradient of a loss with differences of the loss.</summary>
    /// <typeparam name="T">float or double. A float network is checked by its copy in double, and its own gradient is then held against that one.</typeparam>
    /// <param name="network">Whose parameters say where; it is left as it is.</param>
    /// <param name="loss">What is differentiated.</param>
    /// <param name="data">A few rows, raw, such as 10: time grows with rows times parameters.</param>
    /// <param name="options">Tolerances, directions; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two comparisons.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or the loss the network.</exception>
    /// <exception cref="NonFiniteException">The loss or its analytic gradient is NaN or infinite at the network's parameters.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GradientCheckReport Run<T>(Network<T> network, Loss loss, Dataset<T> data, GradientCheckOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(network, loss, data, options, null, cancellationToken);

    /// <summary>Rows made up for a check: inputs uniform in (−2, 2), targets in the loss' domain.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="network">Whose inputs and outputs they fit.</param>
    /// <param name="loss">Whose domain they lie in: of numbers in (−1, 1), rows of probabilities, signs and class labels, the first that it takes; classes where they have weights.</param>
    /// <param name="rows">At least 1. 8: enough for the rows of a batch to differ.</param>
    /// <param name="seed">Decides every number.</param>
    /// <exception cref="ArgumentException">The loss takes none of these, or does not fit the network; or there are more numbers than an array holds.</exception>
    public static Dataset<T> SampleData<T>(Network<T> network, Loss loss, int rows = 8, ulong seed = 42)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Array.MaxLength / Math.Max(network.Inputs, network.Outputs));
        loss.CheckFits(network.Spec);
        return SampleRows.For(network, loss, rows, seed);
    }

    /// <summary>The same with a fault in the analytic gradient, for the tests.</summary>
    internal static GradientCheckReport Run<T>(Network<T> network, Loss loss, Dataset<T> data, GradientCheckOptions? options, GradientFault? fault, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        GradientCheckRun run = new(InDouble(network), loss, data.To<double>(), options ?? new(), fault);
        double? single = (object)network is Network<double> ? null : run.ErrorOf(network.Clone(), loss, data);
        return run.Run(single, cancellationToken);
    }

    /// <summary>A network of its own with the same numbers.</summary>
    private static Network<double> InDouble<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((object)network is Network<double> same)
        {
            return same.Clone();
        }

        Network<double> copy = network.Spec.Build<double>();
        foreach (ParameterInfo parameter in network.Parameters)
        {
            TensorPrimitives.ConvertTruncating<T, double>(network.GetParameter(parameter.Name), copy.GetParameter(parameter.Name));
        }

        for (int layer = 0; layer < network.Spec.Layers.Count; layer++)
        {
            if (network.IsFrozen(layer))
            {
                copy.Freeze(layer);
            }
        }

        copy.InputScaler = network.InputScaler?.To<double>();
        copy.TargetScaler = network.TargetScaler?.To<double>();
        copy.ClassNames = network.ClassNames;
        return copy;
    }
}

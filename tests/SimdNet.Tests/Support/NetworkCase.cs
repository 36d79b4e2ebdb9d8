using System;
using System.Globalization;
using System.Linq;
using System.Numerics;

using FsCheck;
using FsCheck.Fluent;

namespace SimdNet.Tests.Support;

/// <summary>A generated network with data: every activation × every loss that fits it, narrow layers, few rows.</summary>
/// <param name="Spec">What the network is.</param>
/// <param name="Loss">A loss that fits its last layer.</param>
/// <param name="Seed">Of parameters and data.</param>
/// <param name="Rows">Number of samples.</param>
/// <param name="WithLabels">Whether a softmax network gets class labels, not rows of probabilities.</param>
public sealed record NetworkCase(NetworkSpec Spec, Loss Loss, int Seed, int Rows, bool WithLabels)
{
    private static readonly Activation[] Hidden = [Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU, Activation.LeakyReLU(0.1), Activation.Softmax];

    private static readonly (Activation Output, Loss Loss)[] Ends =
    [
        .. Hidden.Select(activation => (activation, Loss.MeanSquaredError)),
        .. Hidden.Select(activation => (activation, Loss.HalfSquaredError)),
        .. Hidden.Select(activation => (activation, Loss.MeanAbsoluteError)),
        .. Hidden.Select(activation => (activation, Loss.Huber(0.5))),
        .. Hidden.Select(activation => (activation, Loss.Hinge)),
        (Activation.Sigmoid, Loss.BinaryCrossEntropy),
        (Activation.Softmax, Loss.BinaryCrossEntropy),
        (Activation.Identity, Loss.BinaryCrossEntropyWithLogits),
        (Activation.Softmax, Loss.CrossEntropy),
        (Activation.Identity, Loss.CrossEntropy),
        (Activation.Identity, Loss.Poisson),
        (Activation.Sigmoid, Loss.Poisson),
        (Activation.Softmax, Loss.KullbackLeibler),
    ];

    /// <summary>FsCheck takes its cases from here.</summary>
    public static Arbitrary<NetworkCase> Arbitrary() => Arb.From(
        from inputs in Gen.Choose(1, 7)
        from depth in Gen.Choose(0, 3)
        from hidden in Gen.ListOf(from units in Gen.Choose(1, 9) from activation in Gen.Elements(Hidden) from bias in Gen.Elements(true, true, false) select (units, activation, bias), depth)
        from outputs in Gen.Choose(1, 5)
        from end in Gen.Elements(Ends)
        from outputBias in Gen.Elements(true, true, false)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from rows in Gen.Choose(1, 9)
        from labels in Gen.Elements(true, false)
        select Create(inputs, [.. hidden], (outputs, end.Output, outputBias), end.Loss, seed, rows, labels));

    /// <summary>The network with normal parameters, σ = 0.7: activations are neither flat nor straight there.</summary>
    internal Network<T> Build<T>(SimdNet.Kernels.KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Spec, (ulong)Seed, kernels ?? SimdNet.Kernels.KernelSets.Active<T>());

    /// <summary>The samples.</summary>
    public double[][] Inputs => Matrix(new Random(Seed), Spec.Inputs, random => (random.NextDouble() * 4) - 2);

    /// <summary>The targets in the loss' domain, one-hot where there are labels.</summary>
    public double[][] Targets
    {
        get
        {
            Random random = new(Seed + 1);
            if (TakesClasses)
            {
                return [.. Enumerable.Range(0, Rows).Select(_ => WithLabels ? OneHot(random.Next(Spec.Outputs)) : Probabilities(random))];
            }

            return Matrix(random, Spec.Outputs, r => Loss.Name switch
            {
                "bce" or "bce-with-logits" => r.NextDouble(),
                "hinge" => r.Next(3) - 1,
                "poisson" => r.NextDouble() * 3,
                _ => (r.NextDouble() * 2) - 1,
            });
        }
    }

    /// <summary>Samples and targets as the trainer takes them.</summary>
    public Dataset<T> Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] inputs = [.. Inputs.SelectMany(row => row).Select(T.CreateTruncating)];
        double[][] targets = Targets;
        return WithLabels && TakesClasses
            ? new(inputs, Spec.Inputs, Array.ConvertAll(targets, row => Array.IndexOf(row, 1)))
            : new(inputs, Spec.Inputs, targets.SelectMany(row => row).Select(T.CreateTruncating).ToArray(), Spec.Outputs);
    }

    /// <summary>The parameters of a network in the order of the files.</summary>
    public static double[] Parameters<T>(Network<T> network, Span<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] all = new double[network.ParameterCount];
        int next = 0;
        foreach (ParameterInfo parameter in network.Parameters)
        {
            foreach (T value in block.Slice(parameter.Start, parameter.Length))
            {
                all[next++] = double.CreateChecked(value);
            }
        }

        return all;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Spec} {Loss} seed {Seed}, {Rows} rows{(WithLabels ? ", labels" : "")}");

    private static NetworkCase Create(int inputs, (int Units, Activation Activation, bool Bias)[] hidden, (int Units, Activation Activation, bool Bias) output, Loss loss, int seed, int rows, bool labels)
    {
        NetworkSpec spec = NetworkSpec.Input(inputs);
        foreach ((int units, Activation activation, bool bias) in hidden.Append(output))
        {
            spec = spec.Dense(units, activation, bias, Initializer.Normal(0.7), Initializer.Normal(0.7));
        }

        return new(spec, loss, seed, rows, labels);
    }

    private bool TakesClasses => Loss.Name is "cross-entropy" or "kl";

    private double[][] Matrix(Random random, int columns, Func<Random, double> next) =>
        [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, columns).Select(_ => next(random)).ToArray())];

    private double[] OneHot(int label) => [.. Enumerable.Range(0, Spec.Outputs).Select(i => i == label ? 1.0 : 0)];

    private double[] Probabilities(Random random)
    {
        double[] row = [.. Enumerable.Range(0, Spec.Outputs).Select(_ => random.NextDouble() + 0.01)];
        double sum = row.Sum();
        return Array.ConvertAll(row, value => value / sum);
    }
}

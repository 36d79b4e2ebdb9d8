using System;
using System.Globalization;
using System.Linq;
using System.Numerics;

using FsCheck;
using FsCheck.Fluent;

namespace SimdNet.Tests.Support;

/// <summary>A generated network with data: every layer × every activation × every loss that fits, narrow layers, few rows.</summary>
/// <param name="Spec">What the network is.</param>
/// <param name="Loss">A loss that fits its last layer.</param>
/// <param name="Seed">Of parameters and data.</param>
/// <param name="Rows">Number of samples.</param>
/// <param name="WithLabels">Whether a softmax network gets class labels, not rows of probabilities.</param>
public sealed record NetworkCase(NetworkSpec Spec, Loss Loss, int Seed, int Rows, bool WithLabels)
{
    private static readonly Activation[] Hidden = [Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU, Activation.LeakyReLU(0.1), Activation.Softmax];

    private static readonly Activation[] Apart =
    [
        Activation.Elu(), Activation.Elu(0.75), Activation.Selu, Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Mish, Activation.Softplus, Activation.Softsign, Activation.HardSigmoid, Activation.LogSoftmax,
        Activation.Custom(new SignedSquare()),
    ];

    private static readonly Activation[] Inner = [.. Hidden, .. Apart];

    private static readonly (Activation Output, Loss Loss)[] Ends =
    [
        .. Inner.Select(activation => (activation, Loss.MeanSquaredError)),
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

    /// <summary>A dense layer, alone or with what goes around it. Normalizations are of three features at least: fewer are a step function.</summary>
    private static readonly Gen<LayerSpec[]> Blocks =
        from units in Gen.Choose(1, 9)
        from wide in Gen.Choose(3, 9)
        from activation in Gen.Elements(Inner)
        from bias in Gen.Elements(true, true, false)
        from probability in Gen.Elements(0.0, 0.2, 0.5)
        from kind in Gen.Elements(0, 0, 0, 0, 1, 2, 3, 4)
        select (LayerSpec[])(kind switch
        {
            1 => [Dense(units, activation, bias), new DropoutSpec(probability)],
            2 => [Dense(wide, default, bias), new LayerNormSpec(), new ActivationSpec(activation)],
            3 => [Dense(units, activation, bias), new ResidualSpec(Dense(wide, activation, bias, 0.4), new DropoutSpec(probability), new ResidualSpec(Dense(wide, Activation.Tanh, bias, 0.4)), Dense(units, default, bias, 0.4))],
            4 => [new CustomLayerSpec(new ParabolaLayer()), Dense(units, activation, bias)],
            _ => [Dense(units, activation, bias)],
        });

    /// <summary>Nothing, or a batch normalization of features that vary: what a narrow layer leaves may be the same number for all rows.</summary>
    private static readonly Gen<LayerSpec[]> Beginnings =
        from wide in Gen.Choose(3, 9)
        from activation in Gen.Elements(Inner)
        from probability in Gen.Elements(0.0, 0.2)
        from kind in Gen.Elements(0, 0, 0, 0, 0, 1, 2)
        select (LayerSpec[])(kind switch
        {
            1 => [Dense(wide, default, bias: false), new BatchNormSpec(), new ActivationSpec(activation)],
            2 => [new DropoutSpec(probability)],
            _ => [],
        });

    /// <summary>FsCheck takes its cases from here.</summary>
    public static Arbitrary<NetworkCase> Arbitrary() => Arb.From(
        from inputs in Gen.Choose(1, 7)
        from depth in Gen.Choose(0, 3)
        from beginning in Beginnings
        from hidden in Gen.ListOf(Blocks, depth)
        from outputs in Gen.Choose(1, 5)
        from end in Gen.Elements(Ends)
        from outputBias in Gen.Elements(true, true, false)
        from isApart in Gen.Elements(false, false, true)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from rows in Gen.Choose(1, 9)
        from labels in Gen.Elements(true, false)
        select Create(inputs, [.. beginning, .. hidden.SelectMany(layers => layers), .. isApart ? (LayerSpec[])[Dense(outputs, default, outputBias), new ActivationSpec(end.Output)] : [Dense(outputs, end.Output, outputBias)]], end.Loss, seed, rows, labels));

    /// <summary>Whether rows depend on each other in training.</summary>
    public bool HasBatchNorm => Spec.Layers.Any(layer => layer is BatchNormSpec);

    /// <summary>Whether an evaluation has other losses than a step: by dropout, or by running statistics.</summary>
    public bool DiffersInTraining => HasBatchNorm || Spec.ToString().Contains("dropout", StringComparison.Ordinal);

    /// <summary>Whether a part of the tests' own squares its input, and so doubles the relative error that it has.</summary>
    public bool Squares => Spec.ToString().Contains("parabola", StringComparison.Ordinal) || Spec.ToString().Contains("signed-square", StringComparison.Ordinal);

    /// <summary>The network with normal parameters, σ = 0.7: activations are neither flat nor straight there. Normalizations have other factors than 1, and running statistics that are not their first.</summary>
    internal Network<T> Build<T>(SimdNet.Kernels.KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = new(Spec, (ulong)Seed, kernels ?? SimdNet.Kernels.KernelSets.Active<T>());
        Random random = new(Seed + 2);
        foreach (ParameterInfo parameter in network.Parameters)
        {
            if (parameter.Kind is not (ParameterKind.Weights or ParameterKind.Bias or ParameterKind.Custom))
            {
                foreach (ref T value in network.GetParameter(parameter.Name))
                {
                    value = T.CreateTruncating((float)(0.5 + random.NextDouble()));
                }
            }
        }

        return network;
    }

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

    private static DenseSpec Dense(int units, Activation activation, bool bias, double deviation = 0.7) =>
        new(units, activation) { UseBias = bias, KernelInitializer = Initializer.Normal(deviation), BiasInitializer = Initializer.Normal(deviation) };

    private static NetworkCase Create(int inputs, LayerSpec[] layers, Loss loss, int seed, int rows, bool labels) =>
        new(layers.Aggregate(NetworkSpec.Input(inputs), (spec, layer) => spec.Add(layer)), loss, seed, layers.Any(layer => layer is BatchNormSpec) ? rows + 3 : rows, labels);

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

using System;
using System.Collections.Generic;
using System.Linq;

using FsCheck;
using FsCheck.Fluent;

namespace SimdNet.Testing;

/// <summary>What generated networks are drawn from. The defaults are small: a network that fails should be one that a person can compute by hand.</summary>
/// <example>
/// <code>
/// Arbitrary&lt;NetworkCase&gt; cases = new NetworkGenerator { Losses = [new Quantile(0.9)] }.Cases();
/// Prop.ForAll(cases, sample =&gt; GradientCheck.Run(sample.Build&lt;double&gt;(), sample.Loss, sample.Data&lt;double&gt;()).Failed == 0).QuickCheckThrowOnFailure();
/// </code>
/// </example>
public sealed record NetworkGenerator
{
    private static readonly Activation[] AllActivations =
    [
        Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU, Activation.LeakyReLU(0.1), Activation.Softmax, Activation.Elu(), Activation.Elu(0.75), Activation.Selu, Activation.Gelu, Activation.GeluTanh, Activation.Silu,
        Activation.Mish, Activation.Softplus, Activation.Softsign, Activation.HardSigmoid, Activation.LogSoftmax,
    ];

    private static readonly Loss[] AllLosses =
    [
        Loss.MeanSquaredError, Loss.HalfSquaredError, Loss.MeanAbsoluteError, Loss.Huber(0.5), Loss.BinaryCrossEntropy, Loss.BinaryCrossEntropyWithLogits, Loss.CrossEntropy, Loss.SmoothedCrossEntropy(0.25), Loss.Hinge, Loss.Poisson,
        Loss.KullbackLeibler,
    ];

    /// <summary>Activations of hidden layers and, where the loss fits them, of the last: all of the library's by default. Add yours.</summary>
    public IReadOnlyList<Activation> Activations { get; init; } = AllActivations;

    /// <summary>Losses, each behind every activation that it fits: all of the library's by default. Give yours to have no other.</summary>
    public IReadOnlyList<Loss> Losses { get; init; } = AllLosses;

    /// <summary>Layers of your own, as wide as their input, which stand alone before dense ones and in residual blocks. None by default.</summary>
    public IReadOnlyList<CustomLayer> CustomLayers { get; init; } = [];

    /// <summary>The most features of a sample, at least 1. 7.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxInputs { get; init => field = AtLeast(value, 1, nameof(MaxInputs)); } = 7;

    /// <summary>The most hidden layers, each with what goes around it; from 0. 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxHiddenLayers { get; init => field = AtLeast(value, 0, nameof(MaxHiddenLayers)); } = 3;

    /// <summary>The most units of a hidden layer, at least 3: normalizations of fewer features are a step function. 9: one more than the widest vectors hold of double.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 3.</exception>
    public int MaxUnits { get; init => field = AtLeast(value, NetworkShrinker.LeastNormalized, nameof(MaxUnits)); } = 9;

    /// <summary>The most outputs, at least 1. 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxOutputs { get; init => field = AtLeast(value, 1, nameof(MaxOutputs)); } = 5;

    /// <summary>The most samples, at least 1; with a batch normalization three more. 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxRows { get; init => field = AtLeast(value, 1, nameof(MaxRows)); } = 9;

    /// <summary>Networks with a loss that fits and data that fits both. Those that fail shrink: fewer rows, layers, units and inputs, identities for hidden activations.</summary>
    /// <exception cref="InvalidOperationException">There is no activation or no loss, or a loss that fits none of the activations.</exception>
    public Arbitrary<NetworkCase> Cases()
    {
        (Loss Loss, Activation[] Outputs)[] ends = Ends();
        return Arb.From(
            from inputs in Gen.Choose(1, MaxInputs)
            from depth in Gen.Choose(0, MaxHiddenLayers)
            from beginning in Beginnings()
            from hidden in Gen.ListOf(Blocks(), depth)
            from outputs in Gen.Choose(1, MaxOutputs)
            from end in Gen.Elements(ends)
            from output in Gen.Elements(end.Outputs)
            from outputBias in Gen.Elements(true, true, false)
            from isApart in Gen.Elements(false, false, true)
            from seed in Gen.Choose(0, int.MaxValue - 3)
            from rows in Gen.Choose(1, MaxRows)
            from labels in Gen.Elements(true, false)
            select Create(inputs, [.. beginning, .. hidden.SelectMany(layers => layers), .. isApart ? (LayerSpec[])[Dense(outputs, default, outputBias), new ActivationSpec(output)] : [Dense(outputs, output, outputBias)]], end.Loss, seed, rows, labels),
            NetworkShrinker.Smaller);
    }

    /// <summary>The specs of <see cref="Cases"/> alone.</summary>
    /// <inheritdoc cref="Cases" path="/exception"/>
    public Arbitrary<NetworkSpec> Specs() => Arb.From(from sample in Cases().Generator select sample.Spec, NetworkShrinker.Smaller);

    /// <summary>Each loss with the activations that it fits.</summary>
    private (Loss Loss, Activation[] Outputs)[] Ends()
    {
        (Loss Loss, Activation[] Outputs)[] ends = [.. Losses.Select(loss => (loss, Activations.Where(activation => Fits(loss, activation)).ToArray()))];
        return Activations.Count > 0 && ends.Length > 0 && Array.TrueForAll(ends, end => end.Outputs.Length > 0)
            ? ends
            : throw new InvalidOperationException($"Networks are made of at least one activation and one loss, and each loss needs an activation that it fits{(Array.Find(ends, end => end.Outputs.Length == 0).Loss is { } loss ? $": {loss} has none" : "")}.");

        static bool Fits(Loss loss, Activation activation)
        {
            try
            {
                loss.CheckFits(NetworkSpec.Input(1).Dense(1, activation));
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>A dense layer, alone or with what goes around it.</summary>
    private Gen<LayerSpec[]> Blocks() =>
        from units in Gen.Choose(1, MaxUnits)
        from wide in Gen.Choose(NetworkShrinker.LeastNormalized, MaxUnits)
        from activation in Gen.Elements(Activations.ToArray())
        from bias in Gen.Elements(true, true, false)
        from probability in Gen.Elements(0.0, 0.2, 0.5)
        from kind in Gen.Elements(0, 0, 0, 0, 1, 2, 3, 4)
        select (LayerSpec[])(kind switch
        {
            1 => [Dense(units, activation, bias), new DropoutSpec(probability)],
            2 => [Dense(wide, default, bias), new LayerNormSpec(), new ActivationSpec(activation)],
            3 => [Dense(units, activation, bias), new ResidualSpec([Dense(wide, activation, bias, 0.4), new DropoutSpec(probability), new ResidualSpec([.. Custom(units), Dense(wide, Activation.Tanh, bias, 0.4)]), Dense(units, default, bias, 0.4)])],
            4 => [.. Custom(units), Dense(units, activation, bias)],
            _ => [Dense(units, activation, bias)],
        });

    /// <summary>Nothing, or a batch normalization of features that vary: what a narrow layer leaves may be the same number for all rows.</summary>
    private Gen<LayerSpec[]> Beginnings() =>
        from wide in Gen.Choose(NetworkShrinker.LeastNormalized, MaxUnits)
        from activation in Gen.Elements(Activations.ToArray())
        from probability in Gen.Elements(0.0, 0.2)
        from kind in Gen.Elements(0, 0, 0, 0, 0, 1, 2)
        select (LayerSpec[])(kind switch
        {
            1 => [Dense(wide, default, bias: false), new BatchNormSpec(), new ActivationSpec(activation)],
            2 => [new DropoutSpec(probability)],
            _ => [],
        });

    /// <summary>One of the user's layers, where there are any.</summary>
    private LayerSpec[] Custom(int number) => CustomLayers.Count == 0 ? [] : [new CustomLayerSpec(CustomLayers[number % CustomLayers.Count])];

    private static DenseSpec Dense(int units, Activation activation, bool bias, double deviation = 0.7) =>
        new(units, activation) { UseBias = bias, KernelInitializer = Initializer.Normal(deviation), BiasInitializer = Initializer.Normal(deviation) };

    private static NetworkCase Create(int inputs, LayerSpec[] layers, Loss loss, int seed, int rows, bool labels)
    {
        NetworkSpec spec = layers.Aggregate(NetworkSpec.Input(inputs), (spec, layer) => spec.Add(layer));
        return new(spec, loss, seed, spec.Layers.Any(layer => layer is BatchNormSpec) ? rows + NetworkShrinker.LeastBatch - 1 : rows, labels);
    }

    private static int AtLeast(int value, int least, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        return value;
    }
}

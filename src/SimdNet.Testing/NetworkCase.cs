using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

using FsCheck;

namespace SimdNet.Testing;

/// <summary>A generated network with data: every layer × every activation × every loss that fits, narrow layers, few rows. The library's own tests run on these.</summary>
/// <example>
/// With FsCheck.Xunit; in place of this type, a class of one's own whose method returns the cases of a <see cref="NetworkGenerator"/>.
/// <code>
/// [Property(Arbitrary = [typeof(NetworkCase)])]
/// public bool Saved_networks_come_back(NetworkCase sample)
/// {
///     Network&lt;float&gt; network = sample.Build&lt;float&gt;();
///     network.Save("model.safetensors");
///     return ModelFile.Load&lt;float&gt;("model.safetensors").Fingerprint() == network.Fingerprint();
/// }
/// </code>
/// </example>
/// <param name="Spec">What the network is.</param>
/// <param name="Loss">A loss that fits its last layer.</param>
/// <param name="Seed">Of parameters and data.</param>
/// <param name="Rows">Number of samples.</param>
/// <param name="WithLabels">Whether a network under a loss of classes gets labels, not rows of probabilities.</param>
public sealed record NetworkCase(NetworkSpec Spec, Loss Loss, int Seed, int Rows, bool WithLabels)
{
    /// <summary>The cases of <see cref="NetworkGenerator"/> as it is.</summary>
    public static Arbitrary<NetworkCase> Arbitrary() => new NetworkGenerator().Cases();

    /// <summary>Whether rows depend on each other in training.</summary>
    public bool HasBatchNorm => Any<BatchNormSpec>(Spec.Layers);

    /// <summary>Whether an evaluation has other losses than a step: by dropout, or by running statistics.</summary>
    public bool DiffersInTraining => HasBatchNorm || Any<DropoutSpec>(Spec.Layers);

    /// <summary>The network with normal parameters, σ = 0.7: activations are neither flat nor straight there. Normalizations have other factors than 1, and running statistics that are not their first.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    public Network<T> Build<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => WithoutDefaults(Spec.Build<T>((ulong)Seed));

    /// <summary>The same for a network that was built in another way.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="network">Of the same spec and seed; it is changed, and returned.</param>
    public Network<T> WithoutDefaults<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
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

    /// <summary>The samples, [rows][inputs], uniform in (−2, 2).</summary>
    public double[][] Inputs => Matrix(new Random(Seed), Spec.Inputs, random => (random.NextDouble() * 4) - 2);

    /// <summary>The targets in the loss' domain, [rows][outputs], one-hot where there are labels; of a loss of one's own, numbers in (−1, 1).</summary>
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
    /// <typeparam name="T">float or double.</typeparam>
    public Dataset<T> Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] inputs = [.. Inputs.SelectMany(row => row).Select(T.CreateTruncating)];
        double[][] targets = Targets;
        return WithLabels && TakesClasses
            ? new(inputs, Spec.Inputs, Array.ConvertAll(targets, row => Array.IndexOf(row, 1)))
            : new(inputs, Spec.Inputs, targets.SelectMany(row => row).Select(T.CreateTruncating).ToArray(), Spec.Outputs);
    }

    /// <summary>The spec, the loss and what the numbers follow from.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Spec} {Loss} seed {Seed}, {Rows} rows{(WithLabels ? ", labels" : "")}");

    private static bool Any<TLayer>(IReadOnlyList<LayerSpec> layers)
        where TLayer : LayerSpec => layers.Any(layer => layer is TLayer || (layer is ResidualSpec block && Any<TLayer>(block.Layers)));

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

using System;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Tests.Support;

/// <summary>A training that follows from its text, numbers and seed: two epochs over generated rows.</summary>
/// <param name="Network">The network, as <see cref="NetworkSpec.Parse"/> reads it.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Rows">Rows of the data.</param>
/// <param name="Batch">Rows a step; 0 for single calls of Step, in the order of the data.</param>
internal sealed record SeededTraining(string Network, Loss Loss, Optimizer Optimizer, int Rows, int Batch)
{
    /// <summary>More choices of the trainer; its team is given apart.</summary>
    public TrainerOptions? Options { get; init; }

    /// <summary>The fingerprint of parameters and optimizer state after the last step.</summary>
    public string Fingerprint<T>(ulong seed, WorkerTeam? team = null, KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fingerprint(Data<T>(seed), seed, team, kernels);

    /// <summary>The same, on data made before: to make them takes longer than to train on them.</summary>
    public string Fingerprint<T>(Dataset<T> data, ulong seed, WorkerTeam? team = null, KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = NetworkSpec.Parse(Network);
        Network<T> network = new(spec, seed, kernels ?? KernelSets.Active<T>());
        Trainer<T> trainer = new(network, Loss, Optimizer, (Options ?? new()) with { Team = team });
        if (Batch > 0)
        {
            trainer.Fit(data, new() { Epochs = 2, BatchSize = Batch, Seed = seed });
            return trainer.Fingerprint();
        }

        for (int step = 0; step < 2 * Rows; step++)
        {
            int row = step % Rows;
            trainer.Step(data.Inputs.Span.Slice(row * spec.Inputs, spec.Inputs), data.Targets.Span.Slice(row * spec.Outputs, spec.Outputs));
        }

        return trainer.Fingerprint();
    }

    /// <summary>Rows that follow from the seed, a quarter of whose inputs is 0.</summary>
    public Dataset<T> Data<T>(ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = NetworkSpec.Parse(Network);
        Random random = new((int)seed);
        T[] x = [.. Enumerable.Range(0, Rows * spec.Inputs).Select(_ => random.Next(4) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
        T[] targets = [.. Enumerable.Range(0, Rows * spec.Outputs).Select(i => i % spec.Outputs == i / spec.Outputs % spec.Outputs ? T.One : T.Zero)];
        return new(x, spec.Inputs, targets, spec.Outputs);
    }
}

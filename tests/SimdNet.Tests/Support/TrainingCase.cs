using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Tests.Support;

/// <summary>A training from a seed to a fingerprint: network, data, loss and optimizer of one kind of step.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Network">Inputs and layers.</param>
/// <param name="Loss">A loss that fits the last layer.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Rows">Rows of the data.</param>
/// <param name="Batch">Rows of a batch.</param>
internal sealed record TrainingCase(string Name, string Network, Loss Loss, Optimizer Optimizer, int Rows, int Batch)
{
    private const int Epochs = 2;

    /// <summary>Ten trainings that have each kind of step, optimizer, activation and loss.</summary>
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("small network, single steps", "2,3:sigmoid,1:sigmoid", Loss.HalfSquaredError, new Sgd { LearningRate = 0.5 }, 60, 1),
        new("small network, minibatches", "4,8:tanh,8:tanh,1:identity", Loss.MeanSquaredError, new Sgd { LearningRate = 0.05 }, 100, 8),
        new("wide input, single steps", "100,16:relu,10:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, 40, 1),
        new("wide layers, single steps", "40,65:sigmoid,33:leaky-relu(0.1),3:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, 40, 1),
        new("minibatches cut by units", "784,128:relu,10:softmax", Loss.CrossEntropy, new Adam(), 160, 64),
        new("plain minibatches cut by units", "784,128:relu,10:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, 160, 64),
        new("full batch in shards", "784,16:relu,10:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1, Momentum = 0.9, Nesterov = true }, 1500, 1500),
        new("full batch in shards of many tiles", "4,32:tanh,16:sigmoid,1:sigmoid", Loss.BinaryCrossEntropy, new Adam { WeightDecay = 1e-3 }, 5000, 5000),
        new("decay, momentum", "24,8:tanh,2:identity", Loss.MeanSquaredError, new Sgd { LearningRate = 0.01, Momentum = 0.9, WeightDecay = 1e-4 }, 200, 200),
        new("Adam on single rows", "20,40:leaky-relu(0.01),12:tanh,1:sigmoid", Loss.BinaryCrossEntropy, new Adam { LearningRate = 0.01 }, 30, 1),
    ];

    /// <summary>Trains, and returns the fingerprint of parameters and optimizer state.</summary>
    public string Run<T>(int seed, int threads, KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using WorkerTeam team = new(threads);
        return Run(seed, team, kernels);
    }

    public string Run<T>(int seed, WorkerTeam? team, KernelSet<T>? kernels = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = new(NetworkSpec.Parse(Network), (ulong)seed, kernels ?? KernelSets.Active<T>());
        Trainer<T> trainer = new(network, Loss, Optimizer, new() { Team = team });
        trainer.Fit(Data<T>(network, seed), new() { Epochs = Epochs, BatchSize = Batch, Seed = (ulong)seed });
        return trainer.Fingerprint();
    }

    public override string ToString() => Name;

    /// <summary>Inputs of which a third is 0, and targets in the loss' domain.</summary>
    private Dataset<T> Data<T>(Network<T> network, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        T[] inputs = [.. Enumerable.Range(0, Rows * network.Inputs).Select(_ => random.Next(3) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
        int classes = Math.Max(2, network.Outputs);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(classes))];
        return Loss == Loss.CrossEntropy
            ? new(inputs, network.Inputs, labels)
            : new(inputs, network.Inputs, labels.SelectMany(label => Enumerable.Range(0, network.Outputs).Select(output => label == output + 1 ? T.One : T.Zero)).ToArray(), network.Outputs);
    }
}

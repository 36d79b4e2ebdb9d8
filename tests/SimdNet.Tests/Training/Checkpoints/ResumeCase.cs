using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A training of a few epochs that is interrupted: everything in it follows from its words and numbers.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Network">The network, as <see cref="NetworkSpec.Parse"/> reads it.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Batch">Rows a step.</param>
internal sealed record ResumeCase(string Name, string Network, Loss Loss, Optimizer Optimizer, int Batch)
{
    public const int Rows = 61;
    public const int Features = 5;
    public const int Classes = 3;
    public const int Epochs = 4;

    public TrainerOptions Trainer { get; init; } = new();

    /// <summary>What a file cannot hold.</summary>
    public ResumeOptions Resume { get; init; } = new();

    public bool HasTargets { get; init; }

    public bool IsWeighted { get; init; }

    public bool IsScaled { get; init; }

    public bool Shuffle { get; init; } = true;

    public double Held { get; init; }

    public bool HasMetrics { get; init; }

    /// <summary>The spec's layer that is frozen; −1 for none.</summary>
    public int Frozen { get; init; } = -1;

    /// <summary>Makes the callbacks, for each process its own.</summary>
    public Func<object[]> Callbacks { get; init; } = () => [];

    private static LearningRateSchedule Own { get; } = LearningRateSchedule.Custom((rate, step) => rate / (1 + (0.1 * step)));

    public static IReadOnlyList<ResumeCase> All { get; } = Make();

    public override string ToString() => Name;

    public Trainer<T> Begin<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = NetworkSpec.Parse(Network, CustomParts.Registry).Build<T>(seed: 7);
        network.InputScaler = IsScaled ? Scaler<T>.Standard(Data<T>().Inputs.Span, Features) : null;
        network.TargetScaler = IsScaled && HasTargets ? Scaler<T>.Constant(3, Classes) : null;
        if (Frozen >= 0)
        {
            network.Freeze(Frozen);
        }

        return new(network, Loss, Optimizer, Trainer);
    }

    public FitOptions<T> Fit<T>(CheckpointOptions? checkpoint = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Epochs = Epochs,
            BatchSize = Batch,
            Shuffle = Shuffle,
            ValidationSplit = Held,
            Metrics = HasMetrics ? [Metric.F1(Classes), Metric.Accuracy(Classes)] : [],
            Callbacks = [.. Callbacks().Cast<Callback<T>>()],
            Checkpoint = checkpoint,
        };

    public Dataset<T> Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(3);
        T[] inputs = [.. Enumerable.Range(0, Rows * Features).Select(_ => random.Next(5) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
        Dataset<T> data = HasTargets
            ? new(inputs, Features, Enumerable.Range(0, Rows * Classes).Select(_ => T.CreateTruncating(random.NextDouble())).ToArray(), Classes)
            : new(inputs, Features, Enumerable.Range(0, Rows).Select(_ => random.Next(Classes)).ToArray());
        return IsWeighted ? data.WithWeights(Enumerable.Range(0, Rows).Select(_ => T.CreateTruncating(random.NextDouble() + 0.5)).ToArray()) : data;
    }

    /// <summary>Everything that a training leaves, to the bit.</summary>
    public static string Bits<T>(Trainer<T> trainer, History history)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<string> epochs = history.Epochs.Select(epoch => $"{epoch.Epoch}: {string.Join(' ', epoch.Names.Select(name => $"{name}={BitConverter.DoubleToInt64Bits(epoch[name]!.Value):x}"))}");
        return string.Join('\n', [trainer.Fingerprint(), trainer.Network.Fingerprint(), string.Create(CultureInfo.InvariantCulture, $"{trainer.Steps} steps, {trainer.Epochs} epochs, {trainer.SkippedSteps} skipped, rate {trainer.LearningRate:R}, {history.StopReason}"), .. epochs]);
    }

    private static ResumeCase[] Make()
    {
        const string Plain = "5,7:tanh,3:softmax";
        const string Numbers = "5,7:tanh,3";
        Loss cross = Loss.CrossEntropy;
        ResumeCase adam = new("adam", Plain, cross, new Adam { LearningRate = 0.01, WeightDecay = 0.01 }, 8);
        return
        [
            new("single steps", Plain, cross, new Sgd { LearningRate = 0.05 }, 1),
            new("single steps of a small network", "5,3:tanh,3:sigmoid", Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 }, 1) { HasTargets = true },
            new("single steps of a wide network", "5,70:relu,40:tanh,3:softmax", cross, new Sgd { LearningRate = 0.05 }, 1),
            new("single steps, scaled", Numbers, Loss.MeanSquaredError, new Sgd { LearningRate = 0.05 }, 1) { HasTargets = true, IsScaled = true },
            new("single steps with momentum", Plain, cross, new Sgd { LearningRate = 0.05, Momentum = 0.9 }, 1),
            new("single steps with a schedule", Plain, cross, new Sgd { LearningRate = 0.05 }, 1) { Trainer = new() { Schedule = LearningRateSchedule.Cosine(100) } },
            new("single steps, weighted classes", Plain, cross with { ClassWeights = [1, 2, 0.5] }, new Sgd { LearningRate = 0.05 }, 1),
            new("plain batches", Plain, cross, new Sgd { LearningRate = 0.05 }, 9),
            new("nesterov", Plain, cross, new Sgd { LearningRate = 0.05, Momentum = 0.9, Nesterov = true }, 8),
            new("rmsprop", Plain, cross, new RmsProp { Momentum = 0.5, Centered = true }, 8),
            new("adagrad", Plain, cross, new Adagrad { RateDecay = 0.01, InitialSum = 0.1 }, 8),
            adam,
            adam with { Name = "adam, single steps", Batch = 1 },
            adam with { Name = "adam, full batches", Batch = int.MaxValue },
            new("adamw", Plain, cross, new AdamW(), 8),
            new("nadam", Plain, cross, new NAdam(), 8),
            new("rprop", Plain, cross, new Rprop(), int.MaxValue),
            new("lbfgs", Numbers, Loss.MeanSquaredError, new Lbfgs { History = 2 }, int.MaxValue) { HasTargets = true },
            adam with { Name = "warm-up and cosine", Trainer = new() { Schedule = LearningRateSchedule.WarmUp(5, LearningRateSchedule.CosineRestarts(7, 2)) } },
            adam with { Name = "one-cycle", Trainer = new() { Schedule = LearningRateSchedule.OneCycle(40) } },
            adam with { Name = "steps per epoch", Trainer = new() { Schedule = LearningRateSchedule.Step(1, 0.5) with { PerEpoch = true } } },
            adam with { Name = "plateau", Held = 0.2, Trainer = new() { Schedule = LearningRateSchedule.WarmUp(2, LearningRateSchedule.Plateau(0, 0.5, 0.2)) } },
            adam with { Name = "own formula", Trainer = new() { Schedule = Own }, Resume = new() { Schedule = Own } },
            adam with { Name = "dropout", Network = "5,16:tanh,dropout(0.4),3:softmax", Trainer = new() { Seed = 99 } },
            adam with { Name = "batchnorm", Network = "5,16,batchnorm,relu,3:softmax", Batch = 9 },
            adam with { Name = "batchnorm, all rows", Network = "5,16,batchnorm,relu,3:softmax", Batch = int.MaxValue, Held = 0.3, IsWeighted = true, Trainer = new() { MaxBatch = 50 } },
            adam with { Name = "frozen batchnorm", Network = "5,16,batchnorm,relu,3:softmax", Batch = 9, Frozen = 1 },
            adam with { Name = "layernorm, residual and dropout", Network = "5,8,residual(layernorm,8:relu,dropout(0.2),8),3:softmax" },
            adam with { Name = "own layer and activation", Network = "5,8:signed-square(0.25),parabola,3:softmax", Resume = new() { Layers = CustomParts.Registry } },
            adam with { Name = "penalties and norms", Network = "5,7:tanh:l1=0.001:l2=0.01:max-norm=1,3:softmax" },
            adam with { Name = "bounded gradients", Trainer = new() { ClipValue = 0.05, ClipNorm = 0.1, ClipGlobalNorm = 0.12 } },
            adam with { Name = "weighted rows", IsWeighted = true, Held = 0.2, HasMetrics = true },
            adam with { Name = "own order", Shuffle = false, Loss = Loss.SmoothedCrossEntropy(0.1) },
            adam with { Name = "frozen layer", Frozen = 0 },
            adam with { Name = "two threads", Trainer = new() { Threads = 2 }, Resume = new() { Threads = 2 }, Network = "5,230:relu,230:relu,3:softmax", Batch = 16 },
            adam with { Name = "early stopping", Held = 0.3, Callbacks = () => [new EarlyStopping<float>(1) { RestoreBestWeights = true, MinDelta = 0.02 }] },
            adam with { Name = "early stopping by the loss of full batches", Batch = int.MaxValue, Optimizer = new Adam { LearningRate = 0.7 }, Callbacks = () => [new EarlyStopping<float>(2) { RestoreBestWeights = true }] },
            adam with { Name = "told of batches", Callbacks = () => [new LambdaCallback<float> { BatchEnd = context => context.Trainer.LearningRate *= 0.99 }] },
            new("single steps, weighted rows", Plain, cross, new Sgd { LearningRate = 0.05 }, 1) { IsWeighted = true, Held = 0.2, HasMetrics = true },
            new("lbfgs, a frozen layer and decay", Numbers, Loss.MeanSquaredError, new Lbfgs { History = 3, WeightDecay = 0.01 }, int.MaxValue) { HasTargets = true, Frozen = 0 },
            adam with { Name = "rolling back, one batch an epoch", Batch = int.MaxValue, Callbacks = () => [new TerminateOnNaN<float>(NonFinitePolicy.RollBack)] },
            adam with { Name = "three threads, batchnorm, dropout and a bound", Network = "5,230,batchnorm,relu,dropout(0.3),230:relu,3:softmax", Batch = 16, Trainer = new() { Threads = 3, MaxBatch = 16, ClipGlobalNorm = 0.5 }, Resume = new() { Threads = 3 } },
            new("told of single steps", Plain, cross, new Sgd { LearningRate = 0.05 }, 1) { Callbacks = () => [new TerminateOnNaN<float>(NonFinitePolicy.RollBack)] },
        ];
    }
}

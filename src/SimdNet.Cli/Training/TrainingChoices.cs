using System.Collections.Generic;

namespace SimdNet.Cli.Training;

/// <summary>What can be chosen about a training. Null is no choice: another set of choices then decides, see <see cref="Or"/>.</summary>
internal sealed record TrainingChoices
{
    /// <summary>What holds for data that the tool does not know. Keras' choices, but for the epochs: a first look takes seconds.</summary>
    public static TrainingChoices General { get; } = new()
    {
        Loss = "auto",
        Optimizer = "adam",
        Epochs = 10,
        BatchSize = 32,
        Precision = "float32",
        Initializer = SimdNet.Initializer.GlorotUniform,
        BiasInitializer = SimdNet.Initializer.Zeros,
        NoBias = false,
        Seed = 42,
        NoShuffle = false,
        Scale = ScaleChoice.None,
        ValidationSplit = 0,
    };

    public IReadOnlyList<LayerSpec>? Layers { get; init; }

    public string? Loss { get; init; }

    public double? LabelSmoothing { get; init; }

    public ClassWeightsChoice? ClassWeights { get; init; }

    public string? Optimizer { get; init; }

    public double? LearningRate { get; init; }

    public double? Momentum { get; init; }

    public bool? Nesterov { get; init; }

    public double? WeightDecay { get; init; }

    public double? Rho { get; init; }

    public double? Beta1 { get; init; }

    public double? Beta2 { get; init; }

    public double? Epsilon { get; init; }

    public double? ClipNorm { get; init; }

    public double? ClipTensorNorm { get; init; }

    public double? ClipValue { get; init; }

    public LearningRateSchedule? Schedule { get; init; }

    public string? SchedulePer { get; init; }

    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public string? Precision { get; init; }

    public Initializer? Initializer { get; init; }

    public Initializer? BiasInitializer { get; init; }

    public bool? NoBias { get; init; }

    public ulong? Seed { get; init; }

    public bool? NoShuffle { get; init; }

    public ScaleChoice? Scale { get; init; }

    /// <summary>What targets are divided by; no option, but a part of what is known about a built-in data set.</summary>
    public double? TargetDivisor { get; init; }

    public double? ValidationSplit { get; init; }

    /// <summary>These choices, and where there is none, the other's.</summary>
    public TrainingChoices Or(TrainingChoices other) => new()
    {
        Layers = Layers ?? other.Layers,
        Loss = Loss ?? other.Loss,
        LabelSmoothing = LabelSmoothing ?? other.LabelSmoothing,
        ClassWeights = ClassWeights ?? other.ClassWeights,
        Optimizer = Optimizer ?? other.Optimizer,
        LearningRate = LearningRate ?? other.LearningRate,
        Momentum = Momentum ?? other.Momentum,
        Nesterov = Nesterov ?? other.Nesterov,
        WeightDecay = WeightDecay ?? other.WeightDecay,
        Rho = Rho ?? other.Rho,
        Beta1 = Beta1 ?? other.Beta1,
        Beta2 = Beta2 ?? other.Beta2,
        Epsilon = Epsilon ?? other.Epsilon,
        ClipNorm = ClipNorm ?? other.ClipNorm,
        ClipTensorNorm = ClipTensorNorm ?? other.ClipTensorNorm,
        ClipValue = ClipValue ?? other.ClipValue,
        Schedule = Schedule ?? other.Schedule,
        SchedulePer = SchedulePer ?? other.SchedulePer,
        Epochs = Epochs ?? other.Epochs,
        BatchSize = BatchSize ?? other.BatchSize,
        Precision = Precision ?? other.Precision,
        Initializer = Initializer ?? other.Initializer,
        BiasInitializer = BiasInitializer ?? other.BiasInitializer,
        NoBias = NoBias ?? other.NoBias,
        Seed = Seed ?? other.Seed,
        NoShuffle = NoShuffle ?? other.NoShuffle,
        Scale = Scale ?? other.Scale,
        TargetDivisor = TargetDivisor ?? other.TargetDivisor,
        ValidationSplit = ValidationSplit ?? other.ValidationSplit,
    };
}

using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Cli.Training;

/// <summary>The options that a training which goes on must have in common with the one before, as text. Free are --epochs, threads, and what is printed or written at the end; the rows are compared by the library.</summary>
internal static class ResumedOptions
{
    /// <summary>What stands for an option that was left out.</summary>
    public const string Default = "not given";

    public static IReadOnlyDictionary<string, string> Of(TrainingPlan plan)
    {
        TrainingChoices choices = plan.Choices;
        CallbackChoices callbacks = plan.Callbacks;
        return new OrderedDictionary<string, string>
        {
            ["--layers"] = string.Join(',', choices.Layers!),
            ["--loss"] = plan.Loss.ToString(),
            ["--class-weights"] = choices.ClassWeights is { } weights ? weights.Given?.ToString() ?? "balanced" : Default,
            ["--optimizer"] = choices.Optimizer!,
            ["--learning-rate"] = Text(plan.Optimizer.LearningRate),
            ["--momentum"] = Text(choices.Momentum),
            ["--nesterov"] = Text(choices.Nesterov == true),
            ["--weight-decay"] = Text(plan.Optimizer.WeightDecay),
            ["--rho"] = Text(choices.Rho),
            ["--beta1"] = Text(choices.Beta1),
            ["--beta2"] = Text(choices.Beta2),
            ["--epsilon"] = Text(choices.Epsilon),
            ["--clip-norm"] = Text(choices.ClipNorm),
            ["--clip-tensor-norm"] = Text(choices.ClipTensorNorm),
            ["--clip-value"] = Text(choices.ClipValue),
            ["--schedule"] = plan.TrainerOptions.Schedule?.ToString() ?? Default,
            ["--batch-size"] = choices.BatchSize == FitOptions<float>.FullBatch ? "full" : Text(choices.BatchSize),
            ["--precision"] = choices.Precision!,
            ["--init"] = choices.Initializer!.Value.ToString(),
            ["--bias-init"] = choices.BiasInitializer!.Value.ToString(),
            ["--no-bias"] = Text(choices.NoBias == true),
            ["--seed"] = choices.Seed!.Value.ToString(CultureInfo.InvariantCulture),
            ["--no-shuffle"] = Text(choices.NoShuffle == true),
            ["--scale"] = choices.Scale!.Value.Kind == "divide" ? $"divide:{Text(choices.Scale.Value.Divisor)}" : choices.Scale.Value.Kind,
            ["--validation-split"] = Text(choices.ValidationSplit),
            ["--rows"] = Text(plan.Rows),
            ["--init-weights"] = plan.InitialWeights ?? Default,
            ["--init-from"] = plan.Transfer.From ?? Default,
            ["--init-layers"] = Text(plan.Transfer.Layers),
            ["--freeze"] = Text(plan.Transfer.Frozen),
            ["--on-nan"] = callbacks.OnNaN?.Policy ?? Default,
            ["--rollback-factor"] = Text(callbacks.OnNaN?.RateFactor),
            ["--max-rollbacks"] = Text(callbacks.OnNaN?.MaxRollBacks),
            ["--early-stopping"] = Text(callbacks.EarlyStopping),
            ["--restore-best"] = Text(callbacks.RestoreBest),
            ["--checkpoint-best"] = callbacks.CheckpointBest ?? Default,
            ["--csv-log"] = callbacks.CsvLog ?? Default,
            ["--tensorboard"] = callbacks.TensorBoard ?? Default,
        };
    }

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? Default;

    private static string Text(IReadOnlyList<int>? places) => places is null ? Default : string.Join(',', places);

    private static string Text(bool isGiven) => isGiven ? "given" : Default;
}

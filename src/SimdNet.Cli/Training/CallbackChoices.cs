namespace SimdNet.Cli.Training;

/// <summary>What is chosen about stopping, restoring, saving and logging.</summary>
/// <param name="OnNaN">What is done where a number goes bad; null where nobody looks after every step, and the training ends with an error.</param>
/// <param name="EarlyStopping">Epochs without improvement after which the training stops; null to run all.</param>
/// <param name="RestoreBest">Whether the best weights are restored.</param>
/// <param name="CheckpointBest">Where the best model is saved as it comes; null for nowhere.</param>
/// <param name="CsvLog">Where a line an epoch is written; null for nowhere.</param>
/// <param name="LearningCurve">Where training and validation of each epoch are written at the end; null for nowhere.</param>
/// <param name="TensorBoard">Where events are written; null for nowhere.</param>
/// <param name="Checkpoint">Where the training is saved as it goes; null for nowhere.</param>
internal sealed record CallbackChoices(NonFiniteChoice? OnNaN = null, int? EarlyStopping = null, bool RestoreBest = false, string? CheckpointBest = null, string? CsvLog = null, string? LearningCurve = null, string? TensorBoard = null, CheckpointChoice? Checkpoint = null)
{
    /// <summary>The options that go by a value of the epochs, as they were given; null where none was.</summary>
    public string? Monitoring => (EarlyStopping, RestoreBest, CheckpointBest) switch
    {
        (not null, _, _) => "--early-stopping",
        (_, true, _) => "--restore-best",
        (_, _, not null) => "--checkpoint-best",
        _ => null,
    };

    /// <summary>Whether a training has what these need.</summary>
    /// <exception cref="ToolException">It has not.</exception>
    public void Check(TrainingPlan plan)
    {
        if (LearningCurve is not null && plan.Test is null && plan.Choices.ValidationSplit == 0)
        {
            throw ToolException.Usage("--learning-curve compares the rows trained on with others, and none are held out. Add --test or --validation-split.");
        }
    }
}

using System.Collections.Generic;

namespace SimdNet;

/// <summary>What one epoch measured.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">Loss over the epoch's rows, each measured before the step that used it, and the layers' penalties: their mean over the steps, by the rows of each.</param>
/// <param name="Accuracy">Accuracy of the same rows; null where the data has no classes.</param>
/// <param name="ValidationLoss">Loss of the validation rows after the epoch; null without validation. NaN or infinite where it is so: the training goes on, since no step depends on it, unless a <see cref="TerminateOnNaN{T}"/> says otherwise.</param>
/// <param name="ValidationAccuracy">Their accuracy; null without validation or classes.</param>
public readonly record struct EpochResult(int Epoch, double Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy)
{
    internal const string LossName = "loss";
    internal const string AccuracyName = "accuracy";
    internal const string ValidationLossName = "val_loss";
    internal const string ValidationAccuracyName = "val_accuracy";
    internal const string LearningRateName = "learning_rate";

    /// <summary>The learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>What metrics and callbacks have measured beside it, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>A value by its name: loss, accuracy, val_loss, val_accuracy, learning_rate, as Keras calls them, or that of a metric. Null where it was not measured.</summary>
    /// <param name="name">The name.</param>
    public double? this[string name] => name switch
    {
        LossName => Loss,
        AccuracyName => Accuracy,
        ValidationLossName => ValidationLoss,
        ValidationAccuracyName => ValidationAccuracy,
        LearningRateName => LearningRate,
        _ => Metrics?.TryGetValue(name, out double value) == true ? value : null,
    };

    /// <summary>The names of everything that was measured, in the order of a log's columns.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            List<string> names = [LossName];
            if (Accuracy is not null)
            {
                names.Add(AccuracyName);
            }

            if (ValidationLoss is not null)
            {
                names.Add(ValidationLossName);
            }

            if (ValidationAccuracy is not null)
            {
                names.Add(ValidationAccuracyName);
            }

            names.AddRange(Metrics?.Keys ?? []);
            names.Add(LearningRateName);
            return names;
        }
    }
}

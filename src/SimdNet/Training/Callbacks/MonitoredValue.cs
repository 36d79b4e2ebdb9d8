using System;

namespace SimdNet.Training.Callbacks;

/// <summary>A value of every epoch that is watched, and which of two is better.</summary>
internal readonly struct MonitoredValue
{
    private readonly bool _isLargeGood;

    /// <param name="name">As in <see cref="EpochResult.this[string]"/>.</param>
    /// <param name="mode">Which values are good.</param>
    public MonitoredValue(string name, MonitorMode mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        _isLargeGood = mode switch
        {
            MonitorMode.Min => false,
            MonitorMode.Max => true,
            MonitorMode.Auto => IsShare(name),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "The mode is Auto, Min or Max."),
        };
    }

    public string Name { get; }

    /// <summary>True of what is measured while the epoch trains, each row before the step that uses it.</summary>
    public bool IsMeasuredInTraining => Name is EpochResult.LossName or EpochResult.AccuracyName;

    /// <summary>What is watched where nothing was chosen: the validation's loss where there is one.</summary>
    public static string Default(bool hasValidation) => hasValidation ? EpochResult.ValidationLossName : EpochResult.LossName;

    /// <summary>Whether a value is better than another by more than <paramref name="delta"/>. One that is NaN or infinite never is, and every other is better than none.</summary>
    public bool IsBetter(double value, double? than, double delta = 0) =>
        double.IsFinite(value) && (than is not { } other || (_isLargeGood ? value - delta > other : value + delta < other));

    /// <summary>The epoch's value.</summary>
    /// <exception cref="ArgumentException">The epoch did not measure it.</exception>
    public double Of(in EpochResult result) => result[Name]
        ?? throw new ArgumentException($"'{Name}' is monitored, and the epoch measured {string.Join(", ", result.Names)}. Monitor one of these, or give validation data for val_loss and val_accuracy.");

    private static bool IsShare(string name)
    {
        foreach (string end in (ReadOnlySpan<string>)["accuracy", "precision", "recall", "f1", "auc", "r2"])
        {
            if (name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return name.Contains("top", StringComparison.OrdinalIgnoreCase);
    }
}

using System;

namespace SimdNet;

/// <summary>How the trials of a search are measured.</summary>
public sealed record SearchOptions
{
    /// <summary>Folds and team. Every trial has the same folds.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public CrossValidationOptions CrossValidation
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(CrossValidation));
            field = value;
        }
    } = new();

    /// <summary>What decides which trial is best. Accuracy where the data has classes, else the loss.</summary>
    public SearchMetric Metric { get; init; }

    /// <summary>Decides what a random search tries. 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Called after each trial, in the order that they are made; null for none.</summary>
    public Action<Trial>? Progress { get; init; }
}

/// <summary>What trials are compared by: a mean over the folds, on the rows held out.</summary>
public enum SearchMetric
{
    /// <summary>Accuracy where the data has classes, else the loss.</summary>
    Auto,

    /// <summary>The loss, where trials have the same one; less is better.</summary>
    Loss,

    /// <summary>The accuracy; more is better.</summary>
    Accuracy,

    /// <summary>The mean absolute error; less is better.</summary>
    MeanAbsoluteError,
}

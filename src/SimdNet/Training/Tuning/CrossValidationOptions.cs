using System;

namespace SimdNet;

/// <summary>How rows are held out in turn.</summary>
public sealed record CrossValidationOptions
{
    /// <summary>Parts of the data, at least 2 and at most as many as rows; each is held out once. 5, as in scikit-learn.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 2.</exception>
    public int Folds
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 5;

    /// <summary>Whether each fold has its share of every class, where rows have labels or a single target that is 0 or 1. True, as scikit-learn does for classifiers. A class of fewer rows than folds is missing in some.</summary>
    public bool Stratify { get; init; } = true;

    /// <summary>Whether rows come to folds at random. True: files are often sorted. (scikit-learn's default is false.)</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Decides which rows come to which fold. 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>A team whose threads each train a fold at a time; null, the default, for one after the other. Results are the same bits.</summary>
    public WorkerTeam? Team { get; init; }
}

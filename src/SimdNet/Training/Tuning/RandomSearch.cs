using System;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.Data;
using SimdNet.Kernels;
using SimdNet.Training.Tuning;

namespace SimdNet;

/// <summary>Cross-validates combinations drawn at random, as scikit-learn's <c>RandomizedSearchCV</c>: of a few choices that matter and many that do not it finds good ones sooner than a grid (Bergstra and Bengio 2012).</summary>
public static class RandomSearch
{
    /// <summary>Up to so many combinations of choices are numbered, and none is tried twice.</summary>
    private const int MostNumbered = 1_000_000;

    /// <summary>Tries a number of combinations.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="space">Choices and ranges. Of choices alone no combination is tried twice, as far as there are a million of them.</param>
    /// <param name="trials">How many, at least 1; of choices alone no more than there are. A trial depends on its number and the seed, not on how many follow.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="setup">Makes a training of what was chosen.</param>
    /// <param name="options">Folds, metric, seed, reports; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The data fits no trial's network or loss.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SearchResult Run<T>(SearchSpace space, int trials, Dataset<T> data, Func<SearchValues, TrainingSetup<T>> setup, SearchOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        options ??= new();
        if (space.Count is not { } count || count > MostNumbered)
        {
            return SearchRun.Run(space.Names, Enumerable.Range(1, trials).Select(trial => space.Draw(options.Seed, (ulong)trial)), data, setup, options, cancellationToken);
        }

        int[] order = new int[count];
        BatchOrder.Permutation(order, options.Seed, RandomPurpose.Search);
        return SearchRun.Run(space.Names, order.Take(trials).Select(space.At), data, setup, options, cancellationToken);
    }
}

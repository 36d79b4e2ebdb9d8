using System;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.Training.Tuning;

namespace SimdNet;

/// <summary>Cross-validates every combination of some choices, as scikit-learn's <c>GridSearchCV</c>.</summary>
/// <example>
/// <code>
/// SearchSpace space = new SearchSpace().Choice("units", 16, 64).Choice("rate", 0.01, 0.001);
/// SearchResult result = GridSearch.Run(space, digits, values =&gt; new TrainingSetup&lt;float&gt;(NetworkSpec.Input(64).Dense(values.Get&lt;int&gt;("units"), Activation.ReLU).Dense(10, Activation.Softmax))
/// {
///     Optimizer = new Adam { LearningRate = values.Get&lt;double&gt;("rate") },
/// });
/// Console.WriteLine(result);
/// </code>
/// </example>
public static class GridSearch
{
    /// <summary>The most combinations: more are a mistake, or work for <see cref="RandomSearch"/>.</summary>
    public const int MostTrials = 100_000;

    /// <summary>Tries every combination, the last name varying fastest.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="space">Choices; a grid has no ranges.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="setup">Makes a training of what was chosen.</param>
    /// <param name="options">Folds, metric, reports; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The space has a range, or too many combinations; or the data fits no trial's network or loss.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SearchResult Run<T>(SearchSpace space, Dataset<T> data, Func<SearchValues, TrainingSetup<T>> setup, SearchOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.FirstRange is { } range
            ? throw new ArgumentException($"A grid has values, and '{range}' has a range. Give it a choice, or use a random search.", nameof(space))
            : space.Count is { } count and <= MostTrials
            ? SearchRun.Run(space.Names, Enumerable.Range(0, count).Select(space.At), data, setup, options ?? new(), cancellationToken)
            : throw new ArgumentException($"The space has more than {MostTrials} combinations. Use fewer choices, or a random search.", nameof(space));
    }
}

using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;

namespace SimdNet.Training.Tuning;

/// <summary>The trials of a search, one after the other.</summary>
internal static class SearchRun
{
    public static SearchResult Run<T>(IReadOnlyList<string> names, IEnumerable<SearchValues> combinations, Dataset<T> data, Func<SearchValues, TrainingSetup<T>> setup, SearchOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(setup);
        List<Trial> trials = [];
        foreach (SearchValues values in combinations)
        {
            Trial trial = new(trials.Count + 1, values, null, null);
            try
            {
                trial = trial with { Result = CrossValidation.Run(setup(values), data, options.CrossValidation, cancellationToken) };
            }
            catch (NonFiniteException error)
            {
                // A rate that is too high is what a search is to find out.
                trial = trial with { Failure = error.Message };
            }

            trials.Add(trial);
            options.Progress?.Invoke(trial);
        }

        SearchMetric metric = options.Metric != SearchMetric.Auto
            ? options.Metric
            : trials.Exists(trial => trial.Result is { Accuracy: null }) ? SearchMetric.Loss : SearchMetric.Accuracy;
        return new(names, trials, metric);
    }
}

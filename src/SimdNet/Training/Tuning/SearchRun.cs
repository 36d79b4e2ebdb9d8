using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Threading;

using SimdNet.Model;

namespace SimdNet.Training.Tuning;

/// <summary>The trials of a search, one after the other.</summary>
internal static class SearchRun
{
    public static SearchResult Run<T>(IReadOnlyList<string> names, IEnumerable<SearchValues> combinations, Dataset<T> data, Func<SearchValues, TrainingSetup<T>> setup, SearchOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(setup);
        CrossValidation.CheckRows(data.Rows, options.CrossValidation.Folds);
        List<Trial> trials = [];
        ArgumentException? misfit = null;
        foreach (SearchValues values in combinations)
        {
            Trial trial = new(trials.Count + 1, values, null, null);
            TrainingSetup<T> training = setup(values) ?? throw new ArgumentException($"The function gives null for {values}. Give the training of these values.", nameof(setup));
            try
            {
                trial = trial with { Result = CrossValidation.Run(training, data, options.CrossValidation, cancellationToken) };
            }
            catch (NonFiniteException error)
            {
                // A rate that is too high is what a search is to find out.
                trial = trial with { Failure = error.Message };
            }
            catch (ArgumentException error)
            {
                // Such as a batch size that leaves one row to a batch normalization. What other combinations reached is not lost for it.
                misfit ??= error;
                trial = trial with { Failure = ArgumentText.Of(error) };
            }

            trials.Add(trial);
            options.Progress?.Invoke(trial);
        }

        if (misfit is not null && !trials.Exists(trial => trial.Result is not null))
        {
            ExceptionDispatchInfo.Throw(misfit);
        }

        SearchMetric metric = options.Metric != SearchMetric.Auto
            ? options.Metric
            : trials.Exists(trial => trial.Result is { Accuracy: null }) ? SearchMetric.Loss : SearchMetric.Accuracy;
        return new(names, trials, metric);
    }
}

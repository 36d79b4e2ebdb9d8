using System;
using System.Numerics;
using System.Threading;

using SimdNet.Memory;
using SimdNet.Training.Tuning;

namespace SimdNet;

/// <summary>Trains as often as there are folds, each time without one of them, and measures on that one: how good a network is on rows that it has not seen, with the spread of that number.</summary>
/// <remarks>k-fold cross-validation as scikit-learn's <c>cross_validate</c>. The folds depend on the seed and the data alone.</remarks>
/// <example>
/// <code>
/// TrainingSetup&lt;float&gt; setup = new(NetworkSpec.Input(64).Dense(32, Activation.ReLU).Dense(10, Activation.Softmax)) { Fit = new() { Epochs = 20 } };
/// CrossValidationResult result = CrossValidation.Run(setup, Dataset.Digits&lt;float&gt;());
/// Console.WriteLine(result);
/// </code>
/// </example>
public static class CrossValidation
{
    /// <summary>Carries a training out once for each fold.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="setup">What is trained, and how.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="options">Folds, seed, team; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or has fewer rows than there are folds.</exception>
    /// <exception cref="NonFiniteException">A loss or a parameter of a training became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CrossValidationResult Run<T>(TrainingSetup<T> setup, Dataset<T> data, CrossValidationOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        CheckRows(data.Rows, options.Folds);
        FoldResult[] results = new FoldResult[options.Folds];
        FoldWork<T> work = new() { Setup = setup, Data = data, FoldOfRow = FoldAssignment.Of(data, options), Results = results, CancellationToken = cancellationToken };
        Run(ref work, options.Folds, setup.TeamFor(options));
        return new(results);
    }

    /// <exception cref="ArgumentException">There are fewer rows than folds.</exception>
    internal static void CheckRows(int rows, int folds)
    {
        if (rows < folds)
        {
            throw new ArgumentException($"{rows} rows do not make {folds} folds of at least one row each. Use fewer folds, or more rows.", nameof(rows));
        }
    }

    internal static void Run<TWork>(ref TWork work, int parts, WorkerTeam? team)
        where TWork : struct, IPartedWork
    {
        if (team is not null)
        {
            team.Run(ref work, parts);
            return;
        }

        for (int part = 0; part < parts; part++)
        {
            work.Run(part, worker: 0);
        }
    }

    private struct FoldWork<T> : IPartedWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingSetup<T> Setup;
        public Dataset<T> Data;
        public int[] FoldOfRow;
        public FoldResult[] Results;
        public CancellationToken CancellationToken;

        public readonly void Run(int part, int worker)
        {
            Dataset<T> training = Data.Select(FoldAssignment.Rows(FoldOfRow, part, held: false));
            Dataset<T> held = Data.Select(FoldAssignment.Rows(FoldOfRow, part, held: true));
            Trainer<T> trainer = Setup.TrainerFor(training);
            trainer.Fit(training, Setup.QuietFit, CancellationToken);
            Results[part] = new(part, trainer.Evaluate(training), trainer.Evaluate(held));
        }
    }
}

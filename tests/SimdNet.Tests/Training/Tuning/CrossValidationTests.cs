using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using SimdNet.Tests.Support;
using SimdNet.Training.Tuning;

using Xunit;

namespace SimdNet.Tests.Training.Tuning;

/// <summary>k-fold cross-validation: who is held out when, that nothing leaks, and the same bits with any team.</summary>
public sealed class CrossValidationTests
{
    private static readonly int[] Labels = [1, 1, 0, 2, 0, 1, 2, 2, 0, 0, 1, 1, 1];

    /// <summary>Golden: scikit-learn 1.2's StratifiedKFold(3) and KFold(3), without shuffling, on these labels.</summary>
    [Fact]
    public void Folds_in_order_are_those_of_scikit_learn()
    {
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 2, 1, 2, 1, 2, 2], FoldAssignment.Of(Labelled(), new() { Folds = 3, Shuffle = false }));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], FoldAssignment.Of(Labelled(), new() { Folds = 3, Shuffle = false, Stratify = false }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(13)]
    public void Random_folds_are_even_in_rows_and_in_classes(int folds)
    {
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            foreach (bool stratify in (bool[])[true, false])
            {
                int[] assigned = FoldAssignment.Of(Labelled(), new() { Folds = folds, Seed = seed, Stratify = stratify });
                int[] sizes = [.. Enumerable.Range(0, folds).Select(fold => assigned.Count(other => other == fold))];
                Assert.Equal(Labels.Length, sizes.Sum());
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
                foreach (int label in (int[])[0, 1, 2])
                {
                    int[] ofClass = [.. Enumerable.Range(0, folds).Select(fold => Enumerable.Range(0, Labels.Length).Count(row => assigned[row] == fold && Labels[row] == label))];
                    Assert.True(!stratify || ofClass.Max() - ofClass.Min() <= 1, $"{label}: {string.Join(' ', ofClass)}");
                }

                Assert.Equal(assigned, FoldAssignment.Of(Labelled(), new() { Folds = folds, Seed = seed, Stratify = stratify }));
            }
        }

        Assert.NotEqual(FoldAssignment.Of(Labelled(), new() { Folds = folds, Seed = 1 }), FoldAssignment.Of(Labelled(), new() { Folds = folds, Seed = 2 }));
    }

    [Fact]
    public void Targets_of_0_and_1_are_classes_too()
    {
        Dataset<float> sorted = new(new float[20], 1, (float[])[.. Enumerable.Repeat(0f, 10), .. Enumerable.Repeat(1f, 10)], 1);
        int[] folds = FoldAssignment.Of(sorted, new() { Folds = 5 });
        Assert.All(Enumerable.Range(0, 5), fold => Assert.Equal((2, 2), (folds[..10].Count(other => other == fold), folds[10..].Count(other => other == fold))));
    }

    /// <summary>Labels that follow from nothing can be learnt by heart, and not be predicted: a fold that was trained on would show.</summary>
    [Fact]
    public void The_rows_held_out_are_not_trained_on()
    {
        CrossValidationResult result = CrossValidation.Run(TuningData.Setup(features: 12, units: 32, epochs: 200), TuningData.Noise(100));
        Assert.True(result.TrainingAccuracy!.Value.Mean >= 0.95, result.ToString());
        Assert.InRange(result.Accuracy!.Value.Mean, 0.3, 0.7);
        Assert.Equal(100, result.Folds.Sum(fold => fold.Validation.Rows));
        Assert.All(result.Folds, fold => Assert.Equal(100, fold.Training.Rows + fold.Validation.Rows));
    }

    [Fact]
    public void Scaling_is_fitted_on_the_rows_trained_on()
    {
        List<int> rows = [];
        CrossValidationResult result = CrossValidation.Run(
            TuningData.Setup() with
            {
                InputScaler = training =>
                {
                    rows.Add(training.Rows);
                    return Scaler<float>.Standard(training.Inputs.Span, training.Features);
                },
            },
            TuningData.Separable(31));
        Assert.Equal([24, 25, 25, 25, 25], rows.Order());
        Assert.Equal(rows, result.Folds.Select(fold => fold.Training.Rows));
    }

    [Fact]
    public void A_team_changes_no_bit()
    {
        Dataset<float> data = TuningData.Separable(60);
        CrossValidationResult alone = CrossValidation.Run(TuningData.Setup(), data);
        foreach (int size in (int[])[2, 3])
        {
            using WorkerTeam team = new(size);
            Assert.Equal(alone.Folds, CrossValidation.Run(TuningData.Setup(), data, new() { Team = team }).Folds);
        }

        // The control: another order of the rows within an epoch is seen.
        Assert.NotEqual(alone.Folds, CrossValidation.Run(TuningData.Setup() with { Fit = new() { Epochs = 30, BatchSize = 8, Seed = 1 } }, data).Folds);
    }

    /// <summary>More folds than a team takes at a time.</summary>
    [Fact]
    public void Each_row_can_be_a_fold_of_its_own_with_a_team()
    {
        Dataset<float> data = TuningData.Separable(300);
        using WorkerTeam team = new(2);
        CrossValidationResult alone = CrossValidation.Run(TuningData.Setup(epochs: 1), data, new() { Folds = 300 });
        Assert.Equal(300, alone.Folds.Count);
        Assert.Equal(alone.Folds, CrossValidation.Run(TuningData.Setup(epochs: 1), data, new() { Folds = 300, Team = team }).Folds);
    }

    /// <summary>Each training has all rows but those of its fold, and one folder could not hold the checkpoints of all.</summary>
    [Fact]
    public void What_a_fit_holds_out_measures_and_writes_by_itself_is_left_out()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Dataset<float> data = TuningData.Separable(60);
        TrainingSetup<float> setup = TuningData.Setup();
        FitOptions<float>[] additions =
        [
            setup.Fit with { Validation = data },
            setup.Fit with { ValidationSplit = 0.3 },
            setup.Fit with { Metrics = [Metric.F1(2)] },
            setup.Fit with { Checkpoint = new(folder.File("checkpoints")) { EveryEpochs = 1 } },
        ];
        using WorkerTeam team = new(2);
        IReadOnlyList<FoldResult> folds = CrossValidation.Run(setup, data).Folds;
        Assert.All(additions, fit => Assert.Equal(folds, CrossValidation.Run(setup with { Fit = fit }, data, new() { Team = team }).Folds));
        Assert.False(Checkpoint.Exists(folder.File("checkpoints")));
    }

    [Fact]
    public void Mean_and_deviation_are_numpys()
    {
        // numpy: np.mean([1, 2, 4]), np.std([1, 2, 4])
        MetricSummary summary = MetricSummary.Of([1, 2, 4]);
        Assert.Equal(7.0 / 3, summary.Mean, 1e-15);
        Assert.Equal(1.247219128924647, summary.StandardDeviation, 1e-15);
        CrossValidationResult result = CrossValidation.Run(TuningData.Setup(), TuningData.Separable(40), new() { Folds = 4 });
        Assert.Equal(result.Folds.Average(fold => fold.Validation.Loss), result.Loss.Mean, 1e-12);
        Assert.Equal(6, result.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1);
    }

    [Fact]
    public void Wrong_calls_are_refused()
    {
        Dataset<float> data = TuningData.Separable(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossValidationOptions { Folds = 1 });
        Assert.Contains("4 rows", Assert.Throws<ArgumentException>(() => CrossValidation.Run(TuningData.Setup(), data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CrossValidation.Run(TuningData.Setup(features: 3), data, new() { Folds = 2 }));
        Assert.Throws<NonFiniteException>(() => CrossValidation.Run(TuningData.Setup() with { Spec = NetworkSpec.Input(2).Dense(2), Loss = Loss.MeanSquaredError, Optimizer = new Sgd { LearningRate = 1e30 } }, TuningData.Separable(50)));
        Assert.Throws<OperationCanceledException>(() => CrossValidation.Run(TuningData.Setup(), TuningData.Separable(50), null, new CancellationToken(canceled: true)));
    }

    private static Dataset<float> Labelled() => new(new float[Labels.Length], 1, Labels);
}

using System;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Tuning;

/// <summary>Learning curves: their points, and a verdict for each of the three cases.</summary>
public sealed class LearningCurveTests
{
    [Fact]
    public void What_cannot_be_predicted_and_is_learnt_by_heart_is_overfitting()
    {
        LearningCurve curve = LearningCurve.OfRows(TuningData.Setup(features: 12, units: 32, epochs: 200), TuningData.Noise(100), new() { Shares = [0.5, 1] });
        Assert.Equal(LearningVerdict.Overfitting, curve.Verdict);
        Assert.True(curve.Points[^1].TrainingAccuracy!.Value.Mean > 0.95 && curve.Points[^1].ValidationAccuracy!.Value.Mean < 0.7, curve.ToString());
    }

    [Fact]
    public void A_rate_of_next_to_nothing_is_underfitting() =>
        Assert.Equal(LearningVerdict.Underfitting, LearningCurve.OfRows(TuningData.Setup(rate: 1e-6), TuningData.Separable(100), new() { Shares = [1] }).Verdict);

    [Fact]
    public void A_line_that_is_learnt_fits()
    {
        LearningCurve curve = LearningCurve.OfRows(TuningData.Setup(epochs: 60), TuningData.Separable(200));
        Assert.Equal(LearningVerdict.Fits, curve.Verdict);

        // scikit-learn's sizes: (0.1, 0.325, 0.55, 0.775, 1) of the 160 rows that a fold trains on.
        Assert.Equal([16, 52, 88, 124, 160], curve.Points.Select(point => point.Size));
        Assert.True(curve.Points[^1].ValidationLoss.Mean < curve.Points[0].ValidationLoss.Mean, curve.ToString());
    }

    [Fact]
    public void The_last_point_is_the_cross_validation_and_a_team_changes_no_bit()
    {
        Dataset<float> data = TuningData.Separable(50);
        TrainingSetup<float> setup = TuningData.Setup() with { Fit = new() { Epochs = 5, BatchSize = FitOptions<float>.FullBatch } };
        LearningCurve curve = LearningCurve.OfRows(setup, data);
        CrossValidationResult whole = CrossValidation.Run(setup, data);
        Assert.Equal(whole.Loss.Mean, curve.Points[^1].ValidationLoss.Mean, 1e-5);
        using WorkerTeam team = new(2);
        Assert.Equal(curve.Points, LearningCurve.OfRows(setup, data, new() { CrossValidation = new() { Team = team } }).Points);
        Assert.NotEqual(curve.Points, LearningCurve.OfRows(setup, data, new() { CrossValidation = new() { Seed = 1 } }).Points);
    }

    [Fact]
    public void Epochs_have_a_curve_too()
    {
        Assert.Equal(LearningVerdict.Overfitting, LearningCurve.OfEpochs(History([1, 0.5, 0.3, 0.2], [1, 0.6, 0.7, 0.8])).Verdict);
        Assert.Equal(LearningVerdict.Underfitting, LearningCurve.OfEpochs(History([1, 0.9, 0.8, 0.7], [1, 0.9, 0.85, 0.8])).Verdict);
        Assert.Equal(LearningVerdict.Fits, LearningCurve.OfEpochs(History([1, 0.5, 0.41, 0.4], [1, 0.6, 0.5, 0.51])).Verdict);

        // A validation loss that rises together with the training loss is no overfitting.
        Assert.Equal(LearningVerdict.Fits, LearningCurve.OfEpochs(History([0.2, 0.3, 0.4], [0.2, 0.3, 0.4])).Verdict);
        LearningCurve trained = LearningCurve.OfEpochs(TuningData.Setup().Spec.Build<float>().Fit(TuningData.Separable(100), options: new() { Epochs = 3, ValidationSplit = 0.2 }));
        Assert.Equal([1, 2, 3], trained.Points.Select(point => point.Size));
        Assert.Contains("epoch 3", trained.Explanation, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LearningCurve.OfEpochs(TuningData.Setup().Spec.Build<float>().Fit(TuningData.Separable(100), options: new() { Epochs = 1 })));
    }

    [Fact]
    public void A_curve_is_written_as_csv()
    {
        using TemporaryFolder folder = new();
        LearningCurve.OfEpochs(History([1, 0.5], [1, 0.25])).SaveCsv(folder.File("curve.csv"));
        Assert.Equal(
            ["epochs,training_loss,training_loss_std,validation_loss,validation_loss_std,training_accuracy,training_accuracy_std,validation_accuracy,validation_accuracy_std", "1,1,0,1,0,,,,", "2,0.5,0,0.25,0,,,,"],
            File.ReadAllLines(folder.File("curve.csv")));
    }

    [Fact]
    public void Wrong_shares_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LearningCurveOptions { Shares = [] });
        Assert.Throws<ArgumentException>(() => new LearningCurveOptions { Shares = [0.5, 1.1] });
        Assert.Throws<ArgumentException>(() => LearningCurve.OfRows(TuningData.Setup(), TuningData.Separable(3)));
    }

    private static History History(double[] training, double[] validation)
    {
        History history = new(training.Length);
        for (int i = 0; i < training.Length; i++)
        {
            history.Add(new EpochResult(i + 1, training[i], null, validation[i], null));
        }

        return history;
    }
}

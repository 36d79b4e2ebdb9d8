using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Tuning;

/// <summary>Grid and random search: what is tried, in which order it is shown, and that it can be done again.</summary>
public sealed class SearchTests
{
    private static readonly SearchSpace Grid = new SearchSpace().Choice("units", 2, 8).Choice("rate", 0.0, 0.05, 0.2);

    [Fact]
    public void A_grid_tries_every_combination_and_shows_the_best_first()
    {
        List<Trial> order = [];
        Dataset<float> data = TuningData.Separable(80);
        SearchResult result = GridSearch.Run(Grid, data, Setup, new() { Progress = order.Add });
        Assert.Equal(["units 2, rate 0", "units 2, rate 0.05", "units 2, rate 0.2", "units 8, rate 0", "units 8, rate 0.05", "units 8, rate 0.2"], order.Select(trial => trial.Values.ToString()));
        Assert.Equal([1, 2, 3, 4, 5, 6], order.Select(trial => trial.Number));
        double[] scores = [.. result.Trials.Select(trial => result.Score(trial)!.Value)];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(SearchMetric.Accuracy, result.Metric);
        Assert.NotEqual(0, result.Best.Values.Get<double>("rate"));
        Assert.Equal(0, result.Trials[^1].Values.Get<double>("rate"));

        // A trial is the cross-validation of what was chosen, with the folds of all others.
        Assert.Equal(CrossValidation.Run(Setup(result.Best.Values), data).Folds, result.Best.Result!.Folds);
        SearchResult byLoss = GridSearch.Run(Grid, data, Setup, new() { Metric = SearchMetric.Loss });
        Assert.Equal(byLoss.Trials.Min(trial => trial.Result!.Loss.Mean), byLoss.Best.Result!.Loss.Mean);
    }

    [Fact]
    public void A_search_can_be_done_again_with_any_team()
    {
        Dataset<float> data = TuningData.Separable(40);
        SearchSpace space = new SearchSpace().Choice("units", 2, 4).LogUniform("rate", 1e-3, 1);
        SearchResult first = RandomSearch.Run(space, 4, data, Setup);
        using WorkerTeam team = new(2);
        Assert.Equal(first.ToString(), RandomSearch.Run(space, 4, data, Setup, new() { CrossValidation = new() { Team = team } }).ToString());

        // Trials do not depend on how many follow; the seed decides them.
        string[] tried = [.. first.Trials.OrderBy(trial => trial.Number).Select(trial => trial.Values.ToString())];
        Assert.Equal(tried.Take(2), RandomSearch.Run(space, 2, data, Setup).Trials.OrderBy(trial => trial.Number).Select(trial => trial.Values.ToString()));
        Assert.NotEqual(tried[0], RandomSearch.Run(space, 1, data, Setup, new() { Seed = 1 }).Best.Values.ToString());
    }

    [Fact]
    public void Ranges_are_uniform_and_uniform_in_the_logarithm()
    {
        SearchSpace space = new SearchSpace().Uniform("u", -1, 3).LogUniform("l", 1e-4, 1);
        double[] uniform = [.. Enumerable.Range(0, 2_000).Select(trial => space.Draw(7, (ulong)trial).Get<double>("u"))];
        double[] log = [.. Enumerable.Range(0, 2_000).Select(trial => space.Draw(7, (ulong)trial).Get<double>("l"))];
        Assert.All(uniform, value => Assert.InRange(value, -1, 3));
        Assert.All(log, value => Assert.InRange(value, 1e-4, 1));

        // A quarter of each lies in each quarter: within four standard deviations of a binomial count, 77.
        foreach (int quarter in (int[])[0, 1, 2, 3])
        {
            Assert.InRange(uniform.Count(value => (int)(value + 1) == quarter), 423, 577);
            Assert.InRange(log.Count(value => (int)Math.Floor(Math.Log10(value) + 4) == quarter), 423, 577);
        }

        Assert.All(log, value => Assert.Equal(value.ToString("G6", CultureInfo.InvariantCulture), value.ToString("R", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Choices_are_not_tried_twice_at_random()
    {
        SearchResult result = RandomSearch.Run(Grid, 100, TuningData.Separable(20), values => Setup(values) with { Fit = new() { Epochs = 1 } });
        Assert.Equal(6, result.Trials.Select(trial => trial.Values.ToString()).Distinct().Count());
        Assert.Equal(6, result.Trials.Count);
    }

    [Fact]
    public void A_training_that_diverges_is_a_trial_that_failed()
    {
        SearchSpace space = new SearchSpace().Choice("rate", 1e30, 0.1);
        Dataset<float> data = TuningData.Separable(50);
        SearchResult result = GridSearch.Run(space, data, Linear);
        Assert.Equal(0.1, result.Best.Values.Get<double>("rate"));
        Assert.NotNull(result.Trials[1].Failure);
        Assert.Contains("failed", result.ToString(), StringComparison.Ordinal);
        SearchResult none = GridSearch.Run(new SearchSpace().Choice("rate", 1e30), data, Linear);
        Assert.Throws<InvalidOperationException>(() => none.Best);

        static TrainingSetup<float> Linear(SearchValues values) =>
            new(NetworkSpec.Input(2).Dense(2)) { Loss = Loss.MeanSquaredError, Optimizer = new Sgd { LearningRate = values.Get<double>("rate") }, Fit = new() { Epochs = 5 } };
    }

    [Fact]
    public void The_table_is_written_as_csv()
    {
        using TemporaryFolder folder = new();
        SearchSpace space = new SearchSpace().Choice("layers", "4:tanh,2:softmax", "2:softmax");
        SearchResult result = GridSearch.Run(space, TuningData.Separable(30), values => new TrainingSetup<float>(NetworkSpec.Parse("2," + values.Text("layers"))) { Fit = new() { Epochs = 2 } });
        result.SaveCsv(folder.File("trials.csv"));
        string[] lines = File.ReadAllLines(folder.File("trials.csv"));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("rank,trial,layers,loss_mean,loss_std,accuracy_mean,", lines[0], StringComparison.Ordinal);
        string row = Assert.Single(lines, line => line.Contains("\"4:tanh,2:softmax\"", StringComparison.Ordinal));
        Trial trial = result.Trials.Single(trial => trial.Values.Text("layers") == "4:tanh,2:softmax");
        Assert.Contains(trial.Result!.Loss.Mean.ToString("R", CultureInfo.InvariantCulture), row, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_spaces_are_refused()
    {
        Dataset<float> data = TuningData.Separable(20);
        Assert.Throws<ArgumentException>(() => GridSearch.Run(new SearchSpace().Uniform("rate", 0, 1), data, Setup));
        Assert.Throws<ArgumentException>(() => GridSearch.Run(new SearchSpace().Choice("a", Enumerable.Range(0, 1_000).ToArray()).Choice("b", Enumerable.Range(0, 1_000).ToArray()), data, Setup));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomSearch.Run(Grid, 0, data, Setup));
        Assert.Throws<ArgumentException>(() => new SearchSpace().Choice("a", Array.Empty<int>()));
        Assert.Equal("name", Assert.Throws<ArgumentException>(() => new SearchSpace().Choice("a", 1).Uniform("a", 0, 1)).ParamName);
        Assert.Throws<ArgumentException>(() => new SearchSpace().Uniform("a", 1, 1));
        Assert.Throws<ArgumentException>(() => new SearchSpace().LogUniform("a", 0, 1));
        SearchValues values = Grid.At(0);
        Assert.Throws<ArgumentException>(() => values.Get<int>("layers"));
        Assert.Throws<ArgumentException>(() => values.Get<string>("units"));
    }

    private static TrainingSetup<float> Setup(SearchValues values) => TuningData.Setup(units: values.Get<int>("units"), rate: values.Get<double>("rate"), epochs: 10);
}

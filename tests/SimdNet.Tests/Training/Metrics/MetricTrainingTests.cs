using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Metrics;

/// <summary>Metrics in evaluations: on what the network gives, in the targets' own scale, with any number of threads, and without allocation.</summary>
[Collection(nameof(Alone))]
public sealed class MetricTrainingTests
{
    [Theory]
    [InlineData("24,16:tanh,3:softmax", 5)]
    [InlineData("24,16:tanh,3:softmax", 4_000)]
    [InlineData("24,3:identity", 2_000)]
    public void An_evaluation_collects_what_predictions_give(string spec, int rows)
    {
        Random random = new(6);
        float[] x = [.. Enumerable.Range(0, rows * 24).Select(_ => random.NextSingle() - 0.5f)];
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3))];
        Network<float> network = NetworkSpec.Parse(spec).Build<float>();
        network.InputScaler = Scaler<float>.Constant(2, 24);
        Dataset<float> data = new(x, 24, labels);
        foreach (int threads in (int[])[1, 2])
        {
            using WorkerTeam team = new(threads);
            foreach (Dataset<float> rowsOf in (Dataset<float>[])[data, data.OneHot(3)])
            {
                Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Sgd(), new() { Team = team });
                Metric[] metrics = [Metric.Accuracy(3), Metric.F1(3), new ConfusionMatrix(3), Metric.MeanAbsoluteError(3), Metric.RootMeanSquaredError(3), Metric.R2(3)];
                Evaluation evaluation = trainer.Evaluate(rowsOf, metrics);
                Assert.Equal(trainer.Evaluate(rowsOf), evaluation);
                float[] outputs = network.Predict(x);
                foreach (Metric metric in metrics)
                {
                    Metric alone = Metric.Parse(metric.Name, 3);
                    alone.Update<float>(outputs, labels);
                    Assert.Equal(alone.Result, metric.Result, 1e-12);
                    Assert.Equal(rows, metric.Rows);
                }

                Assert.Equal(evaluation.MeanAbsoluteError, metrics[3].Result, 1e-6);
                Assert.Equal(evaluation.Accuracy, rowsOf.HasLabels || spec.EndsWith("softmax", StringComparison.Ordinal) ? metrics[0].Result : null);
            }
        }
    }

    [Fact]
    public void Scaled_targets_are_measured_in_their_own_scale()
    {
        Dataset<double> exam = Dataset.Exam<double>();
        Network<double> network = NetworkSpec.Input(2).Dense(1).Build<double>();
        network.TargetScaler = Scaler<double>.Constant(100, 1);
        Metric mae = Metric.MeanAbsoluteError(1);
        Metric rmse = Metric.RootMeanSquaredError(1);
        Evaluation evaluation = network.Evaluate(exam, metrics: [mae, rmse]);
        Assert.Equal(evaluation.MeanAbsoluteError, mae.Result, 1e-9);
        double[] outputs = network.Predict(exam.Inputs.Span);
        Assert.Equal(Math.Sqrt(outputs.Zip(exam.Targets.ToArray(), (p, y) => (p - y) * (p - y)).Average()), rmse.Result, 1e-9);
    }

    [Fact]
    public void Where_the_loss_takes_logits_metrics_see_probabilities()
    {
        Network<double> network = NetworkSpec.Input(1).Dense(1, useBias: false, kernelInitializer: Initializer.Constant(1)).Build<double>();
        Dataset<double> data = new(new double[] { -1, 0.25, 2, -3 }, 1, new int[] { 0, 1, 1, 0 });
        Metric accuracy = Metric.Accuracy(1);
        RocAuc auc = new(1, capacity: 4);
        Evaluation evaluation = new Trainer<double>(network, Loss.BinaryCrossEntropyWithLogits, new Sgd()).Evaluate(data, accuracy, auc);
        Assert.Equal((1.0, 1.0, (double?)1), (accuracy.Result, auc.Result, evaluation.Accuracy));
        Assert.Equal(0.75, new Trainer<double>(network, Loss.Hinge, new Sgd()).Evaluate(new Dataset<double>(data.Inputs, 1, new int[] { 0, 0, 1, 0 })).Accuracy);

    }

    [Fact]
    public void Evaluations_with_metrics_allocate_nothing()
    {
        Network<float> network = NetworkSpec.Parse("9,17:relu,1:sigmoid").Build<float>();
        Trainer<float> trainer = new(network, Loss.BinaryCrossEntropy, new Sgd());
        Random random = new(3);
        Dataset<float> data = new(Enumerable.Range(0, 40 * 9).Select(_ => random.NextSingle()).ToArray(), 9, Enumerable.Range(0, 40).Select(row => row % 2).ToArray());
        Metric[] metrics = [Metric.Accuracy(1), Metric.F1(1), new RocAuc(1, 40), Metric.R2(1), new ConfusionMatrix(1)];
        Assert.Equal((0, 0), Allocation.Of(() => trainer.Evaluate(data, metrics), 500));
    }

    [Fact]
    public void Epochs_measure_the_validation_rows()
    {
        Network<float> network = NetworkSpec.Parse("64,16:relu,10:softmax").Build<float>();
        network.InputScaler = Scaler<float>.Constant(16, 64);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam());
        (Dataset<float> train, Dataset<float> held) = Dataset.Digits<float>().Split(0.2, 1);
        History history = trainer.Fit(train, new() { Epochs = 3, Validation = held, Metrics = [Metric.F1(10), Metric.TopK(10, 3)] });
        Metric f1 = Metric.F1(10);
        trainer.Evaluate(held, f1);
        Assert.Equal(f1.Result, history.Epochs[^1]["val_f1"]);
        Assert.All(history.Epochs, epoch => Assert.True(epoch["val_top-k(3)"] >= epoch.ValidationAccuracy));
        Assert.True(history.Epochs[0]["val_f1"] < history.Epochs[^1]["val_f1"]);
        Assert.Null(history.Epochs[0]["f1"]);
        Assert.Contains("validation rows", Assert.Throws<ArgumentException>(() => trainer.Fit(train, new() { Metrics = [f1] })).Message, StringComparison.Ordinal);
        Assert.Contains("3 outputs", Assert.Throws<ArgumentException>(() => trainer.Fit(train, new() { Validation = held, Metrics = [Metric.F1(3)] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new FitOptions<float> { Metrics = null! });
    }

    [Fact]
    public void A_metric_of_another_width_is_refused_and_keeps_what_it_has()
    {
        Network<float> network = NetworkSpec.Parse("1,2:softmax").Build<float>();
        Dataset<float> data = new(new float[] { 1 }, 1, new int[] { 0 });
        Metric accuracy = Metric.Accuracy(3);
        Assert.Contains("3 outputs", Assert.Throws<ArgumentException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Evaluate(data, accuracy)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Evaluate(data, [null!]));
    }
}

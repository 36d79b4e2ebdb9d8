using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>What the trainer promises besides the right numbers: order, splits, reports, cancellation, and clear refusals.</summary>
public sealed class TrainerTests
{
    private static readonly NetworkSpec Spec = NetworkSpec.Input(3).Dense(5, Activation.Tanh).Dense(2, Activation.Softmax);

    [Fact]
    public void Fit_with_batch_one_is_a_stream_of_single_steps()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 0.1 }, new Sgd { LearningRate = 0.1, Momentum = 0.9 }, new Adam()])
        {
            Dataset<float> data = Data(20);
            Network<float> fitted = Spec.Build<float>(1);
            new Trainer<float>(fitted, Loss.CrossEntropy, optimizer).Fit(data, new() { Epochs = 3, BatchSize = 1, Shuffle = false });
            Network<float> stepped = Spec.Build<float>(1);
            Trainer<float> trainer = new(stepped, Loss.CrossEntropy, optimizer);
            for (int i = 0; i < 60; i++)
            {
                trainer.Step(data.Inputs.Span.Slice(i % 20 * 3, 3), data.Labels.Span[i % 20]);
            }

            Assert.Equal(fitted.ParameterBlock.ToArray(), stepped.ParameterBlock.ToArray());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    public void Fit_has_the_bits_of_steps_on_its_batches_even_where_one_row_is_left_over(int units)
    {
        float[] inputs = new float[7 * 3];
        float[] targets = new float[7];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (i % 5 * 0.3f) - 0.7f;
            targets[i / 3] = i % 4 * 0.25f;
        }

        Network<float> fitted = NetworkSpec.Input(3).Dense(units, Activation.Tanh).Dense(1, Activation.Sigmoid).Build<float>();
        Network<float> stepped = fitted.Clone();
        Network<float> joined = fitted.Clone();
        fitted.Fit(new Dataset<float>(inputs, 3, targets, 1), Loss.BinaryCrossEntropy, new Sgd { LearningRate = 0.5 }, new() { Epochs = 1, BatchSize = 3, Shuffle = false });
        Trainer<float> trainer = new(stepped, Loss.BinaryCrossEntropy, new Sgd { LearningRate = 0.5 });
        Trainer<float> control = new(joined, Loss.BinaryCrossEntropy, new Sgd { LearningRate = 0.5 });
        for (int start = 0; start < 7; start += 3)
        {
            int rows = Math.Min(3, 7 - start);
            trainer.Step(inputs.AsSpan(start * 3, rows * 3), targets.AsSpan(start, rows));
            control.Step(inputs.AsSpan(0, rows * 3), targets.AsSpan(0, rows));
        }

        Assert.Equal(stepped.ParameterBlock.ToArray(), fitted.ParameterBlock.ToArray());
        Assert.NotEqual(joined.ParameterBlock.ToArray(), fitted.ParameterBlock.ToArray());
    }

    [Fact]
    public void A_fit_repeats_bit_for_bit_and_depends_on_its_seed()
    {
        Dataset<float> data = Data(50);
        float[] first = Fit(7);
        Assert.Equal(first, Fit(7));
        Assert.NotEqual(first, Fit(8));

        float[] Fit(ulong seed)
        {
            Network<float> network = Spec.Build<float>();
            network.Fit(data, Loss.CrossEntropy, new Adam(), new() { Epochs = 3, BatchSize = 8, Seed = seed });
            return network.ParameterBlock.ToArray();
        }
    }

    [Fact]
    public void Labels_and_one_hot_rows_train_alike()
    {
        Dataset<double> labels = Dataset.FromRows<double>([[1, 2, 3], [-1, 0.5, 2], [0, 0, 1]], (int[])[0, 1, 1]);
        foreach (Loss loss in (Loss[])[Loss.CrossEntropy, Loss.MeanSquaredError])
        {
            Network<double> byLabels = Spec.Build<double>();
            Network<double> byRows = Spec.Build<double>();
            History history = byLabels.Fit(labels, loss, new Sgd { LearningRate = 0.5 }, new() { Epochs = 4, BatchSize = 3 });
            History other = byRows.Fit(labels.OneHot(2), loss, new Sgd { LearningRate = 0.5 }, new() { Epochs = 4, BatchSize = 3 });
            for (int i = 0; i < byRows.ParameterBlock.Length; i++)
            {
                Assert.Equal(byRows.ParameterBlock[i], byLabels.ParameterBlock[i], 1e-14);
            }

            Assert.Equal(other.Epochs.Select(epoch => epoch.Accuracy), history.Epochs.Select(epoch => epoch.Accuracy));
        }
    }

    [Fact]
    public void A_batch_of_several_tiles_has_the_gradient_of_one()
    {
        NetworkSpec wide = NetworkSpec.Input(3_000).Dense(4, Activation.Tanh).Dense(1);
        Random random = new(3);
        double[] x = [.. Enumerable.Range(0, 100 * 3_000).Select(_ => random.NextDouble() - 0.5)];
        double[] y = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        Network<double> network = wide.Build<double>();
        Assert.True(SimdNet.Model.Tiles.Rows(network) < 100);
        Trainer<double> trainer = new(network, Loss.MeanSquaredError, new Sgd());
        double loss = trainer.LossAndGradient(new Dataset<double>(x, 3_000, y, 1));
        double[] whole = trainer.GradientBlock.ToArray();
        double[] sum = new double[whole.Length];
        double losses = 0;
        for (int row = 0; row < 100; row++)
        {
            losses += trainer.LossAndGradient(new Dataset<double>(x.AsMemory(row * 3_000, 3_000), 3_000, y.AsMemory(row, 1), 1)) / 100;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += trainer.GradientBlock[i] / 100;
            }
        }

        Assert.Equal(losses, loss, 1e-13);
        for (int i = 0; i < sum.Length; i++)
        {
            Assert.Equal(sum[i], whole[i], 1e-14);
        }
    }

    [Fact]
    public void The_reported_loss_is_the_formula_over_all_rows()
    {
        Dataset<double> data = new(new double[] { 1, 2, 3, 4, 5 }, 1, new double[] { 2, 0, 1, 3, 5 }, 1);
        Network<double> network = NetworkSpec.Input(1).Dense(1, useBias: false, kernelInitializer: Initializer.Constant(1)).Build<double>();
        // p − y = −1, 2, 2, 1, 0
        Assert.Equal(10.0 / 5, network.Evaluate(data, Loss.MeanSquaredError).Loss, 1e-15);
        Assert.Equal(10.0 / 2, network.Evaluate(data, Loss.HalfSquaredError).Loss, 1e-15);
        Assert.Equal(6.0 / 5, network.Evaluate(data, Loss.MeanSquaredError).MeanAbsoluteError, 1e-15);
        Assert.Null(network.Evaluate(data).Accuracy);

        // The rate is too small to move anything: batches of 2, 2 and 1 report the same loss as all rows at once.
        History history = network.Fit(data, Loss.MeanSquaredError, new Sgd { LearningRate = 1e-300 }, new() { Epochs = 1, BatchSize = 2 });
        Assert.Equal(10.0 / 5, history.Epochs[0].Loss, 1e-15);
    }

    [Fact]
    public void Scalers_give_raw_units_everywhere()
    {
        Dataset<double> raw = new(new double[] { 10, 30, 20, 60 }, 1, new double[] { 100, 300, 200, 600 }, 1);
        Dataset<double> scaled = new(new double[] { 10 / 60.0, 0.5, 20 / 60.0, 1 }, 1, new double[] { 1, 3, 2, 6 }, 1);
        Network<double> onRaw = NetworkSpec.Input(1).Dense(2, Activation.Tanh).Dense(1).Build<double>();
        Network<double> onScaled = onRaw.Clone();
        onRaw.InputScaler = Scaler<double>.ColumnMaximum(raw.Inputs.Span, 1);
        onRaw.TargetScaler = Scaler<double>.Constant(100, 1);
        Trainer<double> trainer = new(onRaw, Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 });
        Trainer<double> reference = new(onScaled, Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 });
        FitOptions<double> options = new() { Epochs = 5, BatchSize = 2 };
        Assert.Equal(reference.Fit(scaled, options).Epochs, trainer.Fit(raw, options).Epochs);
        Assert.Equal(reference.Step(scaled), trainer.Step(raw));
        Assert.Equal(reference.Step([0.5], [3.0]), trainer.Step([30.0], [300.0]));
        Assert.Equal(onScaled.ParameterBlock.ToArray(), onRaw.ParameterBlock.ToArray());
        Assert.Equal(onScaled.Predict([0.5])[0] * 100, onRaw.Predict([30.0])[0], 1e-12);
        Assert.Equal(reference.Evaluate(scaled).Loss, trainer.Evaluate(raw).Loss);
        Assert.Equal(reference.Evaluate(scaled).MeanAbsoluteError * 100, trainer.Evaluate(raw).MeanAbsoluteError, 1e-10);
    }

    [Fact]
    public void Validation_rows_are_held_out_and_measured_after_each_epoch()
    {
        Dataset<float> data = Data(50);
        History history = Spec.Build<float>().Fit(data, Loss.CrossEntropy, new Adam(), new() { Epochs = 3, ValidationSplit = 0.2 });
        Assert.Equal(40, history.Rows);
        Assert.All(history.Epochs, epoch => Assert.True(epoch.ValidationLoss > 0 && epoch.ValidationAccuracy is >= 0 and <= 1));

        Network<float> network = Spec.Build<float>();
        history = network.Fit(data, Loss.CrossEntropy, new Adam(), new() { Epochs = 3, Validation = data });
        Assert.Equal(50, history.Rows);
        Evaluation after = network.Evaluate(data);
        Assert.Equal(after.Loss, history.Epochs[^1].ValidationLoss);
        Assert.Equal(after.Accuracy, history.Epochs[^1].ValidationAccuracy);
    }

    [Fact]
    public void Progress_tells_every_epoch()
    {
        List<FitProgress> reports = [];
        History history = Spec.Build<float>().Fit(Data(20), Loss.CrossEntropy, new Adam(), new() { Epochs = 4, BatchSize = 6, Progress = reports.Add });
        Assert.Equal([1, 2, 3, 4], reports.Where(report => report.EpochCompleted).Select(report => report.Epoch));
        Assert.Equal(history.Epochs.Select(epoch => epoch.Loss), reports.Where(report => report.EpochCompleted).Select(report => report.Loss));
        Assert.All(reports, report => Assert.Equal((4, 20, 20), (report.Epochs, report.Rows, report.RowsDone)));
    }

    [Fact]
    public void A_cancelled_fit_stops_between_two_steps_and_keeps_what_it_learnt()
    {
        using CancellationTokenSource source = new();
        Dataset<float> data = Data(20);
        Network<float> cancelled = Spec.Build<float>();
        Assert.Throws<OperationCanceledException>(() => cancelled.Fit(data, Loss.CrossEntropy, new Adam(), new() { Epochs = 1_000_000, Progress = report => Cancel(report.Epoch) }, source.Token));
        Network<float> whole = Spec.Build<float>();
        whole.Fit(data, Loss.CrossEntropy, new Adam(), new() { Epochs = 3 });
        Assert.Equal(whole.ParameterBlock.ToArray(), cancelled.ParameterBlock.ToArray());

        void Cancel(int epoch)
        {
            if (epoch == 3)
            {
                source.Cancel();
            }
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_is_reported_before_the_step()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Network<float> network = Spec.Build<float>();
            float[] before = network.ParameterBlock.ToArray();
            Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer);
            Assert.Contains("Input 1 of row 0 is NaN", Assert.Throws<NonFiniteException>(() => trainer.Step([0, float.NaN, 0], 1)).Message, StringComparison.Ordinal);
            Assert.Contains("Input 2 of row 1 is -Infinity", Assert.Throws<NonFiniteException>(() => trainer.Step([0, 0, 0, 0, 0, float.NegativeInfinity], (int[])[1, 0])).Message, StringComparison.Ordinal);
            network.GetParameter("b2")[0] = float.NaN;
            before = network.ParameterBlock.ToArray();
            Assert.Contains("learning rate", Assert.Throws<NonFiniteException>(() => trainer.Step([1, 2, 3], 1)).Message, StringComparison.Ordinal);
            Assert.Equal(before, network.ParameterBlock.ToArray());
        }
    }

    /// <summary>Inputs are scaled tile by tile, by any thread of a team.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_scaled_input_that_overflows_in_a_late_tile_is_named_before_the_step(int threads)
    {
        const int Rows = 4000;
        using WorkerTeam team = new(threads);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Network<float> network = NetworkSpec.Parse("24,16:tanh,3:identity").Build<float>(seed: 3);
            network.InputScaler = Scaler<float>.Constant(1e-30, 24);
            Trainer<float> trainer = new(network, Loss.MeanSquaredError, optimizer, new() { Team = team });
            float[] x = new float[Rows * 24];
            float[] y = new float[Rows * 3];
            y[0] = 1;
            string before = trainer.Fingerprint();
            x[(3900 * 24) + 5] = 1e20f;
            Assert.Contains("Scaled input 5 of row 3900", Assert.Throws<NonFiniteException>(() => trainer.Step(x, y)).Message, StringComparison.Ordinal);
            Assert.Contains("Scaled input 5 of row 3900", Assert.Throws<NonFiniteException>(() => trainer.Evaluate(new Dataset<float>(x, 24, y, 3))).Message, StringComparison.Ordinal);
            Assert.Equal(before, trainer.Fingerprint());

            // Negative control: without it the step is made.
            x[(3900 * 24) + 5] = 0;
            trainer.Step(x, y);
            Assert.NotEqual(before, trainer.Fingerprint());
        }
    }

    /// <summary>A batch in tiles is checked by its gradient. ReLU hides −∞ from the loss; nothing hides it from the gradient, not even units that are off.</summary>
    [Fact]
    public void A_number_that_is_not_finite_is_reported_before_the_step_in_a_batch_of_many_tiles()
    {
        const int Rows = 3000;
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Network<float> network = NetworkSpec.Input(3).Dense(4, Activation.ReLU, kernelInitializer: Initializer.Constant(1)).Dense(2, Activation.Softmax).Build<float>(seed: 3);
            Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer);
            float[] x = new float[Rows * 3];
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (i % 7) - 3;
            }

            int[] labels = new int[Rows];
            float[] before = network.ParameterBlock.ToArray();
            foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                x[(2900 * 3) + 1] = bad;
                string message = Assert.Throws<NonFiniteException>(() => trainer.Step(x, labels)).Message;
                Assert.Contains("Input 1 of row 2900", message, StringComparison.Ordinal);
                Assert.Equal(before, network.ParameterBlock.ToArray());
            }

            // Negative control: without it the step is made.
            x[(2900 * 3) + 1] = 1;
            trainer.Step(x, labels);
            Assert.NotEqual(before, network.ParameterBlock.ToArray());
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_found_even_where_its_input_is_zero()
    {
        Network<float> network = Spec.Build<float>();
        network.GetParameter("W1")[0] = float.NaN;
        Dataset<float> data = new(new float[] { 0, 1, 1 }, 3, new int[] { 1 });
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => network.Fit(data, Loss.CrossEntropy, new Sgd(), new() { Epochs = 2, BatchSize = 1 }));
        Assert.Contains("W1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accuracy_is_what_the_data_allows()
    {
        Dataset<float> binary = new(new float[] { 0, 1 }, 1, new int[] { 0, 1 });
        Network<float> sigmoid = NetworkSpec.Input(1).Dense(1, Activation.Sigmoid, kernelInitializer: Initializer.Constant(1), biasInitializer: Initializer.Constant(-0.5)).Build<float>();
        Assert.Equal(1, sigmoid.Evaluate(binary).Accuracy);
        Assert.Equal(1, sigmoid.Evaluate(new Dataset<float>(binary.Inputs, 1, new float[] { 0, 1 }, 1)).Accuracy);
        Assert.Null(sigmoid.Evaluate(new Dataset<float>(binary.Inputs, 1, new float[] { 0.25f, 1 }, 1)).Accuracy);
        Assert.Null(NetworkSpec.Input(1).Dense(1).Build<float>().Evaluate(binary).Accuracy);

        Network<float> two = NetworkSpec.Input(1).Dense(2, Activation.Sigmoid, kernelInitializer: Initializer.Constant(1), biasInitializer: Initializer.Constant(-0.5)).Build<float>();
        Assert.Equal(0.75, two.Evaluate(new Dataset<float>(binary.Inputs, 1, new float[] { 0, 0, 1, 0 }, 2)).Accuracy);
    }

    [Fact]
    public void An_evaluation_leaves_the_model_as_it_is()
    {
        Network<float> network = NetworkSpec.Input(1).Dense(1, Activation.Sigmoid).Build<float>();
        Dataset<float> data = new(new float[] { 0, 1 }, 1, new int[] { 0, 1 });
        network.Fit(data);
        double bce = network.Evaluate(data).Loss;
        Assert.NotEqual(bce, network.Evaluate(data, Loss.MeanSquaredError).Loss);
        Assert.Equal("bce", network.Metadata["loss"]);
        network.Metadata["loss"] = "of my own";
        Assert.Equal(bce, network.Evaluate(data).Loss);
        network.Metadata["loss"] = "cross-entropy";
        Assert.Equal(bce, network.Evaluate(data).Loss);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    public void Values_are_checked_once_more_when_they_are_scaled(int units)
    {
        Network<float> network = NetworkSpec.Input(1).Dense(units, Activation.Sigmoid).Dense(1, Activation.Sigmoid).Build<float>();
        network.InputScaler = Scaler<float>.Constant(1e-30, 1);
        float[] before = network.ParameterBlock.ToArray();
        Trainer<float> trainer = new(network, Loss.BinaryCrossEntropy, new Sgd());
        Assert.Throws<NonFiniteException>(() => trainer.Step([1e20f], [1f]));
        Assert.Throws<ArgumentException>(() => trainer.Fit(new Dataset<float>(new[] { 1e20f }, 1, new[] { 1f }, 1)));
        network.InputScaler = null;
        network.TargetScaler = Scaler<float>.Constant(10, 1);
        Assert.Contains("500", Assert.Throws<ArgumentException>(() => trainer.Step([1f], [5000f])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => trainer.Fit(new Dataset<float>(new[] { 1f }, 1, new[] { 5000f }, 1)));
        Assert.Throws<ArgumentException>(() => trainer.Evaluate(new Dataset<float>(new[] { 1f }, 1, new[] { -500f }, 1)));
        Assert.Equal(before, network.ParameterBlock.ToArray());
    }

    [Fact]
    public void Labels_are_numbers_where_the_one_output_is_one()
    {
        Dataset<double> data = new(new double[] { 1, 2 }, 1, new int[] { 5, 7 });
        Network<double> stepped = NetworkSpec.Input(1).Dense(1).Build<double>();
        Network<double> fitted = stepped.Clone();
        new Trainer<double>(stepped, Loss.MeanSquaredError, new Sgd()).Step(data);
        fitted.Fit(data, Loss.MeanSquaredError, new Sgd(), new() { Epochs = 1, BatchSize = 2 });
        Assert.Equal(fitted.ParameterBlock.ToArray(), stepped.ParameterBlock.ToArray());
    }

    [Fact]
    public void Numbers_beyond_the_precision_are_refused()
    {
        Network<float> network = Spec.Build<float>();
        Assert.Throws<ArgumentException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Adam { Epsilon = 1e-50 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Sgd { LearningRate = 1e300 }));
        Assert.Throws<InvalidOperationException>(() => NetworkSpec.Input(1).Dense(1, kernelInitializer: Initializer.Constant(1e300)).Build<float>());
        Assert.Throws<NotSupportedException>(() => Spec.Build<Half>());
        Assert.Throws<ArgumentException>(() => network.Predict(new float[3], network.GetParameter("b2")));
        Assert.Throws<ArgumentException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Step(network.GetParameter("W1")[..3], 1));
    }

    /// <summary>One-hot rows on the logits of an identity output, whatever is done to the targets before they are used.</summary>
    [Fact]
    public void A_cross_entropy_has_an_accuracy_with_smoothing_and_class_weights_too()
    {
        Network<float> network = NetworkSpec.Parse("1,2").Build<float>();
        new float[] { -1, 1 }.CopyTo(network.GetParameter("W1"));
        Dataset<float> rows = new(new float[] { 1, 2, -1, 3 }, 1, new float[] { 0, 1, 0, 1, 1, 0, 1, 0 }, 2);
        foreach (Loss loss in (Loss[])[Loss.CrossEntropy, Loss.Parse("cross-entropy(0.1)"), Loss.CrossEntropy with { ClassWeights = [1, 2] }])
        {
            Trainer<float> trainer = new(network, loss, new Sgd { LearningRate = 1e-30 });
            Assert.Equal(0.75, trainer.Evaluate(rows).Accuracy);
            Assert.Equal(0.75, trainer.Fit(rows, new() { Epochs = 1, Callbacks = [new EarlyStopping<float>(1) { Monitor = "accuracy" }] }).Epochs[0].Accuracy);
        }

        Assert.Null(new Trainer<float>(network, Loss.MeanSquaredError, new Sgd()).Evaluate(rows).Accuracy);
    }

    [Fact]
    public void Class_names_of_the_data_are_kept_in_the_network()
    {
        Dataset<float> data = new(new float[] { 0, 1 }, 1, new int[] { 0, 1 }) { ClassNames = ["cat", "dog"] };
        Network<float> two = NetworkSpec.Input(1).Dense(2, Activation.Softmax).Build<float>();
        two.Fit(data);
        Assert.Equal(["cat", "dog"], two.ClassNames);
        Network<float> three = NetworkSpec.Input(1).Dense(3, Activation.Softmax).Build<float>();
        three.Fit(data);
        Assert.Null(three.ClassNames);
        two.ClassNames = ["dog", "cat"];
        Assert.Contains("'cat' in the data and 'dog' in the network", Assert.Throws<ArgumentException>(() => two.Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_calls_name_both_shapes_and_change_nothing()
    {
        Network<float> network = Spec.Build<float>();
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd(), new() { MaxBatch = 4 });
        float[] before = network.ParameterBlock.ToArray();
        Refused("4 values", () => trainer.Step(new float[4], 0));
        Refused("0 values", () => trainer.Step([], new float[2]));
        Refused("3 values are not 1 × 2", () => trainer.Step(new float[3], new float[3]));
        Refused("label 2", () => trainer.Step(new float[3], 2));
        Refused("label -1", () => trainer.Step(new float[3], -1));
        Refused("2 labels do not fit 1", () => trainer.Step(new float[3], new int[2]));
        Refused("5 rows exceed", () => trainer.Step(new float[15], new int[5]));
        Refused("exceeds the trainer's MaxBatch", () => trainer.Fit(Data(20), new() { BatchSize = 5 }));
        Refused("negative", () => trainer.Step(new float[3], [-1f, 2]));
        Refused("4 features", () => trainer.Fit(new Dataset<float>(new float[8], 4, new int[2])));
        Refused("label 2", () => trainer.Fit(new Dataset<float>(new float[3], 3, new int[] { 2 })));
        Refused("3 target columns", () => trainer.Evaluate(new Dataset<float>(new float[3], 3, new float[3], 3)));
        Refused("a last layer with softmax, log-softmax or identity", () => new Trainer<float>(NetworkSpec.Input(1).Dense(2, Activation.Tanh).Build<float>(), Loss.CrossEntropy, new Sgd()));
        Refused("sigmoid", () => new Trainer<float>(NetworkSpec.Input(1).Dense(2).Build<float>(), Loss.BinaryCrossEntropy, new Sgd()));
        Refused("momentum", () => new Trainer<float>(network, Loss.CrossEntropy, new Sgd { Nesterov = true }));
        Refused("[0, 1]", () => NetworkSpec.Input(1).Dense(1, Activation.Sigmoid).Build<float>().Fit(new Dataset<float>(new float[1], 1, new float[] { 2 }, 1)));
        Assert.Throws<ArgumentNullException>(() => trainer.Fit(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd { LearningRate = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta1 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { LearningRate = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.LearningRate = double.PositiveInfinity);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions<float> { Epochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions<float> { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions<float> { ValidationSplit = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { MaxBatch = 0 });
        Assert.Equal(before, network.ParameterBlock.ToArray());

        static void Refused(string reason, Action call) => Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    private static Dataset<float> Data(int rows)
    {
        Random random = new(9);
        float[] x = [.. Enumerable.Range(0, rows * 3).Select(_ => (random.NextSingle() * 2) - 1)];
        return new(x, 3, Enumerable.Range(0, rows).Select(row => x[row * 3] > 0 ? 1 : 0).ToArray());
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Weights of rows and of classes, and smoothed labels: against naive formulas, PyTorch's and scikit-learn's numbers, and rows that are left out or given twice.</summary>
[Trait("Suite", "Isa")]
public sealed class WeightTests
{
    private static readonly double[] Weights = [0, 0.5, 1, 2, 3.25];

    [Theory]
    [InlineData("cross_entropy_logits_smoothing_0_1", 0.1, false)]
    [InlineData("cross_entropy_logits_class_weight", 0, true)]
    public void Smoothing_and_class_weights_are_PyTorchs(string name, double smoothing, bool isWeighted)
    {
        Golden golden = Golden.Load("losses");
        Loss loss = Loss.SmoothedCrossEntropy(smoothing) with { ClassWeights = isWeighted ? [.. golden["class_weight"]] : null };
        foreach (Activation output in (Activation[])[Activation.Softmax, Activation.Identity])
        {
            (double value, double[] gradient) = OfPredictions(loss, output, golden["prediction"], data => new(data, 7, golden.Labels("class_target")));
            golden.AssertClose(name, [value], 4 * Tolerance.Epsilon<double>());
            golden.AssertClose(name + "_grad", gradient, 4 * Tolerance.Epsilon<double>());
        }
    }

    /// <summary>As PyTorch's cross_entropy_loss_label_smoothing and cross_entropy_loss_prob_target have it: labels are divided by the labels' weights, here 5, and rows of probabilities by the rows, here 2.</summary>
    [Fact]
    public void Class_weights_with_smoothing_and_with_rows_of_probabilities_follow_PyTorchs_formulas()
    {
        double[] logits = [0.5, -1, 2, 1, 1.5, -0.5];
        double[] w = [1, 2, 4];
        const double s = 0.2;
        double[] first = LogSoftmax(logits[..3]);
        double[] second = LogSoftmax(logits[3..]);
        double smooth = (Dot(w, first) + Dot(w, second)) / -5;
        double hard = ((4 * -first[2]) + (1 * -second[0])) / 5;
        Loss loss = Loss.SmoothedCrossEntropy(s) with { ClassWeights = [1, 2, 4] };
        Close(((1 - s) * hard) + (s / 3 * smooth), OfPredictions(loss, Activation.Softmax, logits, data => new(data, 2, new int[] { 2, 0 })).Value);

        double[] y = [0.2, 0.5, 0.3, 0, 1, 0];
        double expected = 0;
        for (int c = 0; c < 3; c++)
        {
            expected -= w[c] * (((1 - s) * y[c]) + (s / 3)) * first[c] / 2;
            expected -= w[c] * (((1 - s) * y[c + 3]) + (s / 3)) * second[c] / 2;
        }

        Close(expected, OfPredictions(loss, Activation.Softmax, logits, data => new(data, 2, y, 3)).Value);

        static double[] LogSoftmax(double[] z)
        {
            ReferenceLosses.Softmax(z, out double logSum);
            return Array.ConvertAll(z, value => value - logSum);
        }

        static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Fact]
    public void Weighted_losses_and_gradients_are_those_of_the_naive_formulas()
    {
        int controls = 0;
        int checks = 0;
        foreach (NetworkCase sample in NetworkCases.Arbitrary().Generator.Sample(Long.Count(400, 4_000), new Rnd(11), 50).Where(sample => !sample.IsSteep(1e-3) && !IsSaturated(sample)))
        {
            if (SeesOtherWeights(sample) is { } isSeen)
            {
                checks++;
                controls += isSeen ? 1 : 0;
            }
        }

        Assert.True(controls > 0.7 * checks, $"{controls} of {checks} wrong weights were seen.");

        // The naive slope of the binary cross-entropy divides by p·(1 − p), which is 0 where the sigmoid's output is exactly 1.
        static bool IsSaturated(NetworkCase sample)
        {
            Network<double> network = sample.Build<double>();
            return sample.Loss.Name == "bce" && new NaiveNetwork(sample.Spec) { Parameters = NetworkCases.Parameters(network, network.ParameterBlock) }.Train(sample.Inputs).SelectMany(row => row).Any(p => p is 0 or > 1 - 1e-9);
        }
    }

    /// <summary>Logits of 1e8, behind which a softmax is 1 and 0: a loss of −ln 0 by the probabilities, and of 1.7e8 by the logits.</summary>
    [Fact]
    public void Weighted_losses_of_probabilities_of_0_are_those_of_the_naive_formulas()
    {
        const string spec = "6,8:signed-square(0.5):kernel=normal(0.7):bias=normal(0.7),9:signed-square(0.5):kernel=normal(0.7):bias=normal(0.7),residual(9:signed-square(0.5):kernel=normal(0.4):bias=normal(0.4),dropout(0.5),residual(parabola,9:tanh:kernel=normal(0.4):bias=normal(0.4)),9:kernel=normal(0.4):bias=normal(0.4)),7:signed-square(0.5):no-bias:kernel=normal(0.7):bias=normal(0.7),3:kernel=normal(0.7):bias=normal(0.7),softmax";
        Assert.True(SeesOtherWeights(new(NetworkSpec.Parse(spec, CustomParts.Registry), Loss.SmoothedCrossEntropy(0.25), 681668245, 3, true)));
    }

    /// <summary>A loss with weights and its gradient against the formulas.</summary>
    /// <returns>Whether other weights are told from them; null where all are 0.</returns>
    private static bool? SeesOtherWeights(NetworkCase sample)
    {
        Random random = new(sample.Seed);
        Loss loss = sample.Loss.Name == "cross-entropy" && sample.Spec.Outputs > 1 && random.Next(2) == 0 ? Loss.SmoothedCrossEntropy(0.25) : sample.Loss;
        Dataset<double> data = sample.Data<double>();
        double[] samples = [.. Enumerable.Range(0, sample.Rows).Select(_ => Weights[random.Next(Weights.Length)])];
        bool hasClasses = loss.Name == "cross-entropy" && sample.Spec.Outputs > 1 && random.Next(2) == 0;
        double[] classes = [.. Enumerable.Range(0, sample.Spec.Outputs).Select(_ => 0.25 + random.NextDouble())];
        double[] mean = [.. samples.Select((weight, row) => weight * (hasClasses && data.HasLabels ? classes[data.Labels.Span[row]] : 1))];
        if (mean.Sum() == 0)
        {
            return null;
        }

        loss = hasClasses ? loss with { ClassWeights = ClassWeights.Create(classes) } : loss;
        Network<double> network = sample.Build<double>();
        Trainer<double> trainer = new(network, loss, new Sgd());
        double value = trainer.LossAndGradient(data.WithWeights(samples));
        double[] gradient = NetworkCases.Parameters(network, trainer.GradientBlock);
        NaiveNetwork naive = new(sample.Spec) { Parameters = NetworkCases.Parameters(network, network.ParameterBlock) };
        NaiveWeights weights = new(samples, mean, hasClasses ? classes : null);
        if (!sample.DiffersInTraining)
        {
            Assert.Equal(value, trainer.Evaluate(data.WithWeights(samples)).Loss, 1e-12 * Math.Max(1, Math.Abs(value)));
        }

        Assert.True(Agree([naive.Loss(loss.ToString(), sample.Inputs, sample.Targets, weights: weights)], [value]), $"{sample}: loss {value}");
        double[] expected = naive.Gradient(loss.ToString(), sample.Inputs, sample.Targets, weights);
        Assert.True(Agree(expected, gradient), $"{sample}: gradient");

        // The control: another weight of one row is seen, where rows do not have one gradient.
        samples[^1] += 1;
        return !Agree(naive.Gradient(loss.ToString(), sample.Inputs, sample.Targets, weights), gradient);

        // Where some are large, the others are what cancellation leaves of numbers as large.
        static bool Agree(double[] expected, double[] actual)
        {
            double bound = 1e-9 * expected.Select(Math.Abs).Append(1).Max();
            return expected.Zip(actual, (e, a) => Math.Abs(e - a) <= bound).All(close => close);
        }
    }

    public static TheoryData<Loss, Activation> EveryLoss => new()
    {
        { Loss.MeanSquaredError, Activation.Tanh },
        { Loss.HalfSquaredError, Activation.Tanh },
        { Loss.MeanAbsoluteError, Activation.Identity },
        { Loss.Huber(0.1), Activation.Identity },
        { Loss.BinaryCrossEntropy, Activation.Sigmoid },
        { Loss.BinaryCrossEntropy, Activation.Softmax },
        { Loss.BinaryCrossEntropyWithLogits, Activation.Identity },
        { Loss.CrossEntropy, Activation.Softmax },
        { Loss.SmoothedCrossEntropy(0.1), Activation.Softmax },
        { Loss.Hinge, Activation.Tanh },
        { Loss.Poisson, Activation.Identity },
        { Loss.KullbackLeibler, Activation.Softmax },
    };

    [Theory]
    [MemberData(nameof(EveryLoss))]
    public void A_row_that_weighs_2_is_two_and_one_that_weighs_0_is_none(Loss loss, Activation output)
    {
        Dataset<double> data = Data();
        Dataset<double> weighted = data.WithWeights(new double[] { 1, 0, 2, 1, 0, 3 });
        (double value, double[] gradient) = Train(loss, output, weighted);
        (double given, double[] byRows) = Train(loss, output, data.Select(0, 2, 2, 3, 5, 5, 5));
        Close(given, value);
        Assert.All(byRows.Zip(gradient), pair => Close(pair.First, pair.Second));

        // And the same by classes: 0 weighs 2, 1 nothing, 2 one.
        (value, gradient) = Train(loss with { ClassWeights = [2, 0, 1] }, output, data);
        int[] rows = [.. Enumerable.Range(0, 6).SelectMany(row => Enumerable.Repeat(row, data.Labels.Span[row] switch { 0 => 2, 1 => 0, _ => 1 }))];
        if (loss.ToString() != "cross-entropy(0.1)")
        {
            (given, byRows) = Train(loss, output, data.Select(rows));
            Close(given, value);
            Assert.All(byRows.Zip(gradient), pair => Close(pair.First, pair.Second));
        }

        // One-hot rows are labels, but to the cross-entropy, whose divisor is PyTorch's.
        if (loss.Name != "cross-entropy")
        {
            Assert.Equal(value, Train(loss with { ClassWeights = [2, 0, 1] }, output, data.OneHot(3)).Value);
        }

        // Both together.
        (value, _) = Train(loss with { ClassWeights = [2, 0, 1] }, output, weighted);
        rows = [.. rows.SelectMany(row => Enumerable.Repeat(row, (int)weighted.Weights.Span[row]))];
        if (loss.ToString() != "cross-entropy(0.1)")
        {
            Close(Train(loss, output, data.Select(rows)).Value, value);
        }
    }

    [Theory]
    [MemberData(nameof(EveryLoss))]
    public void Weights_of_1_change_nothing_but_rounding(Loss loss, Activation output)
    {
        Dataset<double> data = Data();
        (double value, double[] gradient) = Train(loss, output, data);
        (double weighted, double[] weightedGradient) = Train(loss with { ClassWeights = [1, 1, 1] }, output, data.WithWeights(new double[] { 1, 1, 1, 1, 1, 1 }));
        Close(value, weighted);
        Assert.All(gradient.Zip(weightedGradient), pair => Close(pair.First, pair.Second));
    }

    [Theory]
    [MemberData(nameof(EveryLoss))]
    public void A_batch_that_weighs_nothing_moves_nothing(Loss loss, Activation output)
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 0.5 }, new Sgd { LearningRate = 0.5, Momentum = 0.9 }])
        {
            Network<double> network = Network(output);
            string before = network.Fingerprint();
            Trainer<double> trainer = new(network, loss, optimizer);
            Assert.Equal(0, trainer.Step(Data().WithWeights(new double[6])));
            Assert.Equal(0, trainer.Step(Data().Take(1).WithWeights(new double[1])));
            Assert.Equal(0, trainer.Fit(Data().WithWeights(new double[6]), new() { Epochs = 1, BatchSize = 2 }).Epochs[0].Loss);
            Assert.Equal(before, network.Fingerprint());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void The_loss_of_an_epoch_is_the_formula_over_its_rows(int batch)
    {
        Dataset<double> data = Data().WithWeights(new double[] { 1, 0, 2, 1, 0.5, 3 });
        foreach (Loss loss in (Loss[])[Loss.MeanSquaredError, Loss.HalfSquaredError, Loss.CrossEntropy with { ClassWeights = [1, 2, 3] }, Loss.SmoothedCrossEntropy(0.2)])
        {
            Network<double> network = Network(Activation.Softmax);
            Trainer<double> trainer = new(network, loss, new Sgd { LearningRate = 0 });
            double expected = trainer.Evaluate(data).Loss;
            EpochResult epoch = trainer.Fit(data, new() { Epochs = 1, BatchSize = batch, Validation = data }).Epochs[0];
            Close(expected, epoch.Loss);
            Assert.Equal(expected, epoch.ValidationLoss);
        }
    }

    [Fact]
    public void Fit_with_batch_one_is_a_stream_of_weighted_steps()
    {
        Dataset<float> data = new(Array.ConvertAll(Data().Inputs.ToArray(), x => (float)x), 2, Data().Labels);
        data = data.WithWeights(new float[] { 1, 0, 2, 1, 0.5f, 3 });
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 0.1 }, new Adam()])
        {
            foreach (Loss loss in (Loss[])[Loss.HalfSquaredError, Loss.CrossEntropy with { ClassWeights = [1, 2, 3] }, Loss.SmoothedCrossEntropy(0.2)])
            {
                Network<float> fitted = NetworkSpec.Input(2).Dense(4, Activation.Tanh).Dense(3, Activation.Softmax).Build<float>(1);
                Network<float> stepped = fitted.Clone();
                new Trainer<float>(fitted, loss, optimizer).Fit(data, new() { Epochs = 2, BatchSize = 1, Shuffle = false });
                Trainer<float> trainer = new(stepped, loss, optimizer);
                for (int i = 0; i < 12; i++)
                {
                    trainer.Step(data.Select(i % 6));
                }

                Assert.Equal(fitted.Fingerprint(), stepped.Fingerprint());
            }
        }
    }

    [Fact]
    public void Weights_have_the_same_bits_with_any_number_of_threads()
    {
        const int Rows = 3_000;
        Random random = new(4);
        float[] x = [.. Enumerable.Range(0, Rows * 24).Select(_ => random.NextSingle() - 0.5f)];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(4) * 0.5f)];
        int[] labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(3))];
        Dataset<float> data = new Dataset<float>(x, 24, labels).WithWeights(weights);
        foreach (Loss loss in (Loss[])[Loss.CrossEntropy with { ClassWeights = [1, 2, 3] }, Loss.MeanAbsoluteError])
        {
            HashSet<(string, double)> results = [];
            foreach (int threads in (int[])[1, 2, 4])
            {
                Network<float> network = NetworkSpec.Input(24).Dense(16, Activation.Tanh).Dense(3, Activation.Softmax).Build<float>();
                using WorkerTeam team = new(threads);
                Trainer<float> trainer = new(network, loss, new Adam(), new() { Team = team });
                trainer.Fit(data, new() { Epochs = 1, BatchSize = 1_500 });
                results.Add((trainer.Fingerprint(), trainer.Evaluate(data).Loss));
            }

            Assert.Single(results);
        }
    }

    [Fact]
    public void A_row_that_weighs_nothing_does_not_count_even_where_its_loss_is_infinite()
    {
        Network<float> network = NetworkSpec.Input(1).Dense(1, useBias: false, kernelInitializer: Initializer.Constant(1)).Build<float>();
        Dataset<float> data = new Dataset<float>(new float[] { 1000, 0 }, 1, new float[] { 1, 1 }, 1).WithWeights(new float[] { 0, 1 });
        Trainer<float> trainer = new(network, Loss.Poisson, new Sgd { LearningRate = 1 });
        Assert.Equal(1, trainer.Step(data));
        Assert.Equal(1, network.GetParameter("W1")[0]);
    }

    /// <summary>scikit-learn 1.2: compute_class_weight("balanced", …).</summary>
    [Fact]
    public void Balanced_weights_are_scikit_learns()
    {
        Assert.Equal([0.75, 1.5, 1, 1], ClassWeights.Balanced([0, 2, 1, 2, 0, 0, 3, 1, 2, 3, 3, 0]));
        Assert.Equal([0.75, 1, 1.5], ClassWeights.Balanced([0, 0, 2]));
        Assert.Equal([0.75, 1, 1.5, 1], ClassWeights.Balanced([0, 0, 2], classes: 4));
        Assert.Equal(ClassWeights.Create(1, 2), [1, 2]);
        Assert.NotEqual(ClassWeights.Create(1, 2), [2, 1]);
        Assert.Equal("1,0.25", ClassWeights.Create(1, 0.25).ToString());
    }

    /// <summary>A classifier learns from what it has and knows of all classes from the start: one that turns up later is learnt then, with weights balanced before it did.</summary>
    [Fact]
    public void A_class_that_appears_late_is_learnt()
    {
        Network<float> network = NetworkSpec.Input(3).Dense(3, Activation.Softmax).Build<float>();
        int[] early = [0, 1, 0, 0];
        Trainer<float> trainer = new(network, Loss.CrossEntropy with { ClassWeights = ClassWeights.Balanced(early, classes: 3) }, new Sgd { LearningRate = 0.5 });
        float[] x = [1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0];
        trainer.Fit(new Dataset<float>(x, 3, early), new() { Epochs = 20, BatchSize = 2 });
        for (int i = 0; i < 40; i++)
        {
            trainer.Step([0, 0, 1], 2);
        }

        Assert.Equal(2, network.PredictClass([0, 0, 1]));
        Assert.Equal(0, network.PredictClass([1, 0, 0]));
        Assert.Equal(1, network.PredictClass([0, 1, 0]));
    }

    [Fact]
    public void Parts_of_a_set_keep_its_weights()
    {
        Dataset<double> data = Data().WithWeights(new double[] { 1, 2, 3, 4, 5, 6 });
        Assert.Equal([1, 2], data.Take(2).Weights.ToArray());
        Assert.Equal([6, 1, 6], data.Select(5, 0, 5).Weights.ToArray());
        Assert.Equal(data.Weights.ToArray(), data.OneHot(3).Weights.ToArray());
        Assert.Equal(21, data.Shuffle(3).Weights.ToArray().Sum());
        (Dataset<double> training, Dataset<double> validation) = data.Split(0.5, 1);
        Assert.Equal([1, 2, 3, 4, 5, 6], training.Weights.ToArray().Concat(validation.Weights.ToArray()).Order());
        Assert.False(data.WithWeights(default).HasWeights);
        Assert.False(Data().HasWeights);
    }

    [Fact]
    public void A_model_notes_its_loss_with_numbers_and_class_weights()
    {
        Dataset<double> data = Data();
        foreach (Loss loss in (Loss[])[Loss.SmoothedCrossEntropy(0.1) with { ClassWeights = [1, 2, 0.1] }, Loss.Huber(1.5), Loss.CrossEntropy])
        {
            Network<double> network = Network(Activation.Softmax);
            Trainer<double> trainer = new(network, loss, new Adam());
            trainer.Fit(data);
            Assert.Equal(loss.ToString(), network.Metadata["loss"]);
            Assert.Equal(loss.ClassWeights is not null, network.Metadata.ContainsKey("class-weights"));
            Assert.Equal(trainer.Evaluate(data), network.Evaluate(data));
            Assert.Equal(loss, Loss.Parse(loss.ToString()) with { ClassWeights = loss.ClassWeights });
        }
    }

    [Fact]
    public void Class_weights_read_what_they_write()
    {
        ClassWeights weights = [0.1, 0, 1e300, 3];
        Assert.True(ClassWeights.TryParse(weights.ToString(), out ClassWeights? read));
        Assert.Equal(weights, read);
        foreach (string? wrong in (string?[])[null, "", "1,", "1,a", "0,0", "1,-1", "1,NaN", "1,1e999", "1;2"])
        {
            Assert.False(ClassWeights.TryParse(wrong, out ClassWeights? none));
            Assert.Null(none);
        }
    }

    [Fact]
    public void Wrong_weights_are_refused()
    {
        Dataset<double> data = Data();
        Refused("5 weights do not fit 6 rows", () => data.WithWeights(new double[5]));
        Refused("row 1", () => data.WithWeights(new double[] { 1, -1, 1, 1, 1, 1 }));
        Refused("NaN", () => data.WithWeights(new double[] { 1, 1, double.NaN, 1, 1, 1 }));
        Refused("Infinity", () => data.WithWeights(new double[] { 1, 1, double.PositiveInfinity, 1, 1, 1 }));
        Refused("-1", () => ClassWeights.Create(1, -1));
        Refused("NaN", () => ClassWeights.Create(1, double.NaN));
        Refused("more than 0", () => ClassWeights.Create(0, 0));
        Refused("more than 0", () => ClassWeights.Create());
        Refused("label -1", () => ClassWeights.Balanced([0, -1]));
        Refused("label 2", () => ClassWeights.Balanced([0, 2], classes: 2));
        Refused("one label", () => ClassWeights.Balanced([]));
        Refused("2 class weights", () => new Trainer<double>(Network(Activation.Softmax), Loss.CrossEntropy with { ClassWeights = [1, 2] }, new Sgd()));
        Refused("1E-300", () => new Trainer<float>(NetworkSpec.Input(1).Dense(2).Build<float>(), Loss.MeanSquaredError with { ClassWeights = [1, 1e-300] }, new Sgd()));
        Trainer<double> trainer = new(Network(Activation.Tanh), Loss.MeanSquaredError with { ClassWeights = [1, 2, 3] }, new Sgd());
        string before = trainer.Fingerprint();
        Refused("row 1", () => trainer.Step([1, 1, 1, 1], [0, 1, 0, 0.5, 0.5, 0]));
        Refused("row 0", () => trainer.Fit(new(new double[2], 2, new double[] { 1, 1, 0 }, 3)));
        Refused("row 0", () => trainer.Evaluate(new(new double[2], 2, new double[] { 0, 0, 0 }, 3)));
        Refused("label 3", () => trainer.Step([1, 1], 3));
        Trainer<double> single = new(NetworkSpec.Input(1).Dense(1).Build<double>(), Loss.MeanSquaredError with { ClassWeights = [1, 2] }, new Sgd());
        Refused("label 2", () => single.Step([1], 2));
        Refused("label 2", () => single.Fit(new(new double[1], 1, new int[] { 2 })));
        Network<double> scaled = Network(Activation.Tanh);
        scaled.TargetScaler = Scaler<double>.Constant(2, 3);
        Refused("scales its targets", () => new Trainer<double>(scaled, Loss.MeanSquaredError with { ClassWeights = [1, 2, 3] }, new Sgd()).Fit(data.OneHot(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SmoothedCrossEntropy(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SmoothedCrossEntropy(double.NaN));
        Assert.Equal(before, trainer.Fingerprint());

        static void Refused(string reason, Action call) => Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    private static Dataset<double> Data() => new(new double[] { 0.5, -1, 0.25, 2, -1.5, 0.75, 1, 1, -0.5, 0.125, 2, -2 }, 2, new int[] { 0, 1, 2, 2, 1, 0 });

    private static Network<double> Network(Activation output) => NetworkSpec.Input(2).Dense(4, Activation.Tanh).Dense(3, output).Build<double>(seed: 5);

    private static (double Value, double[] Gradient) Train(Loss loss, Activation output, Dataset<double> data)
    {
        Network<double> network = Network(output);
        Trainer<double> trainer = new(network, loss, new Adam());
        return (trainer.LossAndGradient(data), NetworkCases.Parameters(network, trainer.GradientBlock));
    }

    /// <summary>A network whose output of row i is row i of the predictions: inputs are the unit vectors, so that the weights are the predictions and their gradient is that of the loss.</summary>
    private static (double Value, double[] Gradient) OfPredictions(Loss loss, Activation output, double[] predictions, Func<double[], Dataset<double>> data)
    {
        Dataset<double> rows = data(UnitVectors(predictions.Length % 7 == 0 ? 7 : 2));
        Network<double> network = NetworkSpec.Input(rows.Features).Dense(predictions.Length / rows.Features, output, useBias: false).Build<double>();
        predictions.CopyTo(network.GetParameter("W1"));
        Trainer<double> trainer = new(network, loss, new Adam());
        return (trainer.LossAndGradient(rows), NetworkCases.Parameters(network, trainer.GradientBlock));

        static double[] UnitVectors(int count)
        {
            double[] vectors = new double[count * count];
            for (int i = 0; i < count; i++)
            {
                vectors[(i * count) + i] = 1;
            }

            return vectors;
        }
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-13 * Math.Max(1, Math.Abs(expected)));
}

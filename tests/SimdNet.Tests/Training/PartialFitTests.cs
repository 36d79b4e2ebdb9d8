using System;
using System.Linq;
using System.Numerics;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A stream of data: single steps, passes over parts of it, and a fit of one epoch in its order are the same.</summary>
public sealed class PartialFitTests
{
    private const int Rows = 150;

    public static TheoryData<string, string> Trainings()
    {
        TheoryData<string, string> all = [];
        foreach (string network in (string[])["3,2:sigmoid", "3,2:tanh,3:softmax", "40,70:relu,5:softmax", "3,16:leaky-relu,12:tanh,4"])
        {
            foreach (string optimizer in (string[])["sgd", "momentum", "nesterov", "decay", "rmsprop", "adagrad", "adam", "adamw", "nadam", "rprop", "clipped", "schedule in steps", "schedule in epochs"])
            {
                all.Add(network, optimizer);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_stream_of_single_steps_is_a_pass_and_an_epoch(string network, string optimizer)
    {
        Same<float>(network, optimizer);
        Same<double>(network, optimizer);
    }

    /// <summary>Batches of a pass are those of an epoch, with one that is left over.</summary>
    [Theory]
    [InlineData("sgd", 7)]
    [InlineData("adam", 7)]
    [InlineData("sgd", Rows - 1)]
    [InlineData("adam", 1_000)]
    public void Batches_of_a_pass_are_those_of_an_epoch(string optimizer, int batch)
    {
        Dataset<float> data = Data<float>("3,2:tanh,3:softmax", withLabels: true);
        string passed = Fingerprint<float>("3,2:tanh,3:softmax", optimizer, scales: false, trainer => trainer.PartialFit(data, batch));
        Assert.Equal(passed, Fingerprint<float>("3,2:tanh,3:softmax", optimizer, scales: false, trainer => trainer.Fit(data, new() { Epochs = 1, BatchSize = batch, Shuffle = false })));
        Assert.NotEqual(passed, Fingerprint<float>("3,2:tanh,3:softmax", optimizer, scales: false, trainer => trainer.PartialFit(data, batch + 1 > Rows ? 1 : batch + 1)));
    }

    [Fact]
    public void The_loss_is_that_of_the_epoch()
    {
        Dataset<double> data = Data<double>("3,2:tanh,3:softmax", withLabels: true);
        double passed = 0;
        Fingerprint<double>("3,2:tanh,3:softmax", "adam", scales: false, trainer => passed = trainer.PartialFit(data));
        Fingerprint<double>("3,2:tanh,3:softmax", "adam", scales: false, trainer => Assert.Equal(trainer.Fit(data, new() { Epochs = 1, BatchSize = 1, Shuffle = false }).Epochs[0].Loss, passed));
    }

    /// <summary>The classes are those of the network's outputs: the first parts of a stream need not have them all (scikit-learn#11758).</summary>
    [Fact]
    public void A_class_that_appears_late_is_learned()
    {
        Network<float> network = NetworkSpec.Parse("2,12:tanh,3:softmax").Build<float>(seed: 3);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam { LearningRate = 0.02 });
        float[] x = [0, 0, 1, 0, 0, 1];
        for (int pass = 0; pass < 200; pass++)
        {
            trainer.PartialFit(x.AsSpan(0, 4), (int[])[0, 1]);
        }

        Assert.NotEqual(2, network.PredictClass(x.AsSpan(4)));
        for (int pass = 0; pass < 200; pass++)
        {
            trainer.PartialFit(x, (int[])[0, 1, 2]);
        }

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(row => network.PredictClass(x.AsSpan(2 * row, 2))));
        Assert.Contains("0..2", Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, (int[])[0, 1, 3])).Message, StringComparison.Ordinal);
    }

    /// <summary>What is wrong with any row is found before a step on the first.</summary>
    [Fact]
    public void Nothing_is_trained_on_before_all_is_checked()
    {
        Network<float> network = NetworkSpec.Parse("2,3:tanh,2:sigmoid").Build<float>();
        Trainer<float> trainer = new(network, Loss.BinaryCrossEntropy, new Adam(), new() { MaxBatch = 2 });
        string before = trainer.Fingerprint();
        float[] x = [1, 2, 3, 4, 5, 6];
        float[] y = [0, 1, 0, 1, 0, 1];
        Assert.Throws<NonFiniteException>(() => trainer.PartialFit([1, 2, 3, 4, 5, float.NaN], y));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, [0, 1, 0, 1, 0, 2f]));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, y.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(x.AsSpan(1), y));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit([], y.AsSpan(0, 0)));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, y, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.PartialFit(x, y, 0));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(network.GetParameter("W1"), y));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(new Dataset<float>(x, 3, new float[4], 2)));
        Assert.Equal(before, trainer.Fingerprint());
        trainer.PartialFit(x, y, 2);
        Assert.NotEqual(before, trainer.Fingerprint());
    }

    /// <summary>So is what is wrong only when it is scaled.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_scaled_is_checked_before_the_first_step(int batch)
    {
        Network<float> network = NetworkSpec.Parse("2,3:tanh,1:softplus").Build<float>();
        network.InputScaler = Scaler<float>.Constant(1e-30, 2);
        network.TargetScaler = Scaler<float>.Standard([1, 3], 1);
        Trainer<float> trainer = new(network, Loss.Parse("poisson"), new Adam());
        string before = trainer.Fingerprint();
        float[] x = new float[4_000];
        float[] y = new float[2_000];
        y.AsSpan().Fill(3);
        x[^1] = 1e20f;
        Assert.Contains("of row 1999", Assert.Throws<NonFiniteException>(() => trainer.PartialFit(x, y, batch)).Message, StringComparison.Ordinal);
        x[^1] = 0;
        y[^1] = 1;
        Assert.Contains("is negative", Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, y, batch)).Message, StringComparison.Ordinal);
        Assert.Equal(before, trainer.Fingerprint());

        // Labels are numbers where there is one output, and are scaled as they are taken.
        int[] labels = [.. Enumerable.Repeat(3, 1_999), 1];
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(x, labels, batch));
        Assert.Throws<ArgumentException>(() => trainer.Fit(new(x, 2, labels), new() { Shuffle = false }));
        Assert.Throws<ArgumentException>(() => trainer.Fit(new(x, 2, Enumerable.Repeat(3, 2_000).ToArray()), new() { Validation = new(x, 2, labels) }));
        Assert.Equal((before, 0L), (trainer.Fingerprint(), trainer.Steps));
        y[^1] = 3;
        trainer.PartialFit(x, y, batch);
        Assert.NotEqual(before, trainer.Fingerprint());
    }

    /// <summary>A weight that no loss shows is found at the end of the pass.</summary>
    [Fact]
    public void A_hidden_weight_is_found_by_the_end_of_the_pass()
    {
        Network<float> network = NetworkSpec.Parse("2,3:tanh,2:softmax").Build<float>();
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd());
        network.GetParameter("W1")[0] = float.PositiveInfinity;
        Assert.Contains("W1", Assert.Throws<NonFiniteException>(() => trainer.PartialFit([0, 1, 0, 2], (int[])[0, 1])).Message, StringComparison.Ordinal);
    }

    private static void Same<T>(string network, string optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (bool scales in (bool[])[false, true])
        {
            foreach (bool withLabels in network.EndsWith("softmax", StringComparison.Ordinal) ? (bool[])[false, true] : [false])
            {
                Dataset<T> data = Data<T>(network, withLabels);
                int inputs = data.Features;
                string steps = Fingerprint<T>(network, optimizer, scales, trainer =>
                {
                    for (int row = 0; row < Rows; row++)
                    {
                        if (withLabels)
                        {
                            trainer.Step(data.Inputs.Span.Slice(row * inputs, inputs), data.Labels.Span[row]);
                        }
                        else
                        {
                            trainer.Step(data.Inputs.Span.Slice(row * inputs, inputs), data.Targets.Span.Slice(row * data.Outputs, data.Outputs));
                        }
                    }
                });
                Assert.Equal(steps, Fingerprint<T>(network, optimizer, scales, trainer => trainer.PartialFit(data)));
                Assert.Equal(steps, Fingerprint<T>(network, optimizer, scales, trainer =>
                {
                    trainer.PartialFit(data.Take(70));
                    ReadOnlySpan<T> rest = data.Inputs.Span[(70 * inputs)..];
                    if (withLabels)
                    {
                        trainer.PartialFit(rest, data.Labels.Span[70..]);
                    }
                    else
                    {
                        trainer.PartialFit(rest, data.Targets.Span[(70 * data.Outputs)..]);
                    }
                }));
                Assert.Equal(steps, Fingerprint<T>(network, optimizer, scales, trainer => trainer.Fit(data, new() { Epochs = 1, BatchSize = 1, Shuffle = false })));

                // Negative control: another order has other bits.
                Assert.NotEqual(steps, Fingerprint<T>(network, optimizer, scales, trainer => trainer.Fit(data, new() { Epochs = 1, BatchSize = 1 })));
            }
        }
    }

    private static string Fingerprint<T>(string network, string optimizer, bool scales, Action<Trainer<T>> train)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> built = NetworkSpec.Parse(network).Build<T>(seed: 9);
        if (scales)
        {
            built.InputScaler = Scaler<T>.Constant(1.7, built.Inputs);
            built.TargetScaler = network.EndsWith("softmax", StringComparison.Ordinal) || network.EndsWith("sigmoid", StringComparison.Ordinal) ? null : Scaler<T>.Constant(3, built.Outputs);
        }

        Trainer<T> trainer = new(built, Loss.Auto(built.Spec), optimizer switch
        {
            "momentum" => new Sgd { Momentum = 0.9 },
            "nesterov" => new Sgd { Momentum = 0.9, Nesterov = true },
            "decay" => new Sgd { WeightDecay = 0.01 },
            "rmsprop" => new RmsProp(),
            "adagrad" => new Adagrad(),
            "adam" => new Adam(),
            "adamw" => new AdamW(),
            "nadam" => new NAdam(),
            "rprop" => new Rprop(),
            _ => new Sgd(),
        }, new()
        {
            ClipGlobalNorm = optimizer == "clipped" ? 0.1 : null,
            Schedule = optimizer switch
            {
                "schedule in steps" => LearningRateSchedule.Exponential(0.99),
                "schedule in epochs" => LearningRateSchedule.Exponential(0.5) with { PerEpoch = true },
                _ => null,
            },
        });
        train(trainer);
        return trainer.Fingerprint();
    }

    private static Dataset<T> Data<T>(string network, bool withLabels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = NetworkSpec.Parse(network);
        Random random = new(4);
        T[] x = [.. Enumerable.Range(0, Rows * spec.Inputs).Select(_ => random.Next(4) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
        return withLabels
            ? new(x, spec.Inputs, Enumerable.Range(0, Rows).Select(i => i % spec.Outputs).ToArray())
            : new(x, spec.Inputs, Enumerable.Range(0, Rows * spec.Outputs).Select(i => i % spec.Outputs == i / spec.Outputs % spec.Outputs ? T.One : T.Zero).ToArray(), spec.Outputs);
    }
}

/// <summary>Passes allocate nothing.</summary>
[Collection(nameof(Alone))]
public sealed class PartialFitAllocationTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(8, true)]
    public void Passes_allocate_nothing(int batch, bool scales)
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Network<float> network = NetworkSpec.Parse("3,9:tanh,3:softmax").Build<float>();
            network.InputScaler = scales ? Scaler<float>.Constant(2, 3) : null;
            Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer);
            float[] x = [.. Enumerable.Range(0, 60).Select(i => i % 7 * 0.1f)];
            int[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 3)];
            Dataset<float> data = new(x, 3, labels);
            Assert.Equal((0, 0), Allocation.Of(() => trainer.PartialFit(x, labels, batch), 1_000));
            Assert.Equal((0, 0), Allocation.Of(() => trainer.PartialFit(data, batch), 1_000));
            network.TargetScaler = scales ? Scaler<float>.Constant(2, 3) : null;
            Trainer<float> squares = new(network, Loss.MeanSquaredError, optimizer);
            Assert.Equal((0, 0), Allocation.Of(() => squares.PartialFit(x, x, batch), 1_000));
        }
    }
}

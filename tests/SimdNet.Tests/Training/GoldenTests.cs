using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;
using Xunit.Sdk;

namespace SimdNet.Tests.Training;

/// <summary>The tutorials, to the numbers that numpy computes, and optimizers and losses to PyTorch's.</summary>
[Trait("Suite", "Isa")]
public sealed class GoldenTests
{
    private static readonly NetworkSpec Exam = NetworkSpec.Input(2).Dense(3, Activation.Sigmoid, useBias: false).Dense(1, Activation.Sigmoid, useBias: false);

    public static TheoryData<string, Loss, double, int, (int Epochs, double Tolerance)[], int> Xor => new()
    {
        { "xor_per_sample", Loss.MeanSquaredError, 0.1, 1, [(1, 1e-13), (1_000, 1e-11), (20_000, 1e-9)], 2 },
        { "xor_bce", Loss.BinaryCrossEntropy, 1, FitOptions<double>.FullBatch, [(1, 1e-13), (100, 1e-11), (5_000, 1e-9)], 3 },
    };

    [Fact]
    public void Exam_scores()
    {
        Golden golden = Golden.Load("exam");
        Network<double> network = Exam.Build<double>();
        golden.Initialize(network, "_0");
        Dataset<double> data = new(golden["X"], 2, golden["y"], 1);
        Trainer<double> trainer = new(network, Loss.HalfSquaredError, new Sgd { LearningRate = 1 });
        int done = 0;
        foreach ((int epochs, double tolerance) in ((int, double)[])[(1, 1e-13), (10, 1e-13), (1_000, 1e-11), (100_000, 1e-9)])
        {
            trainer.Fit(data, new() { Epochs = epochs - done, BatchSize = FitOptions<double>.FullBatch, Shuffle = false });
            done = epochs;
            golden.AssertParameters(network, $"_{epochs}", tolerance);
            golden.AssertClose($"out_{epochs}", network.Predict(golden["X"]), tolerance);
            golden.AssertClose($"predict_{epochs}", network.Predict(golden["x_predict"]), tolerance);
            golden.AssertClose($"loss_{epochs}", [2 * trainer.Evaluate(data).Loss / 3], tolerance);
        }

        Assert.True(2 * trainer.Evaluate(data).Loss / 3 < 1e-12);
    }

    [Fact]
    public void Exam_scores_from_raw_hours_and_in_points()
    {
        Golden golden = Golden.Load("exam");
        Dataset<double> data = Dataset.Exam<double>();
        Network<double> network = Exam.Build<double>();
        golden.Initialize(network, "_0");
        network.InputScaler = Scaler<double>.ColumnMaximum(data.Inputs.Span, 2);
        network.TargetScaler = Scaler<double>.Constant(100, 1);
        network.Fit(data, Loss.HalfSquaredError, new Sgd { LearningRate = 1 }, new() { Epochs = 1_000, BatchSize = FitOptions<double>.FullBatch });
        golden.AssertParameters(network, "_1000", 1e-11);
        double[] points = network.Predict(data.Inputs.Span);
        golden.AssertClose("out_1000", [.. points.Select(score => score / 100)], 1e-11);

        // The tutorial's query (4, 8) is divided by its own maximum: (0.5, 1) for a network that takes scaled inputs.
        network.InputScaler = null;
        Assert.Equal([0.5, 1], golden["x_predict"]);
        golden.AssertClose("predict_1000", [network.Predict([0.5, 1])[0] / 100], 1e-11);
    }

    [Theory]
    [MemberData(nameof(Xor))]
    public void Exclusive_or(string file, Loss loss, double rate, int batch, (int Epochs, double Tolerance)[] checks, int hidden)
    {
        Golden golden = Golden.Load(file);
        Network<double> network = NetworkSpec.Input(2).Dense(hidden, Activation.Sigmoid).Dense(1, Activation.Sigmoid).Build<double>();
        golden.Initialize(network, "_0");
        Dataset<double> data = new(golden["X"], 2, golden["y"], 1);
        Trainer<double> trainer = new(network, loss, new Sgd { LearningRate = rate });
        int done = 0;
        foreach ((int epochs, double tolerance) in checks)
        {
            trainer.Fit(data, new() { Epochs = epochs - done, BatchSize = batch, Shuffle = false });
            done = epochs;
            golden.AssertParameters(network, $"_{epochs}", tolerance);
            golden.AssertClose($"out_{epochs}", network.Predict(golden["X"]), tolerance);
            golden.AssertClose($"loss_{epochs}", [trainer.Evaluate(data).Loss], tolerance);
        }
    }

    [Fact]
    public void Digit_recogniser()
    {
        Golden golden = Golden.Load("digits");
        Network<double> network = NetworkSpec.Input(64).Dense(16, Activation.ReLU).Dense(10, Activation.Softmax).Build<double>();
        golden.Initialize(network, "_0");
        Dataset<double> data = Dataset.Digits<double>();
        network.InputScaler = Scaler<double>.Constant(16, 64);
        Trainer<double> trainer = new(network, Loss.CrossEntropy, new Sgd { LearningRate = 0.2 });
        FitOptions<double> fullBatch = new() { BatchSize = FitOptions<double>.FullBatch };
        List<double?> accuracies = [trainer.Fit(data, fullBatch with { Epochs = 1 }).Epochs[0].Accuracy];
        golden.AssertParameters(network, "_1", 1e-13);
        accuracies.AddRange(trainer.Fit(data, fullBatch with { Epochs = 349 }).Epochs.Select(epoch => epoch.Accuracy));
        golden.AssertParameters(network, "_350", 1e-10);
        Assert.Equal(golden["accuracy_every_10"].Cast<double?>(), accuracies.Where((_, iteration) => iteration % 10 == 0));
    }

    [Fact]
    public void A_single_neuron()
    {
        Network<double> neuron = NetworkSpec.Input(2).Dense(1, Activation.Sigmoid).Build<double>();
        new double[] { 0, 1 }.CopyTo(neuron.GetParameter("W1"));
        neuron.GetParameter("b1")[0] = 4;
        Assert.Equal(0.9990889488055994, neuron.Predict([2, 3])[0], 1e-15);
    }

    [Theory]
    [InlineData("sgd", 0, false, 0)]
    [InlineData("sgd_momentum", 0.9, false, 0)]
    [InlineData("sgd_nesterov", 0.9, true, 0)]
    [InlineData("sgd_weight_decay", 0, false, 0.01)]
    public void Stochastic_gradient_descent_as_in_PyTorch(string name, double momentum, bool nesterov, double decay) =>
        AssertOptimizer(name, new Sgd { LearningRate = 0.1, Momentum = momentum, Nesterov = nesterov, WeightDecay = decay });

    public static TheoryData<string, Optimizer> Named => new()
    {
        { "rmsprop", new RmsProp { LearningRate = 0.01, Rho = 0.9, Epsilon = 1e-8 } },
        { "adagrad", new Adagrad { LearningRate = 0.05 } },
        { "adam", new Adam { LearningRate = 0.01 } },
        { "adamw", new AdamW { LearningRate = 0.01, WeightDecay = 0.1 } },
        { "nadam", new NAdam { LearningRate = 0.01 } },
    };

    /// <summary>Golden/settings.py has the same settings in PyTorch's words.</summary>
    public static TheoryData<string, Optimizer> Settings => new()
    {
        { "rmsprop_plain", new RmsProp() },
        { "rmsprop_momentum", new RmsProp { LearningRate = 0.005, Rho = 0.95, Momentum = 0.8 } },
        { "rmsprop_centered", new RmsProp { Rho = 0.9, Epsilon = 1e-5, Centered = true } },
        { "rmsprop_all", new RmsProp { LearningRate = 0.004, Rho = 0.9, Epsilon = 1e-5, Centered = true, Momentum = 0.7, WeightDecay = 0.02 } },
        { "adagrad_rate_decay", new Adagrad { LearningRate = 0.1, RateDecay = 0.1 } },
        { "adagrad_initial", new Adagrad { LearningRate = 0.1, InitialSum = 0.1, Epsilon = 1e-7, WeightDecay = 0.01 } },
        { "adam_settings", new Adam { LearningRate = 0.02, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.05 } },
        { "adamw_plain", new AdamW() },
        { "adamw_settings", new AdamW { LearningRate = 0.02, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.3 } },
        { "nadam_plain", new NAdam() },
        { "nadam_settings", new NAdam { LearningRate = 0.02, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.05, MomentumDecay = 0.05 } },
        { "rprop_plain", new Rprop() },
        { "rprop_settings", new Rprop { LearningRate = 0.05, Shrink = 0.3, Grow = 1.5, LeastStep = 1e-3, MostStep = 0.1 } },
        { "sgd_all", new Sgd { LearningRate = 0.05, Momentum = 0.8, Nesterov = true, WeightDecay = 0.03 } },
    };

    [Theory]
    [MemberData(nameof(Named))]
    public void Adaptive_optimizers_as_in_PyTorch(string name, Optimizer optimizer) => AssertOptimizer(name, optimizer);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Other_settings_as_in_PyTorch(string name, Optimizer optimizer)
    {
        AssertSettings(name, optimizer);

        // Negative control: a rate that is off in the eighth digit.
        Assert.ThrowsAny<XunitException>(() => AssertSettings(name, optimizer with { LearningRate = optimizer.LearningRate * (1 + 1e-7) }));
    }

    [Fact]
    public void Clipping_as_in_PyTorch_and_Keras()
    {
        AssertOptimizer("sgd_clip_norm_0_05", new Sgd { LearningRate = 0.1 }, new() { ClipGlobalNorm = 0.05 });
        AssertSettings("clip_value", new Sgd { LearningRate = 0.1, Momentum = 0.9 }, new() { ClipValue = 0.01 });
        AssertSettings("clip_by_tensor", new Sgd { LearningRate = 0.1, Momentum = 0.9 }, new() { ClipNorm = 0.03 });
        AssertSettings("clip_global_adam", new Adam { LearningRate = 0.01 }, new() { ClipGlobalNorm = 0.1 });
        Assert.ThrowsAny<XunitException>(() => AssertSettings("clip_by_tensor", new Sgd { LearningRate = 0.1, Momentum = 0.9 }, new() { ClipGlobalNorm = 0.03 }));
    }

    [Theory]
    [InlineData("sgd_step_lr_every_10_by_half", "step(10,0.5)")]
    [InlineData("sgd_exponential_lr_0_95", "exponential(0.95)")]
    [InlineData("sgd_cosine_lr_50", "cosine(50)")]
    public void Schedules_as_in_PyTorch(string name, string schedule) =>
        AssertOptimizer(name, new Sgd { LearningRate = 0.1 }, new() { Schedule = LearningRateSchedule.Parse(schedule) });

    [Fact]
    public void Another_optimizer_than_the_one_named_is_noticed() =>
        Assert.Throws<TrueException>(() => AssertOptimizer("sgd_momentum", new Sgd { LearningRate = 0.1, Momentum = 0.9 + 1e-9 }));

    private static void AssertSettings(string name, Optimizer optimizer, TrainerOptions? options = null)
    {
        Golden golden = Golden.Load("settings");
        (Trainer<double> trainer, double[] inputs, int[] labels) = Start(optimizer, options);
        int rows = name.StartsWith("rprop", StringComparison.Ordinal) ? 40 : 8;
        double[] losses = new double[50];
        for (int step = 0; step < 50; step++)
        {
            int row = step * rows % 40;
            losses[step] = trainer.Step(inputs.AsSpan(row * 5, rows * 5), labels.AsSpan(row, rows));
        }

        golden.AssertClose(name, NetworkCases.Parameters(trainer.Network, trainer.Network.ParameterBlock), 1e-10);
        golden.AssertClose(name + "__loss", losses, 1e-10);
    }

    private static (Trainer<double> Trainer, double[] Inputs, int[] Labels) Start(Optimizer optimizer, TrainerOptions? options)
    {
        Golden golden = Golden.Load("optimizers");
        Network<double> network = NetworkSpec.Input(5).Dense(7, Activation.Tanh).Dense(4, Activation.ReLU).Dense(3, Activation.Softmax).Build<double>();
        golden.Initialize(network, "_0");
        return (new(network, Loss.CrossEntropy, optimizer, options), golden["X"], golden.Labels("labels"));
    }

    private static void AssertOptimizer(string name, Optimizer optimizer, TrainerOptions? options = null)
    {
        Golden golden = Golden.Load("optimizers");
        (Trainer<double> trainer, double[] inputs, int[] labels) = Start(optimizer, options);
        double[] losses = new double[50];
        for (int step = 0; step < 50; step++)
        {
            int row = step * 8 % 40;
            losses[step] = trainer.Step(inputs.AsSpan(row * 5, 40), labels.AsSpan(row, 8));
            if (step + 1 is 1 or 5 or 50)
            {
                golden.AssertParameters(trainer.Network, $"_{step + 1}", 1e-10, name + "__");
            }
        }

        golden.AssertClose(name + "__loss", losses, 1e-10);
    }
}

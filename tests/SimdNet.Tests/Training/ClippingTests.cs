using System;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Bounds of the gradient: what they leave of it, and that a gradient that is not finite makes no step.</summary>
public sealed class ClippingTests
{
    private static readonly NetworkSpec Line = NetworkSpec.Input(2).Dense(1, useBias: true, kernelInitializer: Initializer.Zeros);

    public static TheoryData<Optimizer> Optimizers => new()
    {
        new Sgd(),
        new Sgd { Momentum = 0.9 },
        new RmsProp(),
        new Adagrad(),
        new Adam(),
        new AdamW(),
        new NAdam(),
        new Rprop(),
    };

    /// <summary>At 0 the gradient of ½(p − y)² is −y·x for the weights and −y for the bias: (−3, −4) and −12 for x = (¼, ⅓) and y = 12.</summary>
    [Theory]
    [InlineData(null, null, null, 3, 4, 12)]
    [InlineData(3.5, null, null, 3, 3.5, 3.5)]
    [InlineData(null, 1.0, null, 0.6, 0.8, 1)]
    [InlineData(null, 6.0, null, 3, 4, 6)]
    [InlineData(null, 20.0, null, 3, 4, 12)]
    [InlineData(null, null, 1.3, 0.3, 0.4, 1.2)]
    [InlineData(null, null, 14.0, 3, 4, 12)]
    [InlineData(4.0, 2.5, null, 1.5, 2, 2.5)]
    public void A_step_is_bounded(double? value, double? norm, double? globalNorm, double w0, double w1, double bias)
    {
        Network<double> network = Line.Build<double>();
        Trainer<double> trainer = new(network, Loss.HalfSquaredError, new Sgd { LearningRate = 1 }, new() { ClipValue = value, ClipNorm = norm, ClipGlobalNorm = globalNorm });
        trainer.Step([0.25, 1.0 / 3], [12]);

        // PyTorch adds 1e-6 to the norm.
        double tolerance = globalNorm is null ? 1e-14 : 2e-7;
        Assert.Equal(w0, network.GetParameter("W1")[0], tolerance);
        Assert.Equal(w1, network.GetParameter("W1")[1], tolerance);
        Assert.Equal(bias, network.GetParameter("b1")[0], tolerance);
        Assert.Equal(0, trainer.SkippedSteps);
    }

    /// <summary>Squares of such a gradient overflow, its norm does not.</summary>
    [Fact]
    public void A_large_gradient_is_bounded_not_skipped()
    {
        Network<float> network = Line.Build<float>();
        Trainer<float> trainer = new(network, Loss.HalfSquaredError, new Sgd { LearningRate = 1 }, new() { ClipGlobalNorm = 5 });
        trainer.Step([3e20f, 4e20f], [1f]);
        Assert.Equal(0, trainer.SkippedSteps);
        Assert.Equal(3, network.GetParameter("W1")[0], 1e-5);
        Assert.Equal(4, network.GetParameter("W1")[1], 1e-5);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_gradient_that_is_not_finite_makes_no_step_and_is_counted(Optimizer optimizer)
    {
        foreach (TrainerOptions options in (TrainerOptions[])[new() { ClipValue = 1 }, new() { ClipNorm = 1 }, new() { ClipGlobalNorm = 1 }])
        {
            Trainer<float> trainer = Started(options);
            string before = trainer.Fingerprint();

            // The loss is 1e36, the gradient with respect to the weight 1e43.
            float loss = trainer.Step([1e25f, 0], [1e18f]);
            Assert.True(float.IsFinite(loss));
            Assert.Equal(1, trainer.SkippedSteps);
            Assert.Equal(before, trainer.Fingerprint());
            trainer.Step([1, 1], [1f]);
            Assert.Equal(1, trainer.SkippedSteps);
            Assert.NotEqual(before, trainer.Fingerprint());
        }

        // Negative control: without a bound the step is made, and spoils what it meets.
        Trainer<float> free = Started(new());
        string untouched = free.Fingerprint();
        free.Step([1e25f, 0], [1e18f]);
        Assert.NotEqual(untouched, free.Fingerprint());

        Trainer<float> Started(TrainerOptions options)
        {
            Trainer<float> trainer = new(Line.Build<float>(), Loss.HalfSquaredError, optimizer, options);
            trainer.Step([0.5f, -0.5f], [1f]);
            trainer.Network.GetParameter("W1").Clear();
            return trainer;
        }
    }

    /// <summary>Fit and single steps, with and without a team: the same bits, and nothing of the fused ways.</summary>
    [FusedTheory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Ways_threads_and_widths_change_no_bit(double momentum)
    {
        SeededTraining training = new("100,128:tanh,96:tanh,3:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1, Momentum = momentum }, 100, 64) { Options = new() { ClipGlobalNorm = 0.05, ClipValue = 0.01 } };
        string alone = training.Fingerprint<float>(3);
        using WorkerTeam team = new(3);
        Assert.Equal(alone, training.Fingerprint<float>(3, team));
        foreach (SimdNet.Kernels.KernelSet<float> set in SimdNet.Kernels.KernelSets.Supported<float>())
        {
            Assert.Equal(alone, training.Fingerprint<float>(3, null, set));
        }

        SeededTraining small = new("7,5:tanh,3:softmax", Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, 9, 1) { Options = training.Options };
        Assert.NotEqual((small with { Options = null }).Fingerprint<float>(3), small.Fingerprint<float>(3));
    }

    [Fact]
    public void Bounds_are_positive()
    {
        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { ClipValue = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { ClipNorm = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { ClipGlobalNorm = bad });
        }
    }
}

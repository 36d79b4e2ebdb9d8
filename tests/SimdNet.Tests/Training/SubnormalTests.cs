using System;

using SimdNet.Memory;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Moments that decay and weights that are penalised end at 0, never stuck below the normal range, where arithmetic can be a hundred times slower.</summary>
public sealed class SubnormalTests
{
    public static TheoryData<Optimizer> Optimizers => new()
    {
        new Sgd { LearningRate = 0.5, WeightDecay = 0.5 },
        new Sgd { Momentum = 0.9 },
        new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 },
        new RmsProp { WeightDecay = 0.01 },
        new RmsProp { Momentum = 0.9, Centered = true },
        new Adagrad { WeightDecay = 0.01 },
        new Adam { LearningRate = 1e-30 },
        new Adam { WeightDecay = 0.01 },
        new AdamW { LearningRate = 0.5, WeightDecay = 0.5 },
        new NAdam { WeightDecay = 0.01 },
        new Rprop { WeightDecay = 0.01 },
    };

    /// <summary>One step with a gradient, then steps without: inputs of 0 and units that are off.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_without_a_gradient_leave_no_subnormal_number(Optimizer optimizer)
    {
        Network<float> network = NetworkSpec.Parse("5,7:relu:l2=0.0001,3").Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, optimizer);
        trainer.Step([1e-3f, -1e-3f, 0.5f, 1, -1], [0f, 0, 1]);
        float[] x = new float[5];
        float[] y = new float[3];
        network.GetParameter("b2").Clear();
        int steps = Long.Count(10_000, 100_000);
        for (int step = 1; step <= steps; step++)
        {
            trainer.Step(x, y);
            if (step % 100 == 0)
            {
                AssertNormal(network.ParameterBlock);
                foreach (AlignedBuffer<float> moment in trainer.Moments)
                {
                    AssertNormal(moment.Span);
                }
            }
        }
    }

    /// <summary>Below a batch norm, a unit that is off has a mean and a variance of exactly 0: the running ones decay for good.</summary>
    [Fact]
    public void Statistics_of_units_that_are_off_end_at_zero()
    {
        Network<float> network = NetworkSpec.Parse("2,3:relu,batchnorm,1").Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Sgd { LearningRate = 1e-3 });
        network.GetParameter("b1").Fill(-10);
        network.GetParameter("running_mean1").Fill(-1e-36f);
        network.GetParameter("running_var1").Fill(1e-36f);
        float[] x = [1, 0.5f, -1, 0.25f];
        int steps = Long.Count(200, 100_000);
        for (int step = 0; step < steps; step++)
        {
            trainer.Step(x, [0.5f, 1]);
            AssertNormal(network.ParameterBlock);
        }

        Assert.Equal(new float[3], network.GetParameter("running_mean1").ToArray());
        Assert.Equal(new float[3], network.GetParameter("running_var1").ToArray());
    }

    /// <summary>Negative control: a mean that decays without a flush gets stuck.</summary>
    [Fact]
    public void A_mean_without_a_flush_gets_stuck()
    {
        float mean = 1e-3f;
        for (int step = 0; step < 10_000; step++)
        {
            mean *= 0.9f;
        }

        Assert.True(float.IsSubnormal(mean));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertNormal([mean]));
    }

    private static void AssertNormal(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            Assert.False(float.IsSubnormal(value));
        }
    }
}

using System;
using System.Collections.Generic;

using SimdNet.Kernels;
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

    /// <summary>Those in which something decays so far within the steps of a commit.</summary>
    public static TheoryData<Optimizer> Decaying => new()
    {
        new Sgd { LearningRate = 0.5, WeightDecay = 0.5 },
        new Sgd { Momentum = 0.9 },
        new RmsProp { Momentum = 0.9, Centered = true },
        new Adam { LearningRate = 1e-30 },
        new AdamW { LearningRate = 0.5, WeightDecay = 0.5 },
    };

    /// <summary>One step with a gradient, then steps without: inputs of 0 and units that are off.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_without_a_gradient_leave_no_subnormal_number(Optimizer optimizer) => Assert.False(GetsStuck(optimizer, KernelSets.Active<float>()));

    /// <summary>Negative control: the same kernels, whose flush takes no number for a small one.</summary>
    [Theory]
    [MemberData(nameof(Decaying))]
    public void Kernels_that_do_not_flush_get_stuck(Optimizer optimizer) => Assert.True(GetsStuck(optimizer, new VectorKernelSet<float, WithoutFlush, float, WidthScalar<float>>()));

    /// <summary>Whether a subnormal number is met at one of the looks.</summary>
    private static bool GetsStuck(Optimizer optimizer, KernelSet<float> kernels)
    {
        Network<float> network = new(NetworkSpec.Parse("5,7:relu:l2=0.0001,3"), 42, kernels);
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, optimizer);
        trainer.Step([1e-3f, -1e-3f, 0.5f, 1, -1], [0f, 0, 1]);
        float[] x = new float[5];
        float[] y = new float[3];
        network.GetParameter("b2").Clear();
        int steps = Long.Count(10_000, 100_000);
        for (int step = 1; step <= steps; step++)
        {
            trainer.Step(x, y);
            if (step % 100 == 0 && (HasSubnormal(network.ParameterBlock) || HasSubnormal(trainer.Moments)))
            {
                return true;
            }
        }

        return false;
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
            Assert.False(HasSubnormal(network.ParameterBlock));
        }

        Assert.Equal(new float[3], network.GetParameter("running_mean1").ToArray());
        Assert.Equal(new float[3], network.GetParameter("running_var1").ToArray());
    }

    private static bool HasSubnormal(IReadOnlyList<AlignedBuffer<float>> moments)
    {
        foreach (AlignedBuffer<float> moment in moments)
        {
            if (HasSubnormal(moment.Span))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasSubnormal(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (float.IsSubnormal(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The constants of float, but for the smallest normal number, which is what optimizers flush by.</summary>
    private readonly struct WithoutFlush : IPrecision<float>
    {
        public static float SmallestNormal => 0;

        public static int FractionBits => FloatPrecision.FractionBits;

        public static float Magic => FloatPrecision.Magic;

        public static float IntegerBase => FloatPrecision.IntegerBase;

        public static float BiasedIntegerBase => FloatPrecision.BiasedIntegerBase;

        public static float FractionMask => FloatPrecision.FractionMask;

        public static float SignMask => FloatPrecision.SignMask;

        public static float LargestFinite => FloatPrecision.LargestFinite;

        public static float SubnormalScale => FloatPrecision.SubnormalScale;

        public static float SubnormalExponent => FloatPrecision.SubnormalExponent;

        public static float Log2E => FloatPrecision.Log2E;

        public static float Ln2 => FloatPrecision.Ln2;

        public static float Ln2Rest => FloatPrecision.Ln2Rest;

        public static float ExpUpper => FloatPrecision.ExpUpper;

        public static float ExpLower => FloatPrecision.ExpLower;

        public static float Expm1Lower => FloatPrecision.Expm1Lower;

        public static float ErfSplit => FloatPrecision.ErfSplit;

        public static float ErfUpper => FloatPrecision.ErfUpper;

        public static float UpperHalfMask => FloatPrecision.UpperHalfMask;

        public static float NormalUpper => FloatPrecision.NormalUpper;

        public static float NormalCentre => FloatPrecision.NormalCentre;

        public static TVector ExpTail<TVector, TWidth>(TVector r)
            where TVector : unmanaged
            where TWidth : IWidth<TVector, float> => FloatPrecision.ExpTail<TVector, TWidth>(r);

        public static TVector LogRest<TVector, TWidth>(TVector f, TVector addend)
            where TVector : unmanaged
            where TWidth : IWidth<TVector, float> => FloatPrecision.LogRest<TVector, TWidth>(f, addend);

        public static TVector ErfTail<TVector, TWidth>(TVector z)
            where TVector : unmanaged
            where TWidth : IWidth<TVector, float> => FloatPrecision.ErfTail<TVector, TWidth>(z);

        public static TVector Erfc<TVector, TWidth>(TVector x)
            where TVector : unmanaged
            where TWidth : IWidth<TVector, float> => FloatPrecision.Erfc<TVector, TWidth>(x);

        public static TVector NormalTail<TVector, TWidth>(TVector t)
            where TVector : unmanaged
            where TWidth : IWidth<TVector, float> => FloatPrecision.NormalTail<TVector, TWidth>(t);
    }
}

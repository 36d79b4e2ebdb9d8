using System;
using System.Globalization;
using System.Numerics;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A run of single steps, where the update by one sample and the forward of the next are one pass over the weights, is the single steps one by one, bit for bit.</summary>
[Trait("Suite", "Isa")]
public sealed class SampleStepTests
{
    private const int Inputs = 70;

    /// <summary>More than two runs.</summary>
    private const int Rows = 150;

    /// <summary>Sums of losses in double are grouped by run.</summary>
    private const double Tolerance = 1e-13;

    public static TheoryData<string> Networks => ["70-40-10", "70-16-10", "70-10", "70-133-40-10", "70-40-10 without bias"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Fit_with_batch_one_has_the_bits_of_single_steps(string name)
    {
        foreach (double zeros in (double[])[0, 0.5])
        {
            Agree<float>(name, Data<float>(zeros));
            Agree<double>(name, Data<double>(zeros));
        }
    }

    /// <summary>Negative control: two samples the other way round must be seen.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Two_samples_that_change_places_are_noticed(string name)
    {
        Dataset<float> data = Data<float>(0);
        Network<float> fitted = Fit(name, data, epochs: 1);
        Network<float> stepped = Spec(name).Build<float>(1);
        Step(stepped, data, row => row ^ 1);
        Assert.NotEqual(fitted.ParameterBlock.ToArray(), stepped.ParameterBlock.ToArray());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_loss_that_is_not_finite_ends_a_fit_after_the_step_before(string name)
    {
        const int bad = 7;
        float[] inputs = Data<float>(0).Inputs.ToArray();
        inputs.AsSpan(bad * Inputs, Inputs).Fill(3e38f);
        Dataset<float> data = new(inputs, Inputs, Data<float>(0).Labels);
        Network<float> fitted = Spec(name).Build<float>(1);
        Assert.Throws<NonFiniteException>(() => Trainer(fitted).Fit(data, new() { BatchSize = 1, Shuffle = false }));
        Network<float> stepped = Spec(name).Build<float>(1);
        Trainer<float> trainer = Trainer(stepped);
        for (int row = 0; row < bad; row++)
        {
            trainer.Step(inputs.AsSpan(row * Inputs, Inputs), data.Labels.Span[row]);
        }

        Assert.Equal(stepped.ParameterBlock.ToArray(), fitted.ParameterBlock.ToArray());
        trainer.Step(inputs.AsSpan(0, Inputs), data.Labels.Span[0]);

        // Negative control: one step more is something else.
        Assert.NotEqual(stepped.ParameterBlock.ToArray(), fitted.ParameterBlock.ToArray());
    }

    private static void Agree<T>(string name, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> fitted = Spec(name).Build<T>(1);
        History history = Trainer(fitted).Fit(data, new() { Epochs = 2, BatchSize = 1, Shuffle = false });
        Network<T> stepped = Spec(name).Build<T>(1);
        Assert.Equal(Step(stepped, data, row => row), history.Epochs[0].Loss, Tolerance);
        Assert.Equal(Step(stepped, data, row => row), history.Epochs[1].Loss, Tolerance);
        Assert.Equal(stepped.ParameterBlock.ToArray(), fitted.ParameterBlock.ToArray());
    }

    private static Network<float> Fit(string name, Dataset<float> data, int epochs)
    {
        Network<float> network = Spec(name).Build<float>(1);
        Trainer(network).Fit(data, new() { Epochs = epochs, BatchSize = 1, Shuffle = false });
        return network;
    }

    /// <summary>An epoch of single steps; returns the mean of their losses.</summary>
    private static double Step<T>(Network<T> network, Dataset<T> data, Func<int, int> place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Trainer<T> trainer = Trainer(network);
        double sum = 0;
        for (int i = 0; i < data.Rows; i++)
        {
            int row = place(i);
            sum += double.CreateTruncating(trainer.Step(data.Inputs.Span.Slice(row * Inputs, Inputs), data.Labels.Span[row]));
        }

        return sum / data.Rows;
    }

    private static Trainer<T> Trainer<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(network, Loss.CrossEntropy, new Sgd { LearningRate = 0.05 });

    private static NetworkSpec Spec(string name)
    {
        string[] parts = name.Split(' ');
        string[] widths = parts[0].Split('-');
        NetworkSpec spec = NetworkSpec.Input(Inputs);
        for (int i = 1; i < widths.Length; i++)
        {
            spec = spec.Dense(int.Parse(widths[i], CultureInfo.InvariantCulture), i == widths.Length - 1 ? Activation.Softmax : Activation.ReLU, useBias: parts.Length == 1);
        }

        return spec;
    }

    private static Dataset<T> Data<T>(double zeros)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(4);
        T[] inputs = new T[Rows * Inputs];
        int[] labels = new int[Rows];
        foreach (ref T input in inputs.AsSpan())
        {
            input = random.NextDouble() < zeros ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1);
        }

        foreach (ref int label in labels.AsSpan())
        {
            label = random.Next(10);
        }

        return new(inputs, Inputs, labels);
    }
}

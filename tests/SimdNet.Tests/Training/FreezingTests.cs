using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Frozen layers keep their bits, the others train as if nothing were frozen above them, and layers come from other models.</summary>
public sealed class FreezingTests
{
    private const string Text = "5,8:tanh:max-norm=0.1:l2=0.01,batchnorm,6:relu,layernorm,residual(6:sigmoid,6),3:softmax";

    private static readonly Optimizer[] Optimizers =
    [
        new Sgd(), new Sgd { WeightDecay = 0.1 }, new Sgd { Momentum = 0.9, WeightDecay = 0.1 }, new Adam { WeightDecay = 0.1 }, new AdamW { WeightDecay = 0.1 }, new NAdam { WeightDecay = 0.1 },
        new RmsProp { WeightDecay = 0.1 }, new Adagrad { WeightDecay = 0.1 }, new Rprop(), new Lbfgs { WeightDecay = 0.1 },
    ];

    [Fact]
    public void Frozen_layers_keep_their_bits_under_every_optimizer()
    {
        NetworkSpec spec = NetworkSpec.Parse(Text);
        foreach (Optimizer optimizer in Optimizers)
        {
            foreach (int[] frozen in (int[][])[[0], [1], [0, 1, 2], [3], [4], [2, 5], [0, 1, 2, 3, 4], []])
            {
                Network<float> network = spec.Build<float>(3);
                network.Freeze(frozen);
                float[][] before = [.. network.Parameters.Select(parameter => network.GetParameter(parameter.Name).ToArray())];
                Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer);
                trainer.Fit(Data(40), new() { Epochs = 3, BatchSize = optimizer is Lbfgs or Rprop ? FitOptions<float>.FullBatch : 8 });
                for (int i = 0; i < before.Length; i++)
                {
                    ParameterInfo parameter = network.Parameters[i];
                    bool isKept = before[i].AsSpan().SequenceEqual(network.GetParameter(parameter.Name));
                    Assert.True(isKept == frozen.Contains(parameter.Layer), $"{optimizer}, frozen {string.Join(',', frozen)}: {parameter.Name}");
                }
            }
        }
    }

    /// <summary>Of the layers that are trained, the first step has the bits that it has where nothing is frozen: gradients come from above.</summary>
    [Theory]
    [InlineData("5,8:tanh,6:relu,3:softmax", 10)]
    [InlineData("5,8:tanh,6:relu,3:softmax", 1)]
    [InlineData("5,40:tanh,40:relu,3:softmax", 10)]
    [InlineData("5,8:tanh,layernorm,residual(8:relu,8),3:softmax", 10)]
    public void What_is_trained_moves_as_if_nothing_were_frozen(string text, int rows)
    {
        NetworkSpec spec = NetworkSpec.Parse(text);

        // The length of a step of L-BFGS is one for all parameters.
        foreach (Optimizer optimizer in Optimizers.Where(optimizer => optimizer is not Lbfgs))
        {
            Network<double> free = spec.Build<double>(3);
            Network<double> half = spec.Build<double>(3);
            half.Freeze(0, 1);
            new Trainer<double>(free, Loss.CrossEntropy, optimizer).Step(Data<double>(rows));
            new Trainer<double>(half, Loss.CrossEntropy, optimizer).Step(Data<double>(rows));
            foreach (ParameterInfo parameter in free.Parameters.Where(parameter => parameter.Layer > 1))
            {
                double[] expected = free.GetParameter(parameter.Name).ToArray();
                Assert.All(half.GetParameter(parameter.Name).ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
            }
        }
    }

    [Fact]
    public void A_trainer_goes_by_what_was_frozen_when_it_was_made_and_files_and_clones_keep_it()
    {
        Network<float> network = NetworkSpec.Parse(Text).Build<float>();
        network.Freeze(0, 3);
        network.Unfreeze(3);
        Assert.Equal([true, false, false, false, false, false], Enumerable.Range(0, 6).Select(network.IsFrozen));
        Assert.True(network.Clone().IsFrozen(0));
        Assert.Contains("dense 1 (tanh), frozen", network.Summary(), StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        network.Save(folder.File("m.safetensors"));
        Assert.Equal([true, false, false, false, false, false], Enumerable.Range(0, 6).Select(ModelFile.Load<float>(folder.File("m.safetensors")).IsFrozen));
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd());
        network.Unfreeze(0);
        float[] before = network.GetParameter("W1").ToArray();
        trainer.Step(Data(10));
        Assert.Equal(before, network.GetParameter("W1").ToArray());
        new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Step(Data(10));
        Assert.NotEqual(before, network.GetParameter("W1").ToArray());
    }

    [Fact]
    public void Layers_come_from_another_model()
    {
        Network<float> source = NetworkSpec.Parse("5,8:tanh,batchnorm,6:relu,3:softmax").Build<float>(1);
        new Trainer<float>(source, Loss.CrossEntropy, new Adam()).Fit(Data(40), new() { Epochs = 2, BatchSize = 8 });
        Network<float> target = NetworkSpec.Parse("5,8:tanh,batchnorm,9:relu,4:softmax").Build<float>(2);
        float[] own = target.GetParameter("W2").ToArray();
        target.CopyLayersFrom(source, 0, 1);
        foreach (string name in (string[])["W1", "b1", "gamma1", "beta1", "running_mean1", "running_var1"])
        {
            Assert.Equal(source.GetParameter(name).ToArray(), target.GetParameter(name).ToArray());
        }

        Assert.Equal(own, target.GetParameter("W2").ToArray());
        float[] before = target.ParameterBlock.ToArray();
        ArgumentException error = Assert.Throws<ArgumentException>(() => target.CopyLayersFrom(source, 0, 2));
        Assert.Contains("6:relu with W2 [8 × 6], b2 [6]", error.Message, StringComparison.Ordinal);
        Assert.Contains("9:relu with W2 [8 × 9], b2 [9]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => target.CopyLayersFrom(source, 4));
        Assert.Throws<ArgumentException>(() => target.CopyLayersFrom(NetworkSpec.Parse("5,8:tanh,layernorm,9:relu,4:softmax").Build<float>(), 1));
        Assert.Equal(before, target.ParameterBlock.ToArray());
    }

    /// <summary>A first layer that is frozen, or has no weights, forms no gradient, and a flat activation makes a finite number of an infinite input.</summary>
    [Theory]
    [InlineData("5,8:sigmoid,4:softmax", true)]
    [InlineData("5,8:tanh,4:softmax", false)]
    [InlineData("5,tanh,4:softmax", false)]
    public void An_infinite_input_is_seen_in_batches_of_any_size(string spec, bool freezes)
    {
        foreach (int rows in (int[])[3, 5_000])
        {
            Network<float> network = NetworkSpec.Parse(spec).Build<float>();
            if (freezes)
            {
                network.Freeze(0);
            }

            Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam());
            Assert.True(rows == 3 || rows > trainer.Pass.Workspace.Rows);
            Dataset<float> good = Data(rows);
            float[] x = good.Inputs.ToArray();
            x[^2] = float.PositiveInfinity;
            string before = trainer.Fingerprint();
            Assert.Contains($"row {rows - 1}", Assert.Throws<NonFiniteException>(() => trainer.Step(x, good.Labels.Span)).Message, StringComparison.Ordinal);
            Assert.Equal(before, trainer.Fingerprint());
            trainer.Step(good);
            Assert.NotEqual(before, trainer.Fingerprint());
        }
    }

    [Fact]
    public void Wrong_layers_are_named()
    {
        Network<float> network = NetworkSpec.Parse("2,3,1").Build<float>();
        Assert.Contains("0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => network.Freeze(0, 2)).Message, StringComparison.Ordinal);
        Assert.False(network.IsFrozen(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Unfreeze(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.IsFrozen(2));
        network.Freeze(0, 1);
        Assert.Contains("nothing to train", Assert.Throws<ArgumentException>(() => new Trainer<float>(network, Loss.MeanSquaredError, new Sgd())).Message, StringComparison.Ordinal);
        Assert.Equal(10, network.Evaluate(new(new float[20], 2, new float[10], 1)).Rows);
    }

    private static Dataset<float> Data(int rows) => Data<float>(rows);

    private static Dataset<T> Data<T>(int rows)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Random random = new(rows);
        return new(Enumerable.Range(0, rows * 5).Select(_ => T.CreateTruncating((random.NextDouble() * 2) - 1)).ToArray(), 5, Array.ConvertAll(new int[rows], _ => random.Next(3)));
    }
}

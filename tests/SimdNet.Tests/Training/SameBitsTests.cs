using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Training.Steps;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>The number of threads changes no bit of parameters and optimizer state, whatever the shape of the network and of its batches.</summary>
[Trait("Suite", "Isa")]
public sealed class SameBitsTests
{
    /// <summary>Networks that are cut in each of the ways there are: by units, by rows, into shards, not at all.</summary>
    public static TheoryData<string, int, int> Shapes => new()
    {
        { "784,128:relu,10:softmax", 160, 64 },
        { "784,128:relu,10:softmax", 700, 700 },
        { "784,16:relu,10:softmax", 3000, 3000 },
        { "4,32:tanh,16:tanh,4:identity", 9000, 9000 },
        { "40,300:sigmoid,200:leaky-relu(0.1),3:softmax", 301, 97 },
        { "24,8:tanh,2:identity", 200, 200 },
        { "4,8:tanh,8:tanh,1:identity", 64, 8 },
        { "30,65:relu,33:tanh,10:softmax", 50, 1 },
        { "40,64:gelu,48:mish,32:log-softmax,10:softmax", 300, 100 },
        { "30,65:silu,33:elu(0.5),10:softmax", 50, 1 },
        { "784,dropout(0.2),128,batchnorm,relu,residual(128:relu,layernorm,128),10:softmax", 160, 64 },
        { "40,300:softmax,batchnorm,dropout(0.5),3:softmax", 402, 100 },
        { "24,16:tanh,layernorm,dropout(0.3),residual(16:relu,16),2:identity", 4_000, 4_000 },

        // More parts than there are rows or inputs to cut: some are empty, and the first has the bias alone. The whole of the small layer is a kernel of its own.
        { "784,200:relu,784:relu,10:softmax", 9, 9 },
        { "24,32,batchnorm,relu,3:softmax", 1_000, 1_000 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Threads_change_no_bit_in_float(string network, int rows, int batch) => SameBits<float>(network, rows, batch);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Threads_change_no_bit_in_double(string network, int rows, int batch) => SameBits<double>(network, rows, batch);

    /// <summary>Negative control: a gradient whose terms are shared out by the number of threads has other bits, and the fingerprint shows it.</summary>
    [Fact]
    public void A_sum_that_is_cut_by_the_number_of_threads_is_seen()
    {
        HashSet<string> fingerprints = [];
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
        {
            Network<float> network = NetworkSpec.Parse("64,32:tanh,4:softmax").Build<float>(3);
            Dataset<float> data = Data<float>(64, 4, 240);
            Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd());
            Span<float> step = new float[network.ParameterBlock.Length];
            for (int thread = 0; thread < threads; thread++)
            {
                (int start, int count) = new Share(thread, threads).Of(data.Rows, 1);
                trainer.LossAndGradient(new(data.Inputs.Slice(start * 64, count * 64), 64, data.Targets.Slice(start * 4, count * 4), 4));
                network.Kernels.AddScaled((float)count / data.Rows, trainer.GradientBlock, step);
            }

            network.Kernels.AddScaled(-0.1f, step, network.ParameterBlock);
            fingerprints.Add(network.Fingerprint());
        }

        Assert.True(fingerprints.Count > 1, "Other orders of a sum leave other bits.");
    }

    [Fact]
    public void A_fingerprint_shows_one_bit_of_a_parameter_or_a_moment()
    {
        Network<float> network = NetworkSpec.Parse("3,2:tanh,1:identity").Build<float>(1);
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Adam());
        trainer.Step([1, 2, 3], [0.5f]);
        string before = network.Fingerprint();
        string trainerBefore = trainer.Fingerprint();
        Assert.Matches("^[0-9a-f]{64}$", before);
        Assert.NotEqual(before, trainerBefore);
        Span<float> bias = network.GetParameter("b2");
        bias[0] = float.BitIncrement(bias[0]);
        Assert.NotEqual(before, network.Fingerprint());
        bias[0] = float.BitDecrement(bias[0]);
        Assert.Equal(before, network.Fingerprint());
        Assert.Equal(trainerBefore, trainer.Fingerprint());
        trainer.LearningRate = 0;
        trainer.Step([1, 2, 3], [0.5f]);
        Assert.Equal(before, network.Fingerprint());
        Assert.NotEqual(trainerBefore, trainer.Fingerprint());
    }

    [Fact]
    public void A_team_helps_trainers_at_once()
    {
        using WorkerTeam team = new(2);
        string alone = Train<float>("784,128:relu,10:softmax", 160, 64, new Adam(), new() { Threads = 1 });
        string[] together = new string[3];
        System.Threading.Tasks.Parallel.For(0, 3, i => together[i] = Train<float>("784,128:relu,10:softmax", 160, 64, new Adam(), new() { Team = team }));
        Assert.All(together, fingerprint => Assert.Equal(alone, fingerprint));
    }

    /// <summary>What a user's part computes of an element may depend on where in a call the element is. The whole batch of a batch normalization is large enough to be cut.</summary>
    [Fact]
    public void Parts_of_users_are_never_cut()
    {
        const int Rows = 512;
        NetworkSpec spec = NetworkSpec.Input(8).Dense(256, Activation.Custom(new LastDoubled())).Custom(new LastDoubledLayer()).BatchNorm().Dense(2);
        Assert.True(10 * 256 * Rows >= 2 * LayerTeam<float>.LeastOperations, "Of the library's own functions there would be two parts.");
        Assert.Single(((int[])[1, 2, 3, 8]).Select(Fingerprint).Distinct());

        string Fingerprint(int threads)
        {
            using WorkerTeam team = new(threads);
            Trainer<float> trainer = new(spec.Build<float>(1), Loss.MeanSquaredError, new Adam(), new() { Team = team, MaxBatch = Rows });
            trainer.Fit(Data<float>(8, 2, Rows), new() { Epochs = 2, BatchSize = Rows });
            return trainer.Fingerprint();
        }
    }

    /// <summary>The way back ends above the first layers, and updates are of several ranges; in batches that are cut, and in shards. The control: where other layers are frozen, a training ends in other bits.</summary>
    [Theory]
    [InlineData("100,128:relu,128:tanh,128:relu,10:softmax", 160, 64)]
    [InlineData("5,12:tanh,9:relu,7:tanh,3:softmax", 2_500, 2_500)]
    public void Threads_change_no_bit_where_layers_are_frozen(string text, int rows, int batch)
    {
        NetworkSpec spec = NetworkSpec.Parse(text);
        Dataset<float> data = Data<float>(spec.Inputs, spec.Outputs, rows);
        HashSet<string> fingerprints = [];
        foreach (int[] frozen in (int[][])[[0], [1], [0, 2]])
        {
            string alone = Fingerprint(1, frozen);
            Assert.All((int[])[2, 3, 8], threads => Assert.Equal(alone, Fingerprint(threads, frozen)));
            fingerprints.Add(alone);
        }

        Assert.Equal(3, fingerprints.Count);

        string Fingerprint(int threads, int[] frozen)
        {
            Network<float> network = spec.Build<float>(2);
            network.Freeze(frozen);
            using WorkerTeam team = new(threads);
            Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam(), new() { Team = team });
            trainer.Fit(data, new() { Epochs = 2, BatchSize = batch });
            return trainer.Fingerprint();
        }
    }

    /// <summary>In one tile, in some, and in more than there are shards.</summary>
    [Theory]
    [InlineData("784,128:relu,10:softmax", 100)]
    [InlineData("784,128:relu,10:softmax", 333)]
    [InlineData("784,16:relu,10:softmax", 2)]
    [InlineData("40,300:sigmoid,200:leaky-relu(0.1),3:softmax", 90)]
    [InlineData("5,8:tanh,8:tanh,2:identity", 900)]
    [InlineData("30,20:relu,10:softmax", 20_000)]
    [InlineData("30,20:relu,10:softmax", 90_000)]
    public void Evaluation_does_not_depend_on_threads(string text, int rows)
    {
        NetworkSpec spec = NetworkSpec.Parse(text);
        Network<float> network = spec.Build<float>(7);
        network.InputScaler = Scaler<float>.Constant(3, spec.Inputs);
        network.TargetScaler = spec.OutputActivation == Activation.Identity ? Scaler<float>.Constant(2, spec.Outputs) : null;
        Loss loss = Loss.Auto(spec);
        Dataset<float> data = Data<float>(spec.Inputs, spec.Outputs, rows);
        Evaluation alone = new Trainer<float>(network, loss, new Sgd()).Evaluate(data);
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
        {
            using WorkerTeam team = new(threads);
            Assert.Equal(alone, new Trainer<float>(network, loss, new Sgd(), new() { Team = team }).Evaluate(data));
            Assert.Equal(alone, network.Evaluate(data, loss, team));
        }
    }

    /// <summary>Negative control: a mean over as many pieces as there are threads has other bits.</summary>
    [Fact]
    public void An_evaluation_that_is_cut_by_the_number_of_threads_is_seen()
    {
        Network<float> network = NetworkSpec.Parse("30,20:relu,10:softmax").Build<float>(7);
        Dataset<float> data = Data<float>(30, 10, 20_000);
        HashSet<double> losses = [];
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
        {
            double sum = 0;
            for (int thread = 0; thread < threads; thread++)
            {
                (int start, int count) = new Share(thread, threads).Of(data.Rows, 1);
                sum += network.Evaluate(new(data.Inputs.Slice(start * 30, count * 30), 30, data.Targets.Slice(start * 10, count * 10), 10)).Loss * count;
            }

            losses.Add(sum / data.Rows);
        }

        Assert.True(losses.Count > 1, "Other pieces leave other bits.");
    }

    /// <summary>Rows 4,000 and 17,000 overflow where they are scaled, in shards that different threads take.</summary>
    [Fact]
    public void Of_several_bad_rows_the_first_is_named_with_any_number_of_threads()
    {
        Network<float> network = NetworkSpec.Parse("30,20:relu,10:softmax").Build<float>(7);
        network.InputScaler = Scaler<float>.Constant(1e-10f, 30);
        Dataset<float> clean = Data<float>(30, 10, 20_000);
        float[] x = clean.Inputs.ToArray();
        Assert.Contains("Scaled input 5 of row 17000", Message(1), StringComparison.Ordinal);
        x[(4_000 * 30) + 2] = 1e30f;
        Assert.All([1, 2, 3, 4, 8], threads => Assert.Contains("Scaled input 2 of row 4000", Message(threads), StringComparison.Ordinal));

        string Message(int threads)
        {
            x[(17_000 * 30) + 5] = 1e30f;
            using WorkerTeam team = new(threads);
            return Assert.Throws<NonFiniteException>(() => network.Evaluate(new(x, 30, clean.Targets, 10), team: team)).Message;
        }
    }

    /// <summary>The inputs of a step are looked at in parts too: one tile by plain and by other steps, and several tiles. Control: once they are finite the step is made.</summary>
    [Theory]
    [InlineData(128, 3, 5)]
    [InlineData(128, 127, 783)]
    [InlineData(400, 399, 783)]
    public void An_input_that_is_not_finite_is_refused_with_any_number_of_threads(int rows, int row, int input)
    {
        Assert.True(128 * 784 >= 2 * LayerTeam<float>.LeastSummed, "The sum is cut.");
        float[] x = Data<float>(784, 10, rows).Inputs.ToArray();
        int[] labels = new int[rows];
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3])
            {
                using WorkerTeam team = new(threads);
                Trainer<float> trainer = new(NetworkSpec.Parse("784,128:relu,10:softmax").Build<float>(11), Loss.CrossEntropy, optimizer, new() { Team = team });
                string before = trainer.Fingerprint();
                float good = x[(row * 784) + input];
                x[(row * 784) + input] = float.NaN;
                Assert.Contains($"Input {input} of row {row} is NaN", Assert.Throws<NonFiniteException>(() => trainer.Step(x, labels)).Message, StringComparison.Ordinal);
                Assert.Equal(before, trainer.Fingerprint());
                x[(row * 784) + input] = good;
                trainer.Step(x, labels);
                Assert.NotEqual(before, trainer.Fingerprint());
            }
        }
    }

    private static void SameBits<T>(string network, int rows, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 0.01 }, new Sgd { LearningRate = 0.01, Momentum = 0.9, WeightDecay = 1e-4 }, new Adam()])
        {
            string alone = Train<T>(network, rows, batch, optimizer, new());
            foreach (int threads in (ReadOnlySpan<int>)[2, 3, 4, 8])
            {
                Assert.Equal(alone, Train<T>(network, rows, batch, optimizer, new() { Threads = threads }));
            }
        }
    }

    private static string Train<T>(string text, int rows, int batch, Optimizer optimizer, TrainerOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = NetworkSpec.Parse(text);
        using WorkerTeam? team = options.Threads > 1 ? new(options.Threads) : null;
        bool isSoftmax = spec.OutputActivation == Activation.Softmax;
        Trainer<T> trainer = new(spec.Build<T>(11), isSoftmax ? Loss.CrossEntropy : Loss.MeanSquaredError, optimizer, options.Team is null ? new() { Team = team } : options);
        trainer.Fit(Data<T>(spec.Inputs, spec.Outputs, rows), new() { Epochs = 2, BatchSize = batch, Seed = 5 });
        return trainer.Fingerprint();
    }

    private static Dataset<T> Data<T>(int inputs, int outputs, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(rows);
        T[] x = [.. Enumerable.Range(0, rows * inputs).Select(_ => random.Next(3) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
        T[] targets = [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, outputs).Select(output => output == row % outputs ? T.One : T.Zero))];
        return new Dataset<T>(x, inputs, targets, outputs);
    }

    /// <summary>The identity, but for the last element of a call.</summary>
    private sealed class LastDoubled() : CustomActivation("last-doubled")
    {
        public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units)
        {
            x.CopyTo(y);
            y[^1] += y[^1];
        }

        public override void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units) => gradient[^1] += gradient[^1];
    }

    /// <summary>The same as a layer.</summary>
    private sealed class LastDoubledLayer() : CustomLayer("last-doubled-layer")
    {
        public override void Forward<T>(in LayerContext<T> context, ReadOnlySpan<T> input, Span<T> output)
        {
            input.CopyTo(output);
            output[^1] += output[^1];
        }

        public override void InputGradient<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        {
            outputGradient.CopyTo(inputGradient);
            inputGradient[^1] += inputGradient[^1];
        }
    }
}

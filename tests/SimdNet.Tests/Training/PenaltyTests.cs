using System;
using System.Linq;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Penalties on weights and limits of their norms: in the loss, in the gradient, after the step.</summary>
[Trait("Suite", "Isa")]
public sealed class PenaltyTests
{
    private const string Penalised = "5,7:tanh:l1=0.01:l2=0.02,4:relu:l1=0.05,3:softmax:no-bias:l2=0.03";

    /// <summary>w = (2, −3, 0): Keras' L1L2(0.1, 0.01) adds 0.1·5 + 0.01·13 to the loss, and 0.1·sign(w) + 0.02·w to the gradient.</summary>
    [Fact]
    public void The_formula_by_hand()
    {
        Network<double> network = NetworkSpec.Parse("3,1:l1=0.1:l2=0.01").Build<double>();
        new double[] { 2, -3, 0 }.CopyTo(network.GetParameter("W1"));
        network.GetParameter("b1")[0] = 7;
        Trainer<double> trainer = new(network, Loss.HalfSquaredError, new Sgd { LearningRate = 1 });

        // The output is 7 + 2 − 3 = 6, as wanted: the loss and its gradient are the penalties'.
        Dataset<double> data = new(new double[] { 1, 1, 1 }, 3, new double[] { 6 }, 1);
        Assert.Equal(0.63, trainer.Evaluate(data).Loss, 1e-15);
        Assert.Equal(0.63, trainer.Step(data), 1e-15);
        Assert.Equal(2 - 0.14, network.GetParameter("W1")[0], 1e-15);
        Assert.Equal(-3 + 0.16, network.GetParameter("W1")[1], 1e-15);
        Assert.Equal(0, network.GetParameter("W1")[2]);
        Assert.Equal(7, network.GetParameter("b1")[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(3000)]
    public void Loss_and_gradient_are_those_without_penalties_and_theirs(int rows)
    {
        Network<double> network = NetworkSpec.Parse(Penalised).Build<double>(5);
        Network<double> free = NetworkSpec.Parse("5,7:tanh,4:relu,3:softmax:no-bias").Build<double>(5);
        Assert.Equal(free.ParameterBlock.ToArray(), network.ParameterBlock.ToArray());
        Dataset<double> data = Data<double>(rows);
        Trainer<double> trainer = new(network, Loss.CrossEntropy, new Adam());
        Trainer<double> reference = new(free, Loss.CrossEntropy, new Adam());
        double penalty = 0;
        double loss = trainer.LossAndGradient(data);
        double without = reference.LossAndGradient(data);
        double[] gradient = reference.GradientBlock.ToArray();
        foreach ((string name, double l1, double l2) in ((string, double, double)[])[("W1", 0.01, 0.02), ("W2", 0.05, 0), ("W3", 0, 0.03)])
        {
            ParameterInfo info = network.Parameters.Single(parameter => parameter.Name == name);
            for (int i = 0; i < info.Length; i++)
            {
                double w = network.ParameterBlock[info.Start + i];
                penalty += (l1 * Math.Abs(w)) + (l2 * w * w);
                gradient[info.Start + i] += (l1 * Math.Sign(w)) + (2 * l2 * w);
            }
        }

        Assert.Equal(without + penalty, loss, 1e-14);
        Assert.Equal(reference.Evaluate(data).Loss + penalty, trainer.Evaluate(data).Loss, 1e-14);
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.Equal(gradient[i], trainer.GradientBlock[i], 1e-14);
        }

        // Negative control: the L2 of PyTorch, without the 2, is seen.
        Assert.True(Math.Abs(gradient[0] - (0.02 * network.ParameterBlock[0]) - trainer.GradientBlock[0]) > 1e-6);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("half-sse")]
    public void Epochs_report_the_loss_with_penalties(string loss)
    {
        Network<double> network = NetworkSpec.Parse("5,4:tanh:l2=0.1,3").Build<double>();
        Network<double> free = NetworkSpec.Parse("5,4:tanh,3").Build<double>();
        double penalty = network.GetParameter("W1").ToArray().Sum(w => 0.1 * w * w);
        Dataset<double> data = new(Data<double>(8).Inputs, 5, new double[24], 3);
        FitOptions<double> options = new() { Epochs = 1, BatchSize = 8, Validation = data };
        EpochResult epoch = network.Fit(data, Loss.Parse(loss), new Sgd { LearningRate = 1e-300 }, options).Epochs[0];
        EpochResult without = free.Fit(data, Loss.Parse(loss), new Sgd { LearningRate = 1e-300 }, options).Epochs[0];
        Assert.Equal(without.Loss + penalty, epoch.Loss, 1e-14);
        Assert.Equal(without.ValidationLoss!.Value + penalty, epoch.ValidationLoss!.Value, 1e-14);
    }

    /// <summary>A penalty counts once an epoch, however many batches there are and whether or not the loss is a mean; where it changes from step to step, by their rows.</summary>
    [Theory]
    [InlineData("mse")]
    [InlineData("half-sse")]
    public void Epochs_of_several_batches_have_one_penalty(string loss)
    {
        Dataset<double> data = new(Data<double>(8).Inputs, 5, new double[24], 3);
        foreach (int batch in (int[])[1, 3])
        {
            EpochResult epoch = Trainer("5,4:tanh:l2=0.1,3", 1e-300).Fit(data, new() { Epochs = 1, BatchSize = batch, Validation = data }).Epochs[0];
            EpochResult without = Trainer("5,4:tanh,3", 1e-300).Fit(data, new() { Epochs = 1, BatchSize = batch }).Epochs[0];
            Assert.Equal(epoch.ValidationLoss!.Value, epoch.Loss, 1e-13);
            Assert.True(epoch.Loss > without.Loss + 0.01);
            Assert.Equal(epoch.Loss, Trainer("5,4:tanh:l2=0.1,3", 1e-300).PartialFit(data, batch), 1e-13);
        }

        double terms = 0;
        double penalties = 0;
        Trainer<double> steps = Trainer("5,4:tanh:l2=0.1,3", 0.1);
        double[] told = new double[3];
        for (int i = 0; i < 3; i++)
        {
            Dataset<double> rows = new(data.Inputs.Slice(i * 15, Math.Min(15, 40 - (i * 15))), 5, new double[Math.Min(9, 24 - (i * 9))], 3);
            double penalty = steps.Network.GetParameter("W1").ToArray().Sum(w => 0.1 * w * w);
            told[i] = steps.Step(rows);
            terms += (told[i] - penalty) * (loss == "mse" ? rows.Rows / 8.0 : 1);
            penalties += penalty * rows.Rows / 8;
        }

        double[] heard = new double[3];
        LambdaCallback<double> callback = new() { BatchEnd = context => heard[context.Batch - 1] = context.BatchLoss };
        FitOptions<double> inOrder = new() { Epochs = 1, BatchSize = 3, Shuffle = false };
        Assert.Equal(terms + penalties, Trainer("5,4:tanh:l2=0.1,3", 0.1).Fit(data, inOrder).Epochs[0].Loss, 1e-13);
        Assert.Equal(terms + penalties, Trainer("5,4:tanh:l2=0.1,3", 0.1).Fit(data, inOrder with { Callbacks = [callback] }).Epochs[0].Loss, 1e-13);
        Assert.Equal(told, heard);

        Trainer<double> Trainer(string network, double rate) => new(NetworkSpec.Parse(network).Build<double>(), Loss.Parse(loss), new Sgd { LearningRate = rate });
    }

    [Fact]
    public void Half_a_weight_decay_as_L2_makes_the_same_steps()
    {
        Dataset<double> data = Data<double>(20);
        Network<double> penalised = NetworkSpec.Parse("5,7:tanh:no-bias:l2=0.01,3:softmax:no-bias:l2=0.01").Build<double>();
        Network<double> decayed = NetworkSpec.Parse("5,7:tanh:no-bias,3:softmax:no-bias").Build<double>();
        penalised.Fit(data, Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, new() { Epochs = 5, BatchSize = 4 });
        decayed.Fit(data, Loss.CrossEntropy, new Sgd { LearningRate = 0.1, WeightDecay = 0.02 }, new() { Epochs = 5, BatchSize = 4 });
        for (int i = 0; i < decayed.ParameterBlock.Length; i++)
        {
            Assert.Equal(decayed.ParameterBlock[i], penalised.ParameterBlock[i], 1e-13);
        }
    }

    [Fact]
    public void Units_beyond_their_norm_are_shortened_and_no_others()
    {
        Dataset<double> data = Data<double>(20);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 2 }, new Adam { LearningRate = 0.5 }])
        {
            Network<double> free = NetworkSpec.Parse("5,7:tanh,3:softmax").Build<double>();
            new Trainer<double>(free, Loss.CrossEntropy, optimizer).Step(data);

            // Between the third and the fourth of the seven norms.
            double[] norms = [.. Enumerable.Range(0, 7).Select(unit => Norm(free, unit)).Order()];
            double limit = (norms[2] + norms[3]) / 2;
            Network<double> limited = NetworkSpec.Input(5).Add(new DenseSpec(7, Activation.Tanh) { MaxNorm = limit }).Dense(3, Activation.Softmax).Build<double>();
            new Trainer<double>(limited, Loss.CrossEntropy, optimizer).Step(data);
            for (int unit = 0; unit < 7; unit++)
            {
                double norm = Norm(free, unit);
                for (int i = 0; i < 5; i++)
                {
                    double expected = free.GetParameter("W1")[(i * 7) + unit] * (norm > limit ? limit / norm : 1);
                    Assert.Equal(expected, limited.GetParameter("W1")[(i * 7) + unit], 1e-13);
                }
            }

            Assert.NotEqual(norms[2], norms[3], 1e-3);
            Assert.Equal(free.GetParameter("W2").ToArray(), limited.GetParameter("W2").ToArray());
            Assert.Equal(free.GetParameter("b1").ToArray(), limited.GetParameter("b1").ToArray());
        }

        static double Norm(Network<double> network, int unit) => Math.Sqrt(Enumerable.Range(0, 5).Sum(i => Math.Pow(network.GetParameter("W1")[(i * 7) + unit], 2)));
    }

    [Fact]
    public void Kernels_follow_their_formulas()
    {
        Kernels<float>();
        Kernels<double>();
    }

    [FusedTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    public void Widths_and_threads_change_no_bit(int batch)
    {
        SeededTraining training = new("60,130:tanh:l1=0.001:l2=0.01:max-norm=1,48:relu:max-norm=0.5,3:softmax:l2=0.1", Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, 80, batch);
        string alone = training.Fingerprint<float>(3);
        using WorkerTeam team = new(4);
        Assert.Equal(alone, training.Fingerprint<float>(3, team));
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            Assert.Equal(alone, training.Fingerprint<float>(3, null, set));
        }

        Assert.NotEqual(alone, (training with { Network = training.Network.Replace("l1=0.001", "l1=0.0011", StringComparison.Ordinal) }).Fingerprint<float>(3));
    }

    [Fact]
    public void Text_and_json_read_back()
    {
        foreach (string text in (string[])[Penalised, "2,3:l1=0.5", "2,3:max-norm=3", "2,3:relu:no-bias:kernel=zeros:bias=constant(1):l1=1E-05:l2=2:max-norm=0.25"])
        {
            NetworkSpec spec = NetworkSpec.Parse(text);
            Assert.Equal(text, spec.ToString());
            Assert.Equal(spec, NetworkSpec.FromJson(spec.ToJson()));
        }

        Assert.DoesNotContain("l1", NetworkSpec.Parse("2,3").ToJson(), StringComparison.Ordinal);
        Assert.NotEqual(NetworkSpec.Parse("2,3:l1=1"), NetworkSpec.Parse("2,3:l2=1"));
    }

    [Theory]
    [InlineData("2,3:l1=-1")]
    [InlineData("2,3:l2=x")]
    [InlineData("2,3:max-norm=")]
    [InlineData("2,3:max-norm=inf")]
    public void What_is_no_penalty_is_refused(string text)
    {
        Assert.Contains("not negative", Assert.Throws<FormatException>(() => NetworkSpec.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => NetworkSpec.FromJson(NetworkSpec.Parse("2,3:l1=1").ToJson().Replace("\"l1\":1", "\"l1\":-1", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => NetworkSpec.FromJson(NetworkSpec.Parse("2,3:l1=1").ToJson().Replace("\"l1\":1", "\"l1\":\"1\"", StringComparison.Ordinal)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseSpec(1) { L1 = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseSpec(1) { L2 = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseSpec(1) { MaxNorm = double.PositiveInfinity });
    }

    private static void Kernels<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 9;
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            foreach (int columns in (int[])[1, 3, 16, 17, 67])
            {
                T[] weights = new T[Rows * columns];
                T[] gradient = new T[Rows * columns];
                Numbers.Fill<T>(weights, 1);
                Numbers.Fill<T>(gradient, 2);
                weights[0] = T.Zero;
                T[] before = (T[])gradient.Clone();
                double sum = 0;
                T penalty = set.AddPenalty(weights, T.CreateTruncating(0.25), T.CreateTruncating(0.125), gradient);
                for (int i = 0; i < weights.Length; i++)
                {
                    double w = double.CreateTruncating(weights[i]);
                    sum += (0.25 * Math.Abs(w)) + (0.125 * w * w);
                    Assert.Equal(double.CreateTruncating(before[i]) + (0.25 * Math.Sign(w)) + (0.25 * w), double.CreateTruncating(gradient[i]), Tolerance.ForFormula<T>(1));
                }

                Assert.Equal(sum, double.CreateTruncating(penalty), Tolerance.ForSum<T>(sum));
                Assert.Equal(penalty, set.Penalty(weights, T.CreateTruncating(0.25), T.CreateTruncating(0.125)));

                T[] limited = (T[])weights.Clone();
                T[] factors = new T[columns];
                set.LimitColumnNorms(new SimdNet.Memory.MatrixView<T>(limited, Rows, columns), T.CreateTruncating(1.5), factors);
                for (int j = 0; j < columns; j++)
                {
                    double norm = Math.Sqrt(Enumerable.Range(0, Rows).Sum(i => Math.Pow(double.CreateTruncating(weights[(i * columns) + j]), 2)));
                    for (int i = 0; i < Rows; i++)
                    {
                        int at = (i * columns) + j;
                        Assert.Equal(double.CreateTruncating(weights[at]) * (norm > 1.5 ? 1.5 / norm : 1), double.CreateTruncating(limited[at]), Tolerance.ForFormula<T>(1));
                        Assert.True(norm > 1.5 || limited[at] == weights[at]);
                    }
                }
            }
        }
    }

    private static Dataset<T> Data<T>(int rows)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[rows * 5];
        Numbers.Fill<T>(x, 7);
        return new(x, 5, Enumerable.Range(0, rows).Select(row => row % 3).ToArray());
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Testing;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;
using SimdNet.Training.Steps;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Steps and predictions of small networks on one sample, which one kernel makes, and of the small layers above a wide input, against the formulas in double precision: every activation × every loss, widths around those of the vectors, at every vector width.</summary>
[Trait("Suite", "Isa")]
public sealed class SmallNetworkTests
{
    private const double Rate = 0.5;

    /// <summary>A block of eight rows, one of two and one of one.</summary>
    private const int BatchRows = 11;

    private static readonly Activation[] Activations = [Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU, Activation.LeakyReLU(0.1), Activation.Softmax];

    /// <summary>More than a small network takes.</summary>
    private const int WideInput = 40;

    /// <summary>One less than the lanes of each vector, as many, one more; 33 is no small network.</summary>
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33];

    [Fact]
    public void A_step_is_that_of_the_formulas_in_float() => AgreesWithTheFormulas<float>();

    [Fact]
    public void A_step_is_that_of_the_formulas_in_double() => AgreesWithTheFormulas<double>();

    [Fact]
    public void Steps_predictions_and_losses_have_the_same_bits_at_every_width_in_float() => SameBits<float>();

    [Fact]
    public void Steps_predictions_and_losses_have_the_same_bits_at_every_width_in_double() => SameBits<double>();

    [Fact]
    public void Epochs_of_single_steps_have_the_bits_of_steps()
    {
        foreach (NetworkCase sample in Cases())
        {
            Dataset<float> data = (sample with { Rows = 5 }).Data<float>();
            Network<float> fitted = sample.Build<float>();
            Network<float> stepped = fitted.Clone();
            fitted.Fit(data, sample.Loss, new Sgd { LearningRate = 0.001 }, new() { Epochs = 1, BatchSize = 1, Shuffle = false });
            Trainer<float> trainer = new(stepped, sample.Loss, new Sgd { LearningRate = 0.001 });
            for (int row = 0; row < data.Rows; row++)
            {
                trainer.Step(data.Inputs.Span.Slice(row * data.Features, data.Features), data.Targets.Span.Slice(row * sample.Spec.Outputs, sample.Spec.Outputs));
            }

            Assert.Equal(fitted.ParameterBlock.ToArray(), stepped.ParameterBlock.ToArray());
        }
    }

    [Fact]
    public void Steps_on_batches_have_the_bits_of_an_epoch_of_them()
    {
        foreach (NetworkCase sample in Cases())
        {
            Dataset<float> data = (sample with { Rows = BatchRows }).Data<float>();
            Network<float> fitted = sample.Build<float>();
            Network<float> stepped = fitted.Clone();
            Network<float> turned = fitted.Clone();
            fitted.Fit(data, sample.Loss, new Sgd { LearningRate = 0.001 }, new() { Epochs = 1, BatchSize = 5, Shuffle = false });
            Trainer<float> trainer = new(stepped, sample.Loss, new Sgd { LearningRate = 0.001 });
            Trainer<float> other = new(turned, sample.Loss, new Sgd { LearningRate = 0.001 });
            for (int row = 0; row < BatchRows; row += 5)
            {
                int rows = Math.Min(5, BatchRows - row);
                Step(trainer, row, rows);
                Step(other, row, rows > 1 ? rows - 1 : 1);
            }

            Assert.Equal(fitted.ParameterBlock.ToArray(), stepped.ParameterBlock.ToArray());

            // The control: a row less. A single unit of softmax is 1 whatever it is given.
            Assert.True((fitted.Outputs == 1 && sample.Spec.OutputActivation == Activation.Softmax) || Numbers.FirstDifference<float>(fitted.ParameterBlock, turned.ParameterBlock) >= 0, sample.ToString());

            void Step(Trainer<float> by, int row, int rows) =>
                by.Step(data.Inputs.Span.Slice(row * data.Features, rows * data.Features), data.Targets.Span.Slice(row * data.Outputs, rows * data.Outputs));
        }
    }

    /// <summary>Else the tests of its bits would compare the general way with itself.</summary>
    [Fact]
    public void A_plain_batch_takes_the_quick_way_and_no_other_does()
    {
        NetworkSpec spec = NetworkSpec.Parse("2,3:tanh,1");
        float[] x = [0, 1, 1, 0];
        float[] y = [1, 0];
        Network<float> network = spec.Build<float>();
        SmallBatchStep<float>? plain = new Trainer<float>(network, Loss.MeanSquaredError, new Sgd()).QuickBatches;
        Assert.True(plain!.TryStep(x, y, out _));
        Assert.False(plain.TryStep(x, [1], out _));
        Assert.False(plain.TryStep([float.NaN, 1, 1, 0], y, out _));
        network.InputScaler = Scaler<float>.Constant(2, 2);
        Assert.False(plain.TryStep(x, y, out _));
        Assert.Null(new Trainer<float>(spec.Build<float>(), Loss.MeanSquaredError, new Adam()).QuickBatches);
        Assert.Null(new Trainer<float>(spec.Build<float>(), Loss.MeanSquaredError, new Sgd(), new() { ClipGlobalNorm = 1 }).QuickBatches);
        Assert.Null(new Trainer<float>(spec.Build<float>(), Loss.MeanSquaredError, new Sgd(), new() { Schedule = LearningRateSchedule.Cosine(10) }).QuickBatches);
    }

    [Fact]
    public void A_batch_of_labels_has_the_bits_of_its_rows_and_its_loss()
    {
        foreach (int outputs in (int[])[2, 3, 8, 17])
        {
            Network<float> network = NetworkSpec.Input(9).Dense(8, Activation.ReLU).Dense(outputs, Activation.Softmax).Build<float>();
            Network<float> epoch = network.Clone();
            float[] x = new float[BatchRows * 9];
            int[] labels = new int[BatchRows];
            Numbers.Fill<float>(x, outputs);
            for (int row = 0; row < BatchRows; row++)
            {
                labels[row] = row * row % outputs;
            }

            Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd());
            float loss = trainer.Step(x, labels);
            Assert.Equal(1, trainer.Steps);
            History history = epoch.Fit(new(x, 9, labels), Loss.CrossEntropy, new Sgd(), new() { Epochs = 1, BatchSize = BatchRows, Shuffle = false });
            Assert.Equal(epoch.ParameterBlock.ToArray(), network.ParameterBlock.ToArray());
            Assert.Equal((float)history.Epochs[0].Loss, loss);

            // The control: one label more.
            labels[0]++;
            trainer.Step(x, labels);
            int[] others = [0, .. labels[1..]];
            epoch.Fit(new(x, 9, others), Loss.CrossEntropy, new Sgd(), new() { Epochs = 1, BatchSize = BatchRows, Shuffle = false });
            Assert.NotEqual(epoch.ParameterBlock.ToArray(), network.ParameterBlock.ToArray());
        }
    }

    [Fact]
    public void A_batch_that_cannot_be_made_changes_nothing_and_says_why()
    {
        Network<float> network = NetworkSpec.Parse("2,3:sigmoid,1:sigmoid").Build<float>();
        Trainer<float> trainer = new(network, Loss.BinaryCrossEntropy, new Sgd(), new() { MaxBatch = 2 });
        float[] before = network.ParameterBlock.ToArray();
        Assert.Throws<ArgumentException>(() => trainer.Step([0.5f, 0.5f, 0.5f, 0.5f], [1f, 1.5f]));
        Assert.Throws<ArgumentException>(() => trainer.Step([0.5f, 0.5f, 0.5f], [1f, 1f]));
        Assert.Throws<ArgumentException>(() => trainer.Step(new float[6], new float[3]));
        Assert.Throws<ArgumentException>(() => trainer.Step(network.ParameterBlock[..4], [1f, 1f]));
        Assert.Throws<NonFiniteException>(() => trainer.Step([0.5f, float.NaN, 0.5f, 0.5f], [1f, 1f]));
        Assert.Throws<NonFiniteException>(() => trainer.Step([0.5f, 0.5f, float.PositiveInfinity, 0.5f], [1f, 1f]));
        Network<float> classes = NetworkSpec.Parse("2,3:relu,3:softmax").Build<float>();
        float[] start = classes.ParameterBlock.ToArray();
        Trainer<float> labelled = new(classes, Loss.CrossEntropy, new Sgd());
        Assert.Throws<ArgumentException>(() => labelled.Step([0.5f, 0.5f, 0.5f, 0.5f], [0, 3]));
        Assert.Throws<ArgumentException>(() => labelled.Step([0.5f, 0.5f, 0.5f, 0.5f], [0, -1]));
        Assert.Throws<ArgumentException>(() => labelled.Step([0.5f, 0.5f, 0.5f, 0.5f], [0, 1, 2]));

        // A unit of ReLU gives 0 of −∞: the loss is finite, the input is not.
        Assert.Throws<NonFiniteException>(() => labelled.Step([0.5f, float.NegativeInfinity, 0.5f, 0.5f], [0, 1]));
        Assert.Equal(before, network.ParameterBlock.ToArray());
        Assert.Equal(start, classes.ParameterBlock.ToArray());
        Assert.Equal(0, trainer.Steps + labelled.Steps);
    }

    [Fact]
    public void A_label_has_the_bits_of_its_row()
    {
        LabelsAreRows<float>();
        LabelsAreRows<double>();
    }

    [Fact]
    public void The_layers_above_a_wide_input_do_not_see_weights_that_are_not_finite_where_their_input_is_zero()
    {
        // The first unit's sum is negative, so that the second layer has an input of 0 beside its first weight.
        Network<float> expected = NetworkSpec.Input(WideInput).Dense(2, Activation.ReLU).Dense(3, Activation.Softmax).Build<float>();
        float[] x = new float[WideInput];
        Array.Fill(x, 0.5f);
        expected.GetParameter("b1")[0] = -100;
        Network<float> network = expected.Clone();
        network.GetParameter("W2")[0] = float.NaN;
        float loss = new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Step(x, 1);
        Assert.Equal(new Trainer<float>(expected, Loss.CrossEntropy, new Sgd()).Step(x, 1), loss, 1e-5f);

        // The control: with an input that is not 0 the loss shows it, and nothing is changed.
        network.GetParameter("b1")[0] = 100;
        float[] before = network.ParameterBlock.ToArray();
        Assert.Throws<NonFiniteException>(() => new Trainer<float>(network, Loss.CrossEntropy, new Sgd()).Step(x, 1));
        Assert.Equal(before, network.ParameterBlock.ToArray());
    }

    [Fact]
    public void A_step_that_cannot_be_made_changes_nothing_and_says_why()
    {
        Network<float> network = NetworkSpec.Parse("2,3:sigmoid,1:sigmoid").Build<float>();
        Trainer<float> trainer = new(network, Loss.BinaryCrossEntropy, new Sgd());
        float[] before = network.ParameterBlock.ToArray();
        Assert.Throws<ArgumentException>(() => trainer.Step([0.5f, 0.5f], [1.5f]));
        Assert.Throws<ArgumentException>(() => trainer.Step([0.5f, 0.5f, 0.5f], [1f]));
        Assert.Throws<ArgumentException>(() => trainer.Step(network.GetParameter("W2")[..2], [1f]));
        Assert.Throws<NonFiniteException>(() => trainer.Step([0.5f, float.NaN], [1f]));
        Assert.Throws<NonFiniteException>(() => trainer.Step([float.PositiveInfinity, 0.5f], [1f]));
        Assert.Equal(before, network.ParameterBlock.ToArray());
    }

    [Fact]
    public void A_weight_that_is_not_finite_does_not_count_where_its_input_is_zero()
    {
        Network<float> network = NetworkSpec.Parse("2,3:tanh,1").Build<float>();
        float expected = network.Predict([0f, 1f])[0];
        network.GetParameter("W1")[1] = float.NaN;
        Assert.Equal(expected, network.Predict([0f, 1f])[0], 1e-6f);
        Assert.True(float.IsNaN(network.Predict([1f, 1f])[0]));
        Assert.True(float.IsFinite(new Trainer<float>(network, Loss.MeanSquaredError, new Sgd()).Step([0f, 1f], [1f])));
    }

    [Fact]
    public void A_batch_in_one_call_has_the_bits_of_its_layers_one_by_one()
    {
        int served = 0;
        foreach (KernelSet<float> kernels in KernelSets.Supported<float>())
        {
            foreach (NetworkCase sample in Cases())
            {
                Network<float> network = sample.Build(kernels);
                bool linear = sample.Loss == Loss.CrossEntropy || sample.Loss == Loss.BinaryCrossEntropy;
                if (network.Small is not { } small || !small.TakesBatches(linear))
                {
                    continue;
                }

                served++;
                float[] whole = InOneCall(network, small, linear, sample.Seed);
                float[] layers = LayerByLayer(network, linear, sample.Seed);
                Assert.True(Numbers.FirstDifference<float>(whole, layers) < 0, $"{kernels.Name}, {sample}");

                // The control: the last activation left out, or put in.
                Assert.True(sample.Spec.OutputActivation == Activation.Identity || sample.Spec.OutputActivation == Activation.Softmax || sample.Spec.Outputs == 1 || Numbers.FirstDifference<float>(InOneCall(network, small, !linear, sample.Seed), layers) >= 0, $"{kernels.Name}, {sample}");
            }
        }

        Assert.True(served > 0);
    }

    /// <summary>Output, gradients and stepped parameters.</summary>
    private static float[] InOneCall(Network<float> network, SmallNetwork<float> small, bool linear, int seed)
    {
        int last = network.Layers.Length - 1;
        (Workspace<float> workspace, float[] input, float[] gradients, float[] stepped) = Batch(network, seed);
        ReadOnlyMatrixView<float> x = new(input, BatchRows, network.Inputs);
        network.Kernels.SmallForward(small, network.ParameterBlock, x, workspace.Rows, workspace.Outputs, linear);
        float[] output = workspace.Output(last, BatchRows).Elements.ToArray();
        foreach (float[] into in (float[][])[gradients, stepped])
        {
            Numbers.Fill(workspace.OutputGradient(last, BatchRows).Elements, seed + 1);
            network.Kernels.SmallBackward(small, network.ParameterBlock, into, x, workspace.Rows, workspace.Outputs, workspace.Gradients(last), workspace.Gradients(last + 1), linear, accumulate: into == stepped, workspace.Scratch);
        }

        return [.. output, .. gradients, .. stepped];
    }

    private static float[] LayerByLayer(Network<float> network, bool linear, int seed)
    {
        int last = network.Layers.Length - 1;
        (Workspace<float> workspace, float[] input, float[] gradients, float[] stepped) = Batch(network, seed);
        ReadOnlyMatrixView<float> x = new(input, BatchRows, network.Inputs);
        for (int i = 0; i <= last; i++)
        {
            network.Layers[i].Forward(new(network.ParameterBlock, default, workspace.Scratch, default, linear && i == last, isFrozen: false, Share.All), i == 0 ? x : workspace.Output(i - 1, BatchRows), workspace.Output(i, BatchRows));
        }

        float[] output = workspace.Output(last, BatchRows).Elements.ToArray();
        foreach (float[] into in (float[][])[gradients, stepped])
        {
            Numbers.Fill(workspace.OutputGradient(last, BatchRows).Elements, seed + 1);
            if (!linear)
            {
                network.Layers[last].ActivateGradient(workspace.Output(last, BatchRows), workspace.OutputGradient(last, BatchRows));
            }

            for (int i = last; i >= 0; i--)
            {
                ReadOnlyMatrixView<float> below = i == 0 ? x : workspace.Output(i - 1, BatchRows);
                MatrixView<float> gradient = workspace.OutputGradient(i, BatchRows);
                LayerPass<float> pass = new(network.ParameterBlock, default, workspace.Scratch, default, isLinear: false, isFrozen: false, Share.All);
                if (i > 0)
                {
                    network.Layers[i].InputGradient(pass, gradient, below, workspace.Output(i, BatchRows), workspace.OutputGradient(i - 1, BatchRows), network.Layers[i - 1].Activation);
                }

                network.Layers[i].ParameterGradients(pass, below, gradient, into, into == stepped);
            }
        }

        return [.. output, .. gradients, .. stepped];
    }

    private static (Workspace<float> Workspace, float[] Input, float[] Gradients, float[] Stepped) Batch(Network<float> network, int seed)
    {
        float[] input = new float[BatchRows * network.Inputs];
        Numbers.Fill<float>(input, seed);
        return (Tiles.Workspace(network, BatchRows + 4, training: true), input, new float[network.ParameterBlock.Length], network.ParameterBlock.ToArray());
    }

    private static void LabelsAreRows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (KernelSet<T> kernels in KernelSets.Supported<T>())
        {
            foreach (int units in Widths)
            {
                foreach (int outputs in (int[])[2, 3, 4, 5, 8, 10, 16, 17, 32])
                {
                    NetworkSpec spec = NetworkSpec.Input(WideInput).Dense(units, Activation.Tanh).Dense(outputs, Activation.Softmax);
                    T[] x = new T[WideInput];
                    Numbers.Fill<T>(x, units);
                    T[] row = new T[outputs];
                    int label = units % outputs;
                    row[label] = T.One;
                    T[] byRow = AfterStep(trainer => trainer.Step(x, row));
                    Assert.Equal(-1, Numbers.FirstDifference<T>(byRow, AfterStep(trainer => trainer.Step(x, label))));

                    // The control: another class.
                    Assert.NotEqual(-1, Numbers.FirstDifference<T>(byRow, AfterStep(trainer => trainer.Step(x, (label + 1) % outputs))));

                    T[] AfterStep(Func<Trainer<T>, T> step)
                    {
                        Network<T> network = new(spec, 1, kernels);
                        T loss = step(new(network, Loss.CrossEntropy, new Sgd { LearningRate = Rate }));
                        return [loss, .. network.ParameterBlock];
                    }
                }
            }
        }
    }

    private static void AgreesWithTheFormulas<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (KernelSet<T> kernels in KernelSets.Supported<T>())
        {
            foreach (NetworkCase sample in Cases())
            {
                Network<T> network = sample.Build(kernels);
                double[] before = NetworkCases.Parameters(network, network.ParameterBlock);
                Dataset<T> data = sample.Data<T>();
                double[][] inputs = [[.. data.Inputs.ToArray().Select(double.CreateTruncating)]];
                double[][] targets = [[.. data.Targets.ToArray().Select(double.CreateTruncating)]];
                NaiveNetwork naive = new(sample.Spec) { Parameters = before };
                T[] prediction = network.Predict(data.Inputs.Span);
                T loss = new Trainer<T>(network, sample.Loss, new Sgd { LearningRate = Rate }).Step(data.Inputs.Span, data.Targets.Span);
                double[] after = NetworkCases.Parameters(network, network.ParameterBlock);

                // Sums of up to 33 terms of about 1, a few layers of them, and through the backward pass once more.
                double magnitude = 33 + before.Max(Math.Abs);
                double tolerance = Tolerance.ForSum<T>(magnitude);
                double[] expected = [.. before.Zip(naive.Gradient(sample.Loss.ToString(), inputs, targets), (parameter, gradient) => parameter - (Rate * gradient))];
                string name = $"{kernels.Name}, {sample}";
                Close(naive.Predict(inputs[0]), [.. prediction.Select(double.CreateTruncating)], tolerance, name + ", output");
                Close([naive.Loss(sample.Loss.ToString(), inputs, targets)], [double.CreateTruncating(loss)], tolerance, name + ", loss");
                Close(expected, after, tolerance, name + ", parameter");

                // The control: a parameter that did not move, or moved twice as far.
                int largest = Array.IndexOf(expected, expected.Zip(before).MaxBy(pair => Math.Abs(pair.First - pair.Second)).First);
                double way = expected[largest] - before[largest];
                Assert.True(Math.Abs(way) < 4 * tolerance || !IsClose(expected[largest], after[largest] - way, tolerance), name);
                Assert.True(Math.Abs(way) < 4 * tolerance || !IsClose(expected[largest], after[largest] + way, tolerance), name);
            }
        }
    }

    private static void SameBits<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!FusedMultiplyAdd.IsSupported)
        {
            return;
        }

        foreach (NetworkCase sample in Cases())
        {
            Dataset<T> data = sample.Data<T>();
            T[]? expected = null;
            foreach (KernelSet<T> kernels in KernelSets.Supported<T>())
            {
                Network<T> network = sample.Build(kernels);
                Trainer<T> trainer = new(network, sample.Loss, new Sgd { LearningRate = Rate });
                List<T> all = [.. network.Predict(data.Inputs.Span)];
                all.Add(trainer.Step(data.Inputs.Span, data.Targets.Span));
                all.Add(trainer.Step(data.Inputs.Span, data.Targets.Span));
                all.AddRange(network.ParameterBlock);
                expected ??= [.. all];
                int difference = Numbers.FirstDifference<T>([.. all], expected);
                Assert.True(difference < 0, $"{kernels.Name}, {sample}: number {difference} is {(difference < 0 ? T.Zero : all[difference])}, not {(difference < 0 ? T.Zero : expected[difference])}");
            }

            // The control: a last bit of a parameter.
            T[] changed = [.. expected!];
            changed[^1] = T.BitIncrement(changed[^1]);
            Assert.True(Numbers.FirstDifference<T>(changed, expected!) >= 0);
        }
    }

    private static bool IsClose(double expected, double actual, double tolerance) => Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected));

    private static void Close(double[] expected, double[] actual, double tolerance, string name)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(IsClose(expected[i], actual[i], tolerance), $"{name} {i}: {actual[i]}, expected {expected[i]}, tolerance {tolerance}");
        }
    }

    /// <summary>Every hidden and last activation with every loss that fits, the widths in turn; one layer and three, with and without biases.</summary>
    private static IEnumerable<NetworkCase> Cases()
    {
        int next = 0;
        foreach (Activation hidden in Activations)
        {
            foreach (Activation last in Activations)
            {
                foreach (Loss loss in (Loss[])[Loss.MeanSquaredError, Loss.HalfSquaredError, Loss.BinaryCrossEntropy, Loss.CrossEntropy])
                {
                    if ((loss == Loss.BinaryCrossEntropy && last != Activation.Sigmoid) || (loss == Loss.CrossEntropy && last != Activation.Softmax))
                    {
                        continue;
                    }

                    for (int depth = 0; depth < 3; depth++)
                    {
                        yield return Case(Width(), depth, hidden, last, loss);
                        if (depth > 0)
                        {
                            yield return Case(WideInput, depth, hidden, last, loss);
                        }
                    }
                }
            }
        }

        NetworkCase Case(int inputs, int depth, Activation hidden, Activation last, Loss loss)
        {
            NetworkSpec spec = NetworkSpec.Input(inputs);
            for (int i = 0; i < depth; i++)
            {
                spec = spec.Dense(Width(), hidden, next % 3 > 0, Initializer.Normal(0.4), Initializer.Normal(0.4));
            }

            return new(spec.Dense(Width(), last, next % 3 > 0, Initializer.Normal(0.4), Initializer.Normal(0.4)), loss, next, 1, WithLabels: false);
        }

        // Steps of 5 through 14 widths: every width comes in every place, and next to every kind of width.
        int Width() => Widths[next++ * 5 % Widths.Length];
    }
}

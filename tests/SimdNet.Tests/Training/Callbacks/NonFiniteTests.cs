using System;
using System.Collections.Generic;
using System.Linq;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>NaN and infinity, put into each tensor of generated networks and their optimizers: noticed, reported, never saved.</summary>
public sealed class NonFiniteTests : IDisposable
{
    private static readonly float[] Bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    private static readonly Optimizer[] Optimizers = [new Sgd { LearningRate = 1e-3 }, new Sgd { LearningRate = 1e-3, Momentum = 0.9 }, new Adam()];

    private readonly TemporaryFolder _folder = new(inMemory: true);

    /// <summary>By whoever watches every step within one, and without by the end of the epoch; the file of the epoch before is what can be loaded.</summary>
    [Fact]
    public void In_each_tensor_it_is_reported_and_nothing_is_saved()
    {
        Random random = new(1);
        string path = _folder.File("last.safetensors");
        int withinStep = 0;
        int cases = 0;
        int overflows = 0;
        foreach (NetworkCase sample in NetworkCases.Arbitrary().Generator.Sample(Long.Count(60, 600), new Rnd(21), 50))
        {
            foreach (Optimizer optimizer in Optimizers)
            {
                for (int tensor = 0; tensor < Tensors(sample, optimizer); tensor++)
                {
                    float bad = Bad[random.Next(3)];
                    int batch = random.Next(1, 4);
                    (string context, bool watches) = ($"{sample}, {optimizer}, batch {batch}, tensor {tensor}, {bad}", random.Next(2) == 0);
                    Injection injection = new(sample, optimizer, tensor, bad, random);
                    ModelCheckpoint<float> checkpoint = new(path) { EveryEpochs = 1 };
                    int batches = 0;
                    LambdaCallback<float> counts = new() { BatchEnd = at => batches += at.Epoch == 2 ? 1 : 0 };
                    NonFiniteException? error = null;
                    try
                    {
                        injection.Fit(batch, watches ? [injection.Callback, counts, new TerminateOnNaN<float>(NonFinitePolicy.Throw), checkpoint] : [injection.Callback, counts, checkpoint]);
                    }
                    catch (NonFiniteException thrown)
                    {
                        error = thrown;
                    }

                    if (error?.Report is { Epoch: 1 })
                    {
                        // It overflows by itself, before anything is put in.
                        overflows++;
                        continue;
                    }

                    Assert.True(error?.Report is { Epoch: 2 }, $"{context}: not reported");
                    Assert.True(!watches || batches <= 1, $"{context}: reported after {batches} steps");
                    Assert.Equal(injection.Good, ModelFile.Load<float>(path, CustomParts.Registry).Fingerprint());
                    Assert.Equal(injection.Network.Spec.Layers.Count, error!.Report.Layers.Count);
                    Assert.True(injection.InMoment || error.Report.Culprit is not null, $"{context}: no layer is named in\n{error.Report}");
                    withinStep += batches <= 1 ? 1 : 0;
                    cases++;
                }
            }
        }

        Assert.True(overflows < cases / 20, $"{overflows} overflow by themselves, beside {cases}");
        Assert.True(cases > 500 && withinStep > cases / 2, $"{withinStep} of {cases} within a step");
    }

    /// <summary>Negative control: nothing is put in, and nothing is reported.</summary>
    [Fact]
    public void Good_numbers_are_not_reported()
    {
        foreach (NetworkCase sample in NetworkCases.Arbitrary().Generator.Sample(20, new Rnd(22), 50))
        {
            Injection injection = new(sample, new Adam(), 0, 0, new(2));
            Assert.Equal(3, injection.Fit(2, [new TerminateOnNaN<float>()]).Epochs.Count);
        }
    }

    /// <summary>A second moment that is infinite stops its parameter for good, and no loss ever shows it.</summary>
    [Fact]
    public void A_moment_that_hides_is_found_at_the_end_of_the_epoch()
    {
        Scripted training = new(1, 2);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => training.Fit(new LambdaCallback<float> { EpochBegin = context => { if (context.Epoch == 2) { training.Trainer.Optimizer.Moments[1].Span[0] = float.PositiveInfinity; } } }));
        Assert.Contains("moment of W1", error.Message, StringComparison.Ordinal);
        Assert.Contains("after epoch 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_batch_rows_and_layer()
    {
        Scripted training = new(1, 2);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => training.Trainer.Fit(training.Data, new()
        {
            Epochs = 2,
            BatchSize = 8,
            Shuffle = false,
            Callbacks = [new LambdaCallback<float> { BatchEnd = context => { if (context is { Epoch: 2, Batch: 2 }) { context.Network.GetParameter("W2")[3] = float.NaN; } } }],
        }));
        NonFiniteReport report = error.Report!;
        Assert.Equal((2, 3, 0.05), (report.Epoch, report.Batch, report.LearningRate));
        Assert.Equal([16, 17, 18, 19], report.Rows);
        Assert.True(double.IsNaN(report.Loss));
        Assert.Equal(2, report.Culprit!.Number);
        Assert.True(double.IsFinite(report.Layers[0].Weights) && double.IsFinite(report.Layers[0].Activations));
        Assert.Equal(report.Layers[0].Weights, Math.Sqrt(new[] { "W1", "b1" }.Sum(name => training.Network.GetParameter(name).ToArray().Sum(value => (double)value * value))), 1e-9);
        string text = report.ToString();
        Assert.Contains("epoch 2, batch 3 (4 rows from row 16 on), loss NaN", text, StringComparison.Ordinal);
        Assert.Contains("layer 2 comes first", text, StringComparison.Ordinal);
        Assert.Equal(4, text.Split('\n').Length);
    }

    /// <summary>Single steps are made many in one call: the row is named all the same.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(70)]
    public void The_row_of_a_single_step_is_named(int units)
    {
        // The thirteenth row is one that the others prepare: its target is so large that its loss overflows.
        float[] x = [.. Enumerable.Range(0, 20).Select(_ => 1f)];
        float[] y = new float[20];
        y[13] = 3e38f;
        Network<float> network = NetworkSpec.Input(1).Dense(units, Activation.Tanh).Dense(1).Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Sgd());
        NonFiniteReport report = Assert.Throws<NonFiniteException>(() => trainer.Fit(new(x, 1, y, 1), new() { Epochs = 1, BatchSize = 1, Shuffle = false })).Report!;
        Assert.Equal((14, 13), (report.Batch, Assert.Single(report.Rows)));
    }

    /// <summary>The steps before the one that was not made count, also where many are made in one call.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 70)]
    [InlineData(4, 4)]
    public void Steps_before_a_failure_count(int batch, int units)
    {
        (Trainer<float> trainer, Dataset<float> data) = Overflowing(units);
        Assert.Throws<NonFiniteException>(() => trainer.Fit(data, new() { Epochs = 1, BatchSize = batch, Shuffle = false }));
        Assert.Equal(13 / batch, trainer.Steps);

        // The same steps one by one.
        (Trainer<float> single, data) = Overflowing(units);
        for (int row = 0; row + batch <= 13; row += batch)
        {
            single.Step(data.Inputs.Span.Slice(row, batch), data.Targets.Span.Slice(row, batch));
        }

        Assert.Equal((single.Steps, single.Fingerprint()), (trainer.Steps, trainer.Fingerprint()));
    }

    /// <summary>A stream has no epochs; batch, row and layers are named all the same.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(1, 70)]
    [InlineData(4, 4)]
    public void A_pass_over_a_stream_reports_too(int batch, int units)
    {
        (Trainer<float> trainer, Dataset<float> data) = Overflowing(units);
        NonFiniteReport report = Assert.Throws<NonFiniteException>(() => trainer.PartialFit(data, batch)).Report!;
        Assert.Equal((0, (13 / batch) + 1), (report.Epoch, report.Batch));
        Assert.Equal(batch == 1 ? [13] : [12, 13, 14, 15], report.Rows);
        Assert.Equal((2, $"{units}:tanh"), (report.Layers.Count, report.Layers[0].Name));
        Assert.StartsWith($"batch {report.Batch} (", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(13 / batch, trainer.Steps);

        // What no loss shows is found after the pass.
        trainer = new(trainer.Network, Loss.MeanSquaredError, new Adam());
        trainer.Optimizer.Moments[1].Span[0] = float.PositiveInfinity;
        report = Assert.Throws<NonFiniteException>(() => trainer.PartialFit(data.Take(13), 5)).Report!;
        Assert.Equal((3, 3), (report.Batch, report.Rows.Count));
    }

    /// <summary>The layers are those that were asked for, however many are at work for each.</summary>
    [Fact]
    public void The_report_has_the_layers_of_the_spec()
    {
        Network<float> network = NetworkSpec.Parse("3,4:gelu,batchnorm,dropout(0.2),residual(5:relu:kernel=normal(1),4),3:softmax").Build<float>(seed: 5);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam());
        network.GetParameter("W2")[1] = float.NaN;
        NonFiniteReport report = Assert.Throws<NonFiniteException>(() => trainer.Fit(new Scripted(1).Data, new() { Epochs = 1, BatchSize = 5 })).Report!;
        Assert.Equal(["4:gelu", "batchnorm", "dropout(0.2)", "residual", "3:softmax"], report.Layers.Select(layer => layer.Name));
        Assert.Equal(4, report.Culprit!.Number);
        Assert.True(double.IsFinite(report.Layers[1].Activations) && report.Layers[1].Weights > 0 && report.Layers[2].Weights == 0);
    }

    /// <summary>Running statistics and masks of dropouts go back too.</summary>
    [Theory]
    [InlineData("3,6,batchnorm,relu,dropout(0.3),3:softmax")]
    [InlineData("3,dropout(0.2),residual(6,layernorm,gelu,3),batchnorm,3:softmax")]
    public void A_roll_back_takes_statistics_and_masks_along(string spec)
    {
        bool isInjected = false;
        TerminateOnNaN<float> terminate = new(NonFinitePolicy.RollBack) { RateFactor = 0.25 };
        string rolledBack = Fit(new LambdaCallback<float> { BatchEnd = context => { if (context is { Epoch: 3, Batch: 2 } && !isInjected) { isInjected = true; context.Network.GetParameter("W1")[0] = float.NaN; } } }, terminate);
        Assert.Equal(3, Assert.Single(terminate.Reports).Epoch);
        string expected = Fit(new LambdaCallback<float> { EpochBegin = context => context.Trainer.LearningRate *= context.Epoch == 3 ? 0.25 : 1 });
        Assert.Equal(expected, rolledBack);
        Assert.NotEqual(Fit(), rolledBack);

        string Fit(params Callback<float>[] callbacks)
        {
            Trainer<float> trainer = new(NetworkSpec.Parse(spec).Build<float>(seed: 5), Loss.CrossEntropy, new Adam { LearningRate = 1e-3 });
            trainer.Fit(new Scripted(1).Data, new() { Epochs = 4, BatchSize = 5, Callbacks = callbacks });
            return trainer.Fingerprint();
        }
    }

    [Fact]
    public void A_stop_leaves_the_epochs_before()
    {
        Scripted training = new(1, 2, 3);
        TerminateOnNaN<float> terminate = new();
        History history = training.Fit(new LambdaCallback<float> { EpochBegin = context => { if (context.Epoch == 2) { context.Network.GetParameter("W1")[0] = float.NaN; } } }, terminate);
        Assert.Single(history.Epochs);
        Assert.Equal(Assert.Single(terminate.Reports).Message, history.StopReason);
    }

    /// <summary>A roll-back leaves the bits of a training in which it never happened, with the lower rate from that epoch on.</summary>
    [Fact]
    public void A_roll_back_goes_on_as_if_nothing_had_been()
    {
        foreach (Optimizer optimizer in Optimizers)
        {
            TerminateOnNaN<float> terminate = new(NonFinitePolicy.RollBack) { RateFactor = 0.25 };
            bool injected = false;
            string rolledBack = Fit(new LambdaCallback<float> { BatchEnd = context => { if (context is { Epoch: 2, Batch: 2 } && !injected) { injected = true; context.Network.GetParameter("W1")[0] = float.NaN; } } }, terminate);
            Assert.Equal(2, Assert.Single(terminate.Reports).Epoch);
            Assert.Equal(Fit(new LambdaCallback<float> { EpochBegin = context => context.Trainer.LearningRate *= context.Epoch == 2 ? 0.25 : 1 }), rolledBack);
            Assert.NotEqual(Fit(), rolledBack);

            string Fit(params Callback<float>[] callbacks)
            {
                Scripted training = new();
                Trainer<float> trainer = new(training.Network, Loss.CrossEntropy, optimizer);
                History history = trainer.Fit(training.Data, new() { Epochs = 3, BatchSize = 6, Callbacks = callbacks });
                Assert.Equal([1, 2, 3], history.Epochs.Select(epoch => epoch.Epoch));
                return trainer.Fingerprint();
            }
        }
    }

    /// <summary>A rate that is far too high comes down until the training lives; where it may not come down so often, it throws.</summary>
    [Fact]
    public void A_rate_that_is_too_high_is_lowered_a_limited_number_of_times()
    {
        Scripted training = new();
        Dataset<float> data = new(training.Data.Inputs, 3, Enumerable.Range(0, 20).Select(i => 100f * i).ToArray(), 1);
        TerminateOnNaN<float> terminate = new(NonFinitePolicy.RollBack) { RateFactor = 0.1 };
        History history = Fit(terminate);
        Assert.Equal(20, history.Epochs.Count);
        Assert.InRange(terminate.Reports.Count, 2, 10);
        Assert.True(history.Epochs[^1].LearningRate <= 1e3 * Math.Pow(0.1, terminate.Reports.Count) * 1.01);
        Assert.True(double.IsFinite(history.Epochs[^1].Loss));

        terminate = new(NonFinitePolicy.RollBack) { RateFactor = 0.999, MaxRollBacks = 3 };
        Assert.Throws<NonFiniteException>(() => Fit(terminate));
        Assert.Equal(4, terminate.Reports.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TerminateOnNaN<float> { RateFactor = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TerminateOnNaN<float> { MaxRollBacks = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TerminateOnNaN<float>((NonFinitePolicy)7));

        History Fit(TerminateOnNaN<float> callback)
        {
            Network<float> network = NetworkSpec.Input(3).Dense(4).Dense(1).Build<float>(seed: 3);
            return new Trainer<float>(network, Loss.MeanSquaredError, new Sgd { LearningRate = 1e3 }).Fit(data, new() { Epochs = 20, BatchSize = 5, Callbacks = [callback] });
        }
    }

    /// <summary>A policy decides about the loss of validation rows too; without one it is told, and the training goes on.</summary>
    [Fact]
    public void A_validation_loss_that_is_not_finite_is_told_or_decided_about()
    {
        // The second epoch's weights are multiplied by so much that the validation rows overflow and the others do not.
        Dataset<float> huge = new(Enumerable.Repeat(1e30f, 6).ToArray(), 3, new float[2], 1);
        Dataset<float> rows = new(Enumerable.Repeat(1e-10f, 30).ToArray(), 3, new float[10], 1);
        History told = Fit(out _, new EarlyStopping<float>(9));
        Assert.Equal(3, told.Epochs.Count);
        Assert.Equal([true, false, false], told.Epochs.Select(epoch => double.IsFinite(epoch.ValidationLoss!.Value)));
        Assert.All(told.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss)));

        TerminateOnNaN<float> stops = new();
        History stopped = Fit(out Trainer<float> trainer, stops);
        Assert.Single(stopped.Epochs);
        Assert.Contains("validation loss", stopped.StopReason, StringComparison.Ordinal);
        Assert.Contains("epoch 2", Assert.Single(stops.Reports).Message, StringComparison.Ordinal);
        Assert.Equal(1, trainer.Epochs);

        Assert.Equal(2, Assert.Throws<NonFiniteException>(() => Fit(out _, new TerminateOnNaN<float>(NonFinitePolicy.Throw))).Report!.Epoch);

        // The epoch is run again, this time without what spoilt it.
        TerminateOnNaN<float> rollsBack = new(NonFinitePolicy.RollBack);
        History again = Fit(out trainer, rollsBack);
        Assert.Equal([1, 2, 3], again.Epochs.Select(epoch => epoch.Epoch));
        Assert.All(again.Epochs, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
        Assert.Single(rollsBack.Reports);
        Assert.Equal((3, 15), (trainer.Epochs, trainer.Steps));

        History Fit(out Trainer<float> trainer, Callback<float> policy)
        {
            bool isSpoilt = false;
            LambdaCallback<float> spoils = new()
            {
                EpochBegin = context =>
                {
                    if (context.Epoch == 2 && !isSpoilt)
                    {
                        isSpoilt = true;
                        context.Network.GetParameter("W1").Fill(1e10f);
                    }
                },
            };
            Network<float> network = NetworkSpec.Parse("3,1:kernel=zeros").Build<float>();
            trainer = new(network, Loss.MeanSquaredError, new Sgd { LearningRate = 1e-3 });
            return trainer.Fit(rows, new() { Epochs = 3, BatchSize = 2, Validation = huge, Callbacks = [spoils, policy] });
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Row 13 has a target so large that its loss overflows.</summary>
    private static (Trainer<float> Trainer, Dataset<float> Data) Overflowing(int units)
    {
        float[] y = new float[20];
        y[13] = 3e38f;
        Network<float> network = NetworkSpec.Input(1).Dense(units, Activation.Tanh).Dense(1).Build<float>();
        return (new(network, Loss.MeanSquaredError, new Sgd()), new(Enumerable.Repeat(1f, 20).ToArray(), 1, y, 1));
    }

    private static int Tensors(NetworkCase sample, Optimizer optimizer)
    {
        Network<float> network = sample.Build<float>();
        int parameters = network.Parameters.Count(parameter => parameter.Length > 0);
        return parameters * (1 + new Trainer<float>(network, sample.Loss, optimizer).Optimizer.Moments.Count);
    }

    /// <summary>A training of three epochs, into whose second something bad is put.</summary>
    private sealed class Injection
    {
        private readonly Trainer<float> _trainer;
        private readonly Dataset<float> _data;
        private readonly bool _wholeBatches;

        /// <param name="sample">Network and data.</param>
        /// <param name="optimizer">What trains.</param>
        /// <param name="tensor">Which tensor: of the parameters, then of each moment.</param>
        /// <param name="bad">What is put in; 0 for nothing.</param>
        /// <param name="random">Says where.</param>
        public Injection(NetworkCase sample, Optimizer optimizer, int tensor, float bad, Random random)
        {
            Network = sample.Build<float>();
            _data = sample.Data<float>();
            _wholeBatches = sample.HasBatchNorm;
            _trainer = new(Network, sample.Loss, optimizer);
            ParameterInfo[] parameters = [.. Network.Parameters.Where(parameter => parameter.Length > 0)];
            ParameterInfo chosen = parameters[tensor % parameters.Length];
            int at = chosen.Start + random.Next(chosen.Length);
            InMoment = tensor >= parameters.Length;
            Callback = new()
            {
                EpochBegin = context =>
                {
                    if (context.Epoch == 2 && bad != 0)
                    {
                        Good = Network.Fingerprint();
                        Span<float> block = InMoment ? _trainer.Optimizer.Moments[(tensor / parameters.Length) - 1].Span : Network.ParameterBlock;
                        block[at] = bad;
                    }
                },
            };
        }

        public Network<float> Network { get; }

        public bool InMoment { get; }

        public LambdaCallback<float> Callback { get; }

        /// <summary>The parameters before it was put in.</summary>
        public string? Good { get; private set; }

        /// <remarks>A batch normalization takes no batch of one row, which a last one may be.</remarks>
        public History Fit(int batch, IReadOnlyList<Callback<float>> callbacks) => _trainer.Fit(_data, new() { Epochs = 3, BatchSize = _wholeBatches ? FitOptions<float>.FullBatch : batch, Callbacks = callbacks });
    }
}

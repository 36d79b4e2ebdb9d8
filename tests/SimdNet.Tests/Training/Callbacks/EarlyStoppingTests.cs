using System;
using System.Linq;
using System.Threading;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>When a training stops, and which weights it ends in.</summary>
public sealed class EarlyStoppingTests
{
    /// <summary>Scripts with plateaus, ties, NaN and infinity, in both directions, against a loop over the script: the weights are those of the epoch that was the best (keras#20323).</summary>
    [Fact]
    public void It_stops_and_restores_as_the_script_says()
    {
        int stopped = 0;
        int notStopped = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            double[] values = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(9) switch { 0 => double.NaN, 1 => double.PositiveInfinity, _ => random.Next(6) })];
            int patience = random.Next(0, 4);
            int from = random.Next(1, 4);
            double delta = random.Next(2);
            double? baseline = random.Next(3) == 0 ? 2 : null;
            bool isLargeGood = random.Next(2) == 0;
            Scripted training = new(values);
            EarlyStopping<float> stopping = new(patience) { Monitor = Scripted.Name, Mode = isLargeGood ? MonitorMode.Max : MonitorMode.Min, MinDelta = delta, Baseline = baseline, StartFromEpoch = from, RestoreBestWeights = true };
            History history = training.Fit(stopping);

            (int epochs, int? best, bool stops) = Expected(isLargeGood ? [.. values.Select(value => -value)] : values, patience, from, delta, isLargeGood ? -baseline : baseline);
            Assert.Equal(epochs, history.Epochs.Count);
            Assert.Equal(best, stopping.BestEpoch);
            Assert.Equal(best is { } epoch ? values[epoch - 1] : (double?)null, stopping.BestValue);
            Assert.Equal(stops ? epochs : (int?)null, stopping.StoppedEpoch);
            Assert.Equal(stops, history.StopReason is not null);
            Assert.Equal(training.After(best ?? epochs), training.Network.ParameterBlock.ToArray());
            (stopped, notStopped) = stops ? (stopped + 1, notStopped) : (stopped, notStopped + 1);
        }

        Assert.True(stopped > 50 && notStopped > 50, $"{stopped} stopped, {notStopped} did not");
    }

    /// <summary>The training was not stopped, by this or anything: its best weights are restored all the same (keras#12511).</summary>
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 4)]
    public void Best_weights_are_restored_without_a_stop_where_asked(bool restores, int epoch)
    {
        Scripted training = new(3, 1, 2, 2);
        Assert.Equal(4, training.Fit(new EarlyStopping<float>(10) { Monitor = Scripted.Name, RestoreBestWeights = restores }).Epochs.Count);
        Assert.Equal(training.After(epoch), training.Network.ParameterBlock.ToArray());
        Assert.NotEqual(training.After(2), training.After(4));
    }

    /// <summary>Running statistics are a part of the weights that are best: predictions are those of that epoch.</summary>
    [Fact]
    public void Running_statistics_are_restored_with_the_weights()
    {
        Scripted script = new(3, 1, 2, 2);
        Network<float> network = NetworkSpec.Parse("3,6,batchnorm,relu,dropout(0.3),3:softmax").Build<float>(seed: 5);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam { LearningRate = 0.05 });
        System.Collections.Generic.List<(string Fingerprint, float[] Outputs)> after = [];
        LambdaCallback<float> notes = new()
        {
            EpochEnd = context =>
            {
                context.Log(Scripted.Name, script.Values[context.Epoch - 1]);
                after.Add((network.Fingerprint(), network.Predict(script.Data.Inputs.Span)));
            },
        };
        trainer.Fit(script.Data, new() { Epochs = 4, BatchSize = 5, Callbacks = [notes, new EarlyStopping<float>(10) { Monitor = Scripted.Name, RestoreBestWeights = true }] });
        Assert.Equal(after[1].Fingerprint, network.Fingerprint());
        Assert.Equal(after[1].Outputs, network.Predict(script.Data.Inputs.Span));
        Assert.NotEqual(after[1].Outputs, after[3].Outputs);
    }

    /// <summary>Keras: <c>if self.wait >= self.patience and epoch > 0</c>.</summary>
    [Theory]
    [InlineData(0, double.NaN, null)]
    [InlineData(1, double.NaN, null)]
    [InlineData(1, 3, 2.0)]
    public void The_first_epoch_never_stops(int patience, double first, double? baseline)
    {
        EarlyStopping<float> stopping = new(patience) { Monitor = Scripted.Name, Baseline = baseline };
        Assert.Equal(3, new Scripted(first, 1, 2, 2).Fit(stopping).Epochs.Count);

        // Negative control: the second does.
        stopping = new(patience) { Monitor = Scripted.Name, Baseline = baseline };
        Assert.Equal(2, new Scripted(first, double.NaN, 1, 1).Fit(stopping).Epochs.Count);
    }

    /// <summary>The best epoch is the very last, with any patience.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void The_last_epoch_can_be_the_best(int patience)
    {
        Scripted training = new(3, 2, 1);
        EarlyStopping<float> stopping = new(patience) { Monitor = Scripted.Name, RestoreBestWeights = true };
        training.Fit(stopping);
        Assert.Equal(3, stopping.BestEpoch);
        Assert.Equal(training.After(3), training.Network.ParameterBlock.ToArray());
    }

    [Fact]
    public void Best_weights_are_restored_however_the_training_ends()
    {
        EarlyStopping<float> Stopping() => new(10) { Monitor = Scripted.Name, RestoreBestWeights = true };

        Scripted stopped = new(3, 1, 2, 2);
        Assert.Equal("enough", stopped.Fit(Stopping(), new LambdaCallback<float> { EpochEnd = context => { if (context.Epoch == 3) { context.Stop("enough"); } } }).StopReason);
        Assert.Equal(stopped.After(2), stopped.Network.ParameterBlock.ToArray());

        Scripted cancelled = new(3, 1, 2, 2);
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => cancelled.Fit(source.Token, Stopping(), new LambdaCallback<float> { EpochEnd = context => { if (context.Epoch == 3) { source.Cancel(); } } }));
        Assert.Equal(cancelled.After(2), cancelled.Network.ParameterBlock.ToArray());

        Scripted failed = new(3, 1, 2, 2);
        Assert.Throws<NonFiniteException>(() => failed.Fit(Stopping(), new LambdaCallback<float> { EpochBegin = context => { if (context.Epoch == 3) { context.Network.GetParameter("W1")[0] = float.NaN; } } }));
        Assert.Equal(failed.After(2), failed.Network.ParameterBlock.ToArray());
    }

    /// <summary>A loss that is measured before the only step of an epoch is that of the weights before it.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(60)]
    public void The_weights_of_the_best_training_loss_have_that_loss(double rate)
    {
        Scripted training = new(new double[30]);
        Trainer<float> trainer = new(training.Network, Loss.MeanSquaredError, new Sgd { LearningRate = rate, Momentum = 0.9 });
        History history = trainer.Fit(training.Data, new() { Epochs = 30, BatchSize = FitOptions<float>.FullBatch, Callbacks = [new EarlyStopping<float>(30) { Monitor = "loss", RestoreBestWeights = true }] });
        double best = history.Epochs.Min(epoch => epoch.Loss);
        Assert.Equal(best, history.BestEpoch("loss")!.Value.Loss);
        Assert.Equal(best, trainer.Evaluate(training.Data).Loss, 1e-6 * best);

        // Negative control: the loss of the epochs beside it is another.
        Assert.True(history.Epochs.Count(epoch => Math.Abs(epoch.Loss - best) <= 1e-6 * best) < 15);
    }

    [Fact]
    public void Without_a_choice_it_goes_by_the_validation_where_there_is_one()
    {
        Scripted training = new(new double[6]);
        EarlyStopping<float> held = new(100);
        History history = training.Trainer.Fit(training.Data, new() { Epochs = 6, ValidationSplit = 0.3, Callbacks = [held] });
        Assert.Equal(history.Epochs.Min(epoch => epoch.ValidationLoss), held.BestValue);
        EarlyStopping<float> trained = new(100);
        history = training.Trainer.Fit(training.Data, new() { Epochs = 6, Callbacks = [trained] });
        Assert.Equal(history.Epochs.Min(epoch => epoch.Loss), trained.BestValue);
    }

    [Fact]
    public void What_is_not_measured_cannot_be_monitored()
    {
        Scripted training = new(1, 2);
        Assert.Contains("no validation data", Assert.Throws<ArgumentException>(() => training.Fit(new EarlyStopping<float>(1) { Monitor = "val_loss" })).Message, StringComparison.Ordinal);
        Assert.Contains("scripted", Assert.Throws<ArgumentException>(() => training.Fit(new EarlyStopping<float>(1) { Monitor = "val_f2" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(1) { MinDelta = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping<float>(1) { StartFromEpoch = 0 });
    }

    /// <summary>Shares are good where they are large, whatever their name begins with.</summary>
    [Theory]
    [InlineData("val_macro_f1", true)]
    [InlineData("my_accuracy", true)]
    [InlineData("top_3", true)]
    [InlineData("roc_auc", true)]
    [InlineData("val_r2", true)]
    [InlineData("my_loss", false)]
    [InlineData("rmse", false)]
    public void The_name_says_what_is_good(string name, bool isLargeGood)
    {
        Scripted training = new(1, 2, 3);
        EarlyStopping<float> stopping = new(5) { Monitor = name };
        History history = training.Fit(new LambdaCallback<float> { EpochEnd = context => context.Log(name, context.Epoch) }, stopping);
        Assert.Equal(isLargeGood ? 3 : 1, stopping.BestEpoch);
        Assert.Equal(stopping.BestEpoch, history.BestEpoch(name)?.Epoch);
        Assert.Equal(isLargeGood ? 1 : 3, history.BestEpoch(name, isLargeGood ? MonitorMode.Min : MonitorMode.Max)?.Epoch);
        Assert.Null(history.BestEpoch("nothing"));
    }

    /// <summary>A stream of parts: what scikit-learn's partial_fit and early_stopping could not do together (scikit-learn#25693).</summary>
    [Fact]
    public void A_stream_of_parts_can_be_stopped_and_restored()
    {
        Scripted training = new();
        EarlyStopping<float> stopping = new(2) { RestoreBestWeights = true };
        double[] losses = [3, 1, 2, 2, 0];
        float[][] after = new float[5][];
        int part = 0;
        bool stops = false;
        while (!stops)
        {
            training.Trainer.PartialFit(training.Data);
            after[part] = training.Network.ParameterBlock.ToArray();
            stops = stopping.Observe(training.Network, losses[part++]);
        }

        Assert.Equal(4, part);
        Assert.Equal(2, stopping.BestEpoch);
        stopping.Restore(training.Network);
        Assert.Equal(after[1], training.Network.ParameterBlock.ToArray());
        Assert.Throws<ArgumentException>(() => stopping.Restore(NetworkSpec.Parse("2,1").Build<float>()));
    }

    private static (int Epochs, int? Best, bool Stops) Expected(double[] values, int patience, int from, double delta, double? baseline)
    {
        int? best = null;
        double? reference = null;
        int waited = 0;
        for (int epoch = 1; epoch <= values.Length; epoch++)
        {
            double value = values[epoch - 1];
            if (epoch < from)
            {
                continue;
            }

            bool finite = double.IsFinite(value);
            if (finite && (best is null || value < values[best.Value - 1]))
            {
                best = epoch;
            }

            bool gains = finite && (reference is null || value < reference - delta);
            reference = gains ? value : reference;
            waited = gains && (baseline is null || value < baseline - delta) ? 0 : waited + 1;
            if (waited > 0 && waited >= patience && epoch > 1)
            {
                return (epoch, best, true);
            }
        }

        return (values.Length, best, false);
    }
}

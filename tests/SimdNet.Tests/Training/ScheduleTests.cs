using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Learning rates as PyTorch's schedulers give them, and trainers that follow them.</summary>
[Trait("Suite", "Isa")]
public sealed class ScheduleTests
{
    /// <summary>Names in Golden/settings.py, which has the same schedules in PyTorch's words.</summary>
    public static TheoryData<string, LearningRateSchedule> Schedules => new()
    {
        { "step", LearningRateSchedule.Step(7, 0.3) },
        { "exponential", LearningRateSchedule.Exponential(0.97) },
        { "cosine", LearningRateSchedule.Cosine(30) },
        { "cosine_min", LearningRateSchedule.Cosine(25, 0.01) },
        { "restarts", LearningRateSchedule.CosineRestarts(5, 2) },
        { "restarts_min", LearningRateSchedule.CosineRestarts(9, least: 0.02) },
        { "one_cycle", LearningRateSchedule.OneCycle(200) },
        { "one_cycle_short", LearningRateSchedule.OneCycle(4) },
        { "warmup", LearningRateSchedule.WarmUp(12) },
        { "warmup_cosine", LearningRateSchedule.WarmUp(8, LearningRateSchedule.Cosine(40), start: 0.1) },
        { "polynomial", LearningRateSchedule.Polynomial(40, 2.5) },
    };

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Rates_as_in_PyTorch(string name, LearningRateSchedule schedule)
    {
        double[] rates = Golden.Load("settings")["rates__" + name];
        for (int step = 0; step < rates.Length; step++)
        {
            Assert.Equal(rates[step], schedule.RateAt(0.1, step), 1e-14);
        }

        // Negative control: a step too late.
        Assert.Contains(Enumerable.Range(1, rates.Length - 1), step => Math.Abs(rates[step] - schedule.RateAt(0.1, step - 1)) > 1e-6);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Single_steps_follow_a_schedule_in_steps(string name, LearningRateSchedule schedule)
    {
        Assert.NotNull(name);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 0.1 }, new Adam { LearningRate = 0.1 }])
        {
            Trainer<double> trainer = Trainer(optimizer, schedule);
            for (int step = 0; step < 20; step++)
            {
                trainer.Step([1, 0.5], [0.25]);
                Assert.Equal(schedule.RateAt(0.1, step), trainer.LearningRate);
                Assert.Equal(step + 1, trainer.Steps);
            }
        }
    }

    /// <summary>A closed form needs nothing but the number of steps: plain descent by hand, with the rates of the formula, leaves the same bits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void A_fit_has_the_bits_of_steps_at_the_formulas_rates(int batch)
    {
        LearningRateSchedule schedule = LearningRateSchedule.WarmUp(4, LearningRateSchedule.CosineRestarts(5, 2));
        Trainer<double> fitted = Trainer(new Sgd { LearningRate = 0.1 }, schedule);
        Trainer<double> constant = Trainer(new Sgd { LearningRate = 0.1 }, null);
        Trainer<double> stepped = Trainer(new Sgd { LearningRate = 0.1 }, null);
        Dataset<double> data = Data(8);
        FitOptions<double> options = new() { Epochs = 3, BatchSize = batch, Shuffle = false };
        fitted.Fit(data, options);
        constant.Fit(data, options);
        int steps = 0;
        for (int epoch = 0; epoch < 3; epoch++)
        {
            for (int start = 0; start < 8; start += batch > 8 ? 8 : batch)
            {
                stepped.LearningRate = schedule.RateAt(0.1, steps++);
                stepped.Step(data.Inputs.Span.Slice(start * 2, Math.Min(batch, 8 - start) * 2), data.Targets.Span.Slice(start, Math.Min(batch, 8 - start)));
            }
        }

        Assert.Equal(steps, fitted.Steps);
        Assert.Equal(3, fitted.Epochs);
        Assert.Equal(stepped.Network.Fingerprint(), fitted.Network.Fingerprint());
        Assert.NotEqual(constant.Network.Fingerprint(), fitted.Network.Fingerprint());
    }

    /// <summary>Each warm-up is a call within the last: a checkpoint's text of twenty thousand would end the process.</summary>
    [Fact]
    public void Warm_ups_without_end_are_refused()
    {
        string warmUps = string.Concat(Enumerable.Repeat("warmup(1)+", 20_000)) + "constant";
        Assert.Contains("200008 characters", Assert.Throws<FormatException>(() => LearningRateSchedule.Parse(warmUps)).Message, StringComparison.Ordinal);
        Assert.NotNull(LearningRateSchedule.Parse(warmUps[^48..]));
    }

    [Fact]
    public void Epochs_follow_a_schedule_in_epochs_from_one_fit_to_the_next()
    {
        LearningRateSchedule schedule = LearningRateSchedule.Step(2, 0.5) with { PerEpoch = true };
        Trainer<double> trainer = Trainer(new Sgd { LearningRate = 0.1 }, schedule);
        List<double> rates = [];
        foreach (int epochs in (int[])[1, 4])
        {
            trainer.Fit(Data(8), new() { Epochs = epochs, BatchSize = 3, Progress = progress => rates.AddRange(progress.EpochCompleted ? [trainer.LearningRate] : []) });
        }

        Assert.Equal([0.1, 0.1, 0.05, 0.05, 0.025], rates);
        trainer.Step([1, 0.5], [0.25]);
        Assert.Equal(0.025, trainer.LearningRate);
        Assert.Equal((5, 16), (trainer.Epochs, trainer.Steps));
    }

    [Fact]
    public void A_plateau_reduces_as_in_PyTorch()
    {
        Golden golden = Golden.Load("settings");
        double[] rates = golden["rates__plateau"];
        double[] losses = golden["metrics"];
        SimdNet.Training.Schedules.Scheduler scheduler = new(LearningRateSchedule.Plateau(2, 0.5), 0.1);
        for (int epoch = 0; epoch < losses.Length; epoch++)
        {
            Assert.Equal(rates[epoch], scheduler.RateAt(epoch), 1e-15);
            scheduler.EndEpoch(losses[epoch]);
        }

        Assert.True(rates.Distinct().Count() >= 4);
    }

    /// <summary>At the rate 0 no loss gets better.</summary>
    [Fact]
    public void A_plateau_follows_the_epochs_of_a_fit_after_a_warm_up()
    {
        LearningRateSchedule schedule = LearningRateSchedule.WarmUp(2, LearningRateSchedule.Plateau(1, 0.5), start: 0.5);
        Trainer<double> trainer = Trainer(new Sgd { LearningRate = 1e-6 }, schedule);
        List<double> rates = [];
        trainer.Fit(Data(8), new() { Epochs = 7, Validation = Data(3), Progress = progress => rates.AddRange(progress.EpochCompleted ? [trainer.LearningRate] : []) });
        double[] expected = [0.5e-6, 0.75e-6, 1e-6, 0.5e-6, 0.5e-6, 0.25e-6, 0.25e-6];
        for (int epoch = 0; epoch < expected.Length; epoch++)
        {
            Assert.Equal(expected[epoch], rates[epoch], 1e-15);
        }
    }

    [Fact]
    public void A_rate_that_is_set_by_hand_scales_what_follows()
    {
        Trainer<double> trainer = Trainer(new Adam { LearningRate = 0.1 }, LearningRateSchedule.Step(2, 0.5));
        double[] rates = new double[6];
        for (int step = 0; step < 6; step++)
        {
            trainer.Step([1, 0.5], [0.25]);
            rates[step] = trainer.LearningRate;
            if (step == 2)
            {
                trainer.LearningRate = 0.01;
                Assert.Equal(0.01, trainer.LearningRate);
            }
        }

        Assert.Equal([0.1, 0.1, 0.05, 0.01, 0.005, 0.005], rates.Select(rate => Math.Round(rate, 12)));
    }

    [Fact]
    public void A_formula_of_ones_own_is_followed_and_checked()
    {
        Trainer<double> trainer = Trainer(new Sgd { LearningRate = 0.1 }, LearningRateSchedule.Custom((initial, count) => count < 2 ? initial / (1 + count) : double.NaN));
        trainer.Step([1, 0.5], [0.25]);
        trainer.Step([1, 0.5], [0.25]);
        Assert.Equal(0.05, trainer.LearningRate);
        string before = trainer.Fingerprint();
        Assert.Contains("NaN for 2 steps", Assert.Throws<InvalidOperationException>(() => trainer.Step([1, 0.5], [0.25])).Message, StringComparison.Ordinal);
        Assert.Equal(before, trainer.Fingerprint());
    }

    [Fact]
    public void What_has_no_rate_takes_no_schedule()
    {
        Assert.Contains("Rprop", Assert.Throws<ArgumentException>(() => Trainer(new Rprop(), LearningRateSchedule.Cosine(10))).Message, StringComparison.Ordinal);
        Trainer(new Rprop(), LearningRateSchedule.Constant);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("step(10,0.5)")]
    [InlineData("exponential(0.95)")]
    [InlineData("cosine(50)")]
    [InlineData("cosine(50,0.001)")]
    [InlineData("cosine-restarts(5,2)")]
    [InlineData("cosine-restarts(5,2,0.001)")]
    [InlineData("one-cycle(100)")]
    [InlineData("one-cycle(100,0.25,10,100)")]
    [InlineData("warmup(10)")]
    [InlineData("warmup(10,0.1)")]
    [InlineData("warmup(10)+cosine(90)")]
    [InlineData("warmup(10,0)+cosine-restarts(5,2) per epoch")]
    [InlineData("warmup(10)+plateau(2,0.5)")]
    [InlineData("warmup(10)+plateau(2,0.5) per step")]
    [InlineData("polynomial(40,2)")]
    [InlineData("plateau(5,0.1)")]
    [InlineData("plateau(5,0.1,0.001,3,1E-06)")]
    [InlineData("step(10,0.5) per epoch")]
    public void Text_comes_back(string text)
    {
        LearningRateSchedule schedule = LearningRateSchedule.Parse(text);
        Assert.Equal(text, schedule.ToString());
        Assert.Equal(schedule, LearningRateSchedule.Parse(schedule.ToString()));
        Assert.True(LearningRateSchedule.TryParse(text, out LearningRateSchedule? again));
        Assert.Equal(schedule, again);
        Assert.Equal(text.EndsWith("per epoch", StringComparison.Ordinal) || (text.Contains("plateau", StringComparison.Ordinal) && !text.EndsWith("per step", StringComparison.Ordinal)), schedule.PerEpoch);
    }

    [Theory]
    [InlineData("warmup:10+cosine:90")]
    [InlineData("warmup:1e+1+cosine:+90")]
    [InlineData("warmup(10)+ cosine:90")]
    [InlineData(" warmup:10 + cosine(90)")]
    public void A_plus_stands_behind_a_warm_up_however_it_is_written(string text) =>
        Assert.Equal(LearningRateSchedule.WarmUp(10, LearningRateSchedule.Cosine(90)), LearningRateSchedule.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("cosin(50)")]
    [InlineData("cosine")]
    [InlineData("cosine()")]
    [InlineData("cosine(0)")]
    [InlineData("cosine(1.5)")]
    [InlineData("cosine(1e99)")]
    [InlineData("cosine(5,-1)")]
    [InlineData("step(10,0)")]
    [InlineData("step(10,0.5,3)")]
    [InlineData("exponential(nan)")]
    [InlineData("cosine-restarts(5,0)")]
    [InlineData("cosine-restarts(5,1.5)")]
    [InlineData("one-cycle(10,1,1,1)")]
    [InlineData("warmup(0)")]
    [InlineData("warmup(10,2)")]
    [InlineData("warmup(10)+")]
    [InlineData("warmup:10+")]
    [InlineData("warmup:10+20")]
    [InlineData("cosine(10)+warmup(10)")]
    [InlineData("cosine:10+warmup:10")]
    [InlineData("polynomial(10,0)")]
    [InlineData("plateau(-1,0.5)")]
    [InlineData("plateau(3,1)")]
    [InlineData("custom")]
    [InlineData("step(10,0.5) per row")]
    public void What_is_no_schedule_is_refused(string text)
    {
        Assert.Contains("not", Assert.Throws<FormatException>(() => LearningRateSchedule.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(LearningRateSchedule.TryParse(text, out _));
    }

    private static Trainer<double> Trainer(Optimizer optimizer, LearningRateSchedule? schedule) =>
        new(NetworkSpec.Input(2).Dense(3, Activation.Tanh).Dense(1).Build<double>(), Loss.MeanSquaredError, optimizer, new() { Schedule = schedule });

    private static Dataset<double> Data(int rows)
    {
        Random random = new(4);
        double[] x = [.. Enumerable.Range(0, rows * 2).Select(_ => random.NextDouble() - 0.5)];
        return new(x, 2, Enumerable.Range(0, rows).Select(row => x[2 * row] - x[(2 * row) + 1]).ToArray(), 1);
    }
}

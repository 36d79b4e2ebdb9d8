using System;
using System.Collections.Generic;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A trainer is for one thread at a time: a call while another one runs is refused before anything is written.</summary>
public sealed class ConcurrentUseTests
{
    private static readonly float[] X = [0, 1, 1, 0, 1, 1, 0, 0];
    private static readonly float[] Y = [1, 1, 0, 0];
    private static readonly Dataset<float> Data = new(X, 2, Y, 1);

    private static readonly Dictionary<string, Action<Trainer<float>>> Training = new()
    {
        ["Fit"] = trainer => trainer.Fit(Data, new() { Epochs = 1 }),
        ["PartialFit"] = trainer => trainer.PartialFit(X, Y),
        ["PartialFit of classes"] = trainer => trainer.PartialFit(X, new int[] { 1, 1, 0, 0 }),
        ["PartialFit of a data set"] = trainer => trainer.PartialFit(Data),
        ["Step of a sample"] = trainer => trainer.Step(X.AsSpan(0, 2), Y.AsSpan(0, 1)),
        ["Step of a batch"] = trainer => trainer.Step(X, Y),
        ["Step of a class"] = trainer => trainer.Step(X.AsSpan(0, 2), 1),
        ["Step of a data set"] = trainer => trainer.Step(Data),
    };

    public static TheoryData<string, bool> Calls()
    {
        TheoryData<string, bool> calls = [];
        foreach (string name in Training.Keys)
        {
            calls.Add(name, true);
            calls.Add(name, false);
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_thread_that_trains_while_another_one_fits_is_refused_and_changes_nothing(string name, bool isSmall)
    {
        (Trainer<float> trainer, Trainer<float> undisturbed) = (Make(isSmall), Make(isSmall));
        int refused = 0;
        Fit(trainer, () => refused += Refusal(() => OnAnotherThread(() => Training[name](trainer)))?.Contains("another thread", StringComparison.Ordinal) == true ? 1 : 0);
        Fit(undisturbed, () => { });
        Assert.Equal(2, refused);
        Assert.Equal(undisturbed.Fingerprint(), trainer.Fingerprint());
        Assert.Equal(undisturbed.Steps, trainer.Steps);

        // Control: afterwards it is free, for another thread too.
        OnAnotherThread(() => Training[name](trainer));
        Assert.NotEqual(undisturbed.Fingerprint(), trainer.Fingerprint());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_callback_that_trains_is_refused_and_changes_nothing(string name, bool isSmall)
    {
        (Trainer<float> trainer, Trainer<float> undisturbed) = (Make(isSmall), Make(isSmall));
        int refused = 0;
        Fit(trainer, () => refused += Refusal(() => Training[name](trainer))?.Contains("callback", StringComparison.Ordinal) == true ? 1 : 0);
        Fit(undisturbed, () => { });
        Assert.Equal(2, refused);
        Assert.Equal(undisturbed.Fingerprint(), trainer.Fingerprint());
    }

    [Fact]
    public void A_callback_evaluates_predicts_and_saves_and_another_thread_is_refused()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Trainer<float> trainer = Make(isSmall: true);
        int calls = 0;
        Fit(trainer, () =>
        {
            double loss = trainer.Evaluate(Data).Loss;
            trainer.Network.Predict(X);
            Assert.Contains("another thread", Refusal(() => OnAnotherThread(() => trainer.Evaluate(Data))), StringComparison.Ordinal);
            Assert.Contains("another thread", Refusal(() => OnAnotherThread(() => trainer.SaveCheckpoint(folder.File("none")))), StringComparison.Ordinal);
            trainer.SaveCheckpoint(folder.File("some"));
            Assert.Equal(loss, trainer.Evaluate(Data).Loss);
            calls++;
        });
        Assert.False(Checkpoint.Exists(folder.File("none")));
        Assert.True(Checkpoint.Exists(folder.File("some")));
        Assert.Equal(2, calls);
        Assert.Equal(trainer.Evaluate(Data).Loss, trainer.Evaluate(Data).Loss);
    }

    /// <summary>While it computes, nobody may use it: here the one whose loss it calls, in a step, on a network of any size, in a fit, in its validation and in an evaluation by a callback.</summary>
    [Theory]
    [InlineData(0.9, "step")]
    [InlineData(0.0, "step")]
    [InlineData(0.9, "fit")]
    [InlineData(0.0, "fit")]
    [InlineData(0.9, "evaluate")]
    [InlineData(0.9, "callback")]
    public void A_loss_that_uses_its_own_trainer_is_refused(double momentum, string way)
    {
        Trainer<float>? trainer = null;
        List<string?> refusals = [];
        bool isInCallback = false;
        Loss loss = new Nosy(() =>
        {
            if (trainer is not null && (way != "callback" || isInCallback))
            {
                refusals.Add(Refusal(() => trainer.Step(X, Y)));
                refusals.Add(Refusal(() => trainer.Evaluate(Data)));
            }
        });
        trainer = new(NetworkSpec.Parse("2,3:tanh,1").Build<float>(), loss, new Sgd { Momentum = momentum });
        switch (way)
        {
            case "step":
                trainer.Step(X, Y);
                Assert.Equal(1, trainer.Steps);
                break;
            case "fit":
                trainer.Fit(Data, new() { Epochs = 2, Validation = Data });
                break;
            case "evaluate":
                trainer.Evaluate(Data);
                break;
            default:
                Fit(trainer, () =>
                {
                    isInCallback = true;
                    trainer.Evaluate(Data);
                    isInCallback = false;

                    // The callback is one again.
                    Assert.Null(Refusal(() => trainer.Evaluate(Data)));
                });
                break;
        }

        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.Contains("in use", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_that_fails_leaves_the_trainer_free()
    {
        Trainer<float> trainer = Make(isSmall: true);
        Assert.Throws<ArgumentException>(() => trainer.Step(X.AsSpan(0, 3), Y));
        Assert.Throws<NonFiniteException>(() => trainer.Step([float.NaN, 1], Y.AsSpan(0, 1)));
        Assert.Throws<NonFiniteException>(() => trainer.PartialFit([float.NaN, 1], Y.AsSpan(0, 1)));
        Assert.Throws<ArgumentException>(() => trainer.PartialFit(X.AsSpan(0, 3), Y));
        Assert.Throws<ArgumentException>(() => trainer.Evaluate(new Dataset<float>(X, 4, Y.AsSpan(0, 2).ToArray(), 1)));
        Assert.Throws<InvalidOperationException>(() => Fit(trainer, () => throw new InvalidOperationException("callback")));
        Assert.Throws<ArgumentException>(() => trainer.Fit(new Dataset<float>(X, 4, Y.AsSpan(0, 2).ToArray(), 1)));
        trainer.Step(X, Y);
        Assert.Single(trainer.Fit(Data, new() { Epochs = 1 }).Epochs);
    }

    private static Trainer<float> Make(bool isSmall) => new(NetworkSpec.Parse(isSmall ? "2,3:tanh,1:sigmoid" : "2,100:tanh,1:sigmoid").Build<float>(), Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 });

    private static void Fit(Trainer<float> trainer, Action atEpochEnd) =>
        trainer.Fit(Data, new() { Epochs = 2, Callbacks = [new LambdaCallback<float> { EpochEnd = _ => atEpochEnd() }] });

    private static string? Refusal(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    private static void OnAnotherThread(Action call) => Watchdog.Within(call);

    private sealed record Nosy(Action Look) : CustomLoss("nosy")
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            Look();
            gradient.Clear();
            return T.Zero;
        }
    }
}

using System;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Numbers in messages are written in one way, whatever culture the user's process has.</summary>
public sealed class MessageCultureTests
{
    [Fact]
    public void Numbers_in_messages_are_those_of_no_culture()
    {
        using CommaCulture comma = new();
        Assert.Contains("from 1.5 to 0.5", Message<ArgumentException>(() => new SearchSpace().Uniform("rate", 1.5, 0.5)), StringComparison.Ordinal);
        Assert.Contains("1,073,741,824 parameters", Message<ArgumentException>(() => NetworkSpec.Input(1 << 16).Dense(1 << 15)), StringComparison.Ordinal);
        Trainer<float> trainer = new(NetworkSpec.Input(1).Dense(1).Build<float>(), Loss.MeanSquaredError, new Sgd { LearningRate = 0.5 });
        Assert.Contains("(now 0.5)", Message<NonFiniteException>(() => trainer.Step([1f], [float.MaxValue])), StringComparison.Ordinal);
    }

    private static string Message<TException>(Func<object?> call)
        where TException : Exception => Assert.Throws<TException>(call).Message;
}

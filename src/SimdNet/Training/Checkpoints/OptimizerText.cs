using System;

using SimdNet.Model;

namespace SimdNet.Training.Checkpoints;

/// <summary>Optimizers as text: the name, learning rate, weight decay, and what each has besides.</summary>
internal static class OptimizerText
{
    private static readonly (string Name, Func<Optimizer, double[]?> Write, Func<double[], Optimizer> Read, int Count)[] All =
    [
        ("sgd", optimizer => optimizer is Sgd own ? [own.Momentum, own.Nesterov ? 1 : 0] : null, n => new Sgd { Momentum = n[0], Nesterov = n[1] != 0 }, 2),
        ("rmsprop", optimizer => optimizer is RmsProp own ? [own.Rho, own.Epsilon, own.Momentum, own.Centered ? 1 : 0] : null, n => new RmsProp { Rho = n[0], Epsilon = n[1], Momentum = n[2], Centered = n[3] != 0 }, 4),
        ("adagrad", optimizer => optimizer is Adagrad own ? [own.RateDecay, own.InitialSum, own.Epsilon] : null, n => new Adagrad { RateDecay = n[0], InitialSum = n[1], Epsilon = n[2] }, 3),
        ("adam", optimizer => optimizer is Adam own ? [own.Beta1, own.Beta2, own.Epsilon] : null, n => new Adam { Beta1 = n[0], Beta2 = n[1], Epsilon = n[2] }, 3),
        ("adamw", optimizer => optimizer is AdamW own ? [own.Beta1, own.Beta2, own.Epsilon] : null, n => new AdamW { Beta1 = n[0], Beta2 = n[1], Epsilon = n[2] }, 3),
        ("nadam", optimizer => optimizer is NAdam own ? [own.Beta1, own.Beta2, own.Epsilon, own.MomentumDecay] : null, n => new NAdam { Beta1 = n[0], Beta2 = n[1], Epsilon = n[2], MomentumDecay = n[3] }, 4),
        ("rprop", optimizer => optimizer is Rprop own ? [own.Shrink, own.Grow, own.LeastStep, own.MostStep] : null, n => new Rprop { Shrink = n[0], Grow = n[1], LeastStep = n[2], MostStep = n[3] }, 4),
        ("lbfgs", optimizer => optimizer is Lbfgs own ? [own.History, own.GradientTolerance] : null, n => new Lbfgs { History = (int)n[0], GradientTolerance = n[1] }, 2),
    ];

    public static string Write(Optimizer optimizer)
    {
        foreach ((string name, Func<Optimizer, double[]?> write, _, _) in All)
        {
            if (write(optimizer) is { } own)
            {
                return CallText.Write(name, [optimizer.LearningRate, optimizer.WeightDecay, .. own]);
            }
        }

        throw new NotSupportedException($"The optimizer {optimizer.GetType().Name} has no text.");
    }

    /// <returns>Null where the text is none.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Optimizer? Read(string text)
    {
        if (!CallText.TryParse(text, out string name, out double[] numbers))
        {
            return null;
        }

        foreach ((string known, _, Func<double[], Optimizer> read, int count) in All)
        {
            if (known == name && numbers.Length == 2 + count)
            {
                return read(numbers[2..]) with { LearningRate = numbers[0], WeightDecay = numbers[1] };
            }
        }

        return null;
    }
}

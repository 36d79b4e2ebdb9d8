using System;
using System.Collections.Generic;
using System.Numerics;

namespace SimdNet;

/// <summary>What training makes smaller: a formula over outputs p and targets y of a batch, [rows × outputs].</summary>
/// <remarks>The loss that is reported for several batches is the same formula over all their rows.</remarks>
public abstract record Loss
{
    private protected Loss(string name) => Name = name;

    /// <summary>½ Σ (p − y)² over all rows and outputs. The exam tutorial's loss.</summary>
    public static Loss HalfSquaredError { get; } = new SquaredErrorLoss("half-sse", isMean: false);

    /// <summary>Mean of (p − y)² over rows and outputs. Keras' <c>mse</c>, PyTorch's <c>MSELoss</c>.</summary>
    public static Loss MeanSquaredError { get; } = new SquaredErrorLoss("mse", isMean: true);

    /// <summary>Mean of −y·ln p − (1 − y)·ln(1 − p) over rows and outputs, computed from the logits of a sigmoid output, so that it is finite for every finite logit. Targets lie in [0, 1].</summary>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>Mean over rows of −Σ y·ln p, computed from the logits of a softmax output by log-sum-exp. Targets are class labels, or rows of class probabilities such as one-hot rows; rows of other non-negative weights count by their sum.</summary>
    public static Loss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>half-sse, mse, bce or cross-entropy.</summary>
    public string Name { get; }

    /// <summary>The loss of the name: half-sse, mse, bce or cross-entropy.</summary>
    /// <exception cref="FormatException">There is no such loss.</exception>
    public static Loss Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name) ?? throw new FormatException($"'{name}' is not a loss. Choose one of half-sse, mse, bce, cross-entropy.");
    }

    /// <summary>The loss that fits a network's output: cross-entropy for softmax, binary cross-entropy for sigmoid, else mean squared error.</summary>
    public static Loss Auto(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.OutputActivation.Kind switch
        {
            ActivationKind.Softmax => CrossEntropy,
            ActivationKind.Sigmoid => BinaryCrossEntropy,
            _ => MeanSquaredError,
        };
    }

    /// <summary>The loss that a model was trained with, where its remarks name one that fits, else <see cref="Auto"/>.</summary>
    internal static Loss Of(NetworkSpec spec, IDictionary<string, string> remarks) =>
        remarks.TryGetValue("loss", out string? name) && Find(name) is { } loss && loss.Fits(spec) ? loss : Auto(spec);

    /// <summary>Whether the loss works on this network's output.</summary>
    internal virtual bool Fits(NetworkSpec spec) => true;

    /// <summary>Says whether the loss works on this network's output.</summary>
    /// <exception cref="ArgumentException">It does not; the message says what it needs.</exception>
    public abstract void CheckFits(NetworkSpec spec);

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>The loss at work for one network. Called once, so that a step makes no generic virtual call.</summary>
    internal abstract Training.Losses.LossFunction<T> Bind<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private static Loss? Find(string name)
    {
        foreach (Loss loss in (ReadOnlySpan<Loss>)[HalfSquaredError, MeanSquaredError, BinaryCrossEntropy, CrossEntropy])
        {
            if (string.Equals(loss.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return loss;
            }
        }

        return null;
    }

    private protected ArgumentException Needs(NetworkSpec spec, string activation) =>
        new($"The loss {Name} needs a last layer with {activation}, and the network {spec} ends in {spec.OutputActivation}. End it in {activation}, or choose another loss.", nameof(spec));
}

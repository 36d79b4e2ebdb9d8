using System;
using System.Collections.Generic;

using SimdNet.Model;

namespace SimdNet;

/// <summary>Makes users' own losses from their names, for whoever reads a text or a model. It is passed in, as that of layers is: there is no list of the process, and nothing is found by reflection.</summary>
/// <remarks>To be filled by one thread; once nobody adds any more, any number of threads may read with it at once, and its functions are called on theirs.</remarks>
/// <example>
/// <code>
/// LossRegistry registry = new LossRegistry().AddLoss("quantile", numbers =&gt; new Quantile(numbers[0]));
/// Evaluation evaluation = network.Evaluate(data, Loss.Of(network, registry));
/// </code>
/// </example>
public sealed class LossRegistry
{
    private readonly Dictionary<string, Func<IReadOnlyList<double>, CustomLoss>> _losses = [];

    /// <summary>Adds a loss.</summary>
    /// <param name="name">The name that it has in texts and models.</param>
    /// <param name="make">Makes it from its numbers; an ArgumentException says what is wrong with them.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is no name, is the library's, or was added before.</exception>
    public LossRegistry AddLoss(string name, Func<IReadOnlyList<double>, CustomLoss> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        CallText.CheckedName(name);
        if (Loss.IsKnown(name) || !_losses.TryAdd(name, make))
        {
            throw new ArgumentException($"The name '{name}' is taken. Choose another one.", nameof(name));
        }

        return this;
    }

    /// <summary>The loss of a text such as <c>quantile(0.9)</c>.</summary>
    /// <returns>Null where the text names none of them.</returns>
    /// <exception cref="FormatException">Its numbers are wrong.</exception>
    internal CustomLoss? Find(string text) => LayerRegistry.Find(_losses, text);
}

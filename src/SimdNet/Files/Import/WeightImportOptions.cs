using System;
using System.Collections.Generic;

namespace SimdNet;

/// <summary>What the file does not say.</summary>
public sealed record WeightImportOptions
{
    /// <summary>Whose names and layout the file has. Automatic by default, which never guesses: where the names and shapes leave a choice, the file is refused.</summary>
    public WeightSource Source { get; init; }

    /// <summary>The names of the layers in the file, first to last: fc1, bn1, fc2 of the tensors fc1.weight, bn1.weight, …. Null, the default, for the order of an .npz, which is the one in which its arrays were given;
    /// in a .safetensors, which PyTorch sorts by name, for the order of the numbers in the names, or the only one that the shapes allow.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    /// <summary>The ε of the file's normalizations; null, the default, for the library's own: 1e-5 in PyTorch, 1e-3 in Keras. Positive.</summary>
    /// <remarks>
    /// Here it is always 1e-5. What a batch normalization has more is added to its running variance, which leaves its predictions as they were. A layer normalization has no place for it, and is refused:
    /// make it with epsilon=1e-5, or say 1e-5 here and accept predictions that differ where a row varies little.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or not finite.</exception>
    public double? Epsilon
    {
        get;
        init => field = value is null || (value > 0 && double.IsFinite(value.Value)) ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "Epsilon is positive, and finite.");
    }
}

using System;
using System.Numerics;

using SimdNet.Training.Losses;

namespace SimdNet.Training;

/// <summary>How much rows count: by weights of their own, by their classes, or both.</summary>
/// <param name="samples">[rows] in the order of the data; empty where each weighs 1.</param>
/// <param name="loss">Whose class weights count.</param>
internal readonly ref struct RowWeights<T>(ReadOnlySpan<T> samples, LossFunction<T> loss)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _samples = samples;
    private readonly T[]? _classes = loss.ClassWeights;
    private readonly bool _weighsTargets = loss.ClassWeights is not null && loss.WeighsTargets;

    /// <summary>False where each row weighs 1.</summary>
    public bool AreGiven => _classes is not null || !_samples.IsEmpty;

    /// <summary>The factor of a row's terms.</summary>
    /// <param name="row">Its number in the data.</param>
    /// <param name="label">Its class; −1 where it has targets.</param>
    /// <param name="target">[outputs]; empty where it has a label.</param>
    public T OfTerms(int row, int label, ReadOnlySpan<T> target) => _weighsTargets ? OfSample(row) : OfSample(row) * OfClass(label, target);

    /// <summary>What a row adds to the divisor of the mean.</summary>
    /// <inheritdoc cref="OfTerms" path="/param"/>
    public T OfMean(int row, int label, ReadOnlySpan<T> target) => _weighsTargets && label < 0 ? OfSample(row) : OfSample(row) * OfClass(label, target);

    private T OfSample(int row) => _samples.IsEmpty ? T.One : _samples[row];

    private T OfClass(int label, ReadOnlySpan<T> target) => _classes is null ? T.One : _classes[label >= 0 ? label : ClassOf(target)];

    /// <summary>The class of a row of targets: of a one-hot row the column of its 1, of a single target 1 or 0; −1 where the row is neither.</summary>
    public static int ClassOf(ReadOnlySpan<T> target)
    {
        if (target.Length == 1)
        {
            return target[0] == T.One ? 1 : target[0] == T.Zero || target[0] == T.NegativeOne ? 0 : -1;
        }

        int found = target.IndexOf(T.One);
        return found >= 0 && !target[(found + 1)..].ContainsAnyExcept(T.Zero, T.NegativeOne) && !target[..found].ContainsAnyExcept(T.Zero, T.NegativeOne) ? found : -1;
    }
}

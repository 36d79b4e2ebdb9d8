using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet.Training;

/// <summary>How predicted classes are counted.</summary>
internal enum AccuracyKind
{
    /// <summary>The data has no classes.</summary>
    None,

    /// <summary>Each output above 0.5 says 1.</summary>
    Binary,

    /// <summary>Each output above 0 says 1.</summary>
    Signs,

    /// <summary>The largest output of a row is its class.</summary>
    Categorical,
}

/// <summary>Counts right predictions.</summary>
internal static class Accuracy
{
    /// <summary>Columns up to which a row is compared number by number: two vectors of the widest registers.</summary>
    private const int FewClasses = 32;

    /// <summary>What counts as right, decided by the kind of output, the loss and the data: labels are classes, a softmax or log-softmax predicts classes, as does what a categorical loss takes, and sigmoids do where every target is 0 or 1. A loss of logits makes their probabilities of outputs.</summary>
    public static AccuracyKind For<T>(NetworkSpec spec, Dataset<T> data, LossFunction<T> loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ActivationKind output = spec.OutputActivation.Kind;
        if (spec.Outputs > 1 ? data.HasLabels || OutputRange.IsDistribution(output) || loss.IsCategorical : OutputRange.IsDistribution(output) && !data.HasLabels)
        {
            return AccuracyKind.Categorical;
        }

        ReadOnlySpan<T> targets = data.Targets.Span;
        return loss.Domain == TargetDomain.Signs
            ? !targets.ContainsAnyExcept(T.NegativeOne, T.Zero, T.One) ? AccuracyKind.Signs : AccuracyKind.None
            : (output == ActivationKind.Sigmoid || loss.Domain == TargetDomain.Unit) && !targets.ContainsAnyExcept(T.Zero, T.One)
            ? AccuracyKind.Binary
            : AccuracyKind.None;
    }

    /// <summary>How many of a tile's outputs are right, as a number of rows: a row with several binary outputs counts by its share.</summary>
    public static double Count<T>(AccuracyKind kind, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int right = 0;
        if (kind is AccuracyKind.Binary or AccuracyKind.Signs)
        {
            T least = kind == AccuracyKind.Binary ? T.CreateTruncating(0.5) : T.Zero;
            ReadOnlySpan<T> targets = target.Elements;
            ReadOnlySpan<T> outputs = output.Elements;
            for (int i = 0; i < outputs.Length; i++)
            {
                right += (outputs[i] > least) == (targets[i] > least) ? 1 : 0;
            }

            return (double)right / output.Columns;
        }

        for (int row = 0; row < output.Rows; row++)
        {
            right += TensorPrimitives.IndexOfMax(output.Row(row)) == TensorPrimitives.IndexOfMax(target.Row(row)) ? 1 : 0;
        }

        return right;
    }

    /// <summary>How many of a tile's rows have their label as the largest output.</summary>
    [MethodImpl(Compiled.Loop)]
    public static double Count<T>(ReadOnlyMatrixView<T> output, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int right = 0;
        for (int row = 0; row < output.Rows; row++)
        {
            right += IsLargest(output.Row(row), labels[row]) ? 1 : 0;
        }

        return right;
    }

    /// <summary>Whether an element is what <see cref="TensorPrimitives.IndexOfMax"/> finds. For rows of a few classes a call of that takes longer than the comparisons.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLargest<T>(ReadOnlySpan<T> row, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T value = row[index];

        // Zeros of both signs are equal but not the same maximum, and the first NaN is the maximum.
        if (row.Length > FewClasses || value == T.Zero || T.IsNaN(value))
        {
            return TensorPrimitives.IndexOfMax(row) == index;
        }

        // Without a branch: which of the others is larger cannot be predicted. A NaN fails both comparisons.
        int smaller = 0;
        for (int i = 0; i < index; i++)
        {
            smaller += row[i] < value ? 1 : 0;
        }

        for (int i = index; i < row.Length; i++)
        {
            smaller += row[i] <= value ? 1 : 0;
        }

        return smaller == row.Length;
    }
}

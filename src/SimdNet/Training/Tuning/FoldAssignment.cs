using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Data;
using SimdNet.Kernels;

namespace SimdNet.Training.Tuning;

/// <summary>Which fold holds each row out.</summary>
internal static class FoldAssignment
{
    /// <summary>As scikit-learn's StratifiedKFold where there are classes and that is wanted, else as its KFold; only the random order is our own.</summary>
    /// <returns>[rows], each from 0 to folds − 1; no fold is empty.</returns>
    public static int[] Of<T>(Dataset<T> data, CrossValidationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        options.Stratify && Classes(data) is { } classes ? Stratified(classes, options) : Even(data.Rows, options);

    /// <summary>The rows of a fold, or all others, in their own order.</summary>
    public static int[] Rows(ReadOnlySpan<int> folds, int fold, bool held)
    {
        List<int> rows = [];
        for (int row = 0; row < folds.Length; row++)
        {
            if (folds[row] == fold == held)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    /// <summary>Folds of neighbours in the order of the rows, or in a random one; the first of them have a row more where the number does not divide.</summary>
    private static int[] Even(int rows, CrossValidationOptions options)
    {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            order[i] = i;
        }

        if (options.Shuffle)
        {
            BatchOrder.Permutation(order, options.Seed, RandomPurpose.Folds);
        }

        int[] folds = new int[rows];
        (int size, int longer) = Math.DivRem(rows, options.Folds);
        int next = 0;
        for (int fold = 0; fold < options.Folds; fold++)
        {
            for (int i = 0; i < size + (fold < longer ? 1 : 0); i++)
            {
                folds[order[next++]] = fold;
            }
        }

        return folds;
    }

    /// <summary>With the rows sorted by class, each fold gets every k-th: that says how many of each class it has. Which of them, the rows' order says, or a random one.</summary>
    private static int[] Stratified(ReadOnlySpan<int> classes, CrossValidationOptions options)
    {
        Dictionary<int, int> numbers = [];
        List<List<int>> rowsOfClass = [];
        for (int row = 0; row < classes.Length; row++)
        {
            if (numbers.TryAdd(classes[row], rowsOfClass.Count))
            {
                rowsOfClass.Add([]);
            }

            rowsOfClass[numbers[classes[row]]].Add(row);
        }

        int[] folds = new int[classes.Length];
        int sorted = 0;
        for (int number = 0; number < rowsOfClass.Count; number++)
        {
            List<int> rows = rowsOfClass[number];
            int[] held = new int[rows.Count];
            for (int i = 0; i < held.Length; i++)
            {
                held[i] = sorted++ % options.Folds;
            }

            Array.Sort(held);
            int[] order = new int[rows.Count];
            if (options.Shuffle)
            {
                BatchOrder.Permutation(order, options.Seed, RandomPurpose.Folds, (ulong)number + 1);
            }

            for (int i = 0; i < held.Length; i++)
            {
                folds[rows[options.Shuffle ? order[i] : i]] = held[i];
            }
        }

        return folds;
    }

    /// <summary>The class of each row: its label, or its target where each row has one that is 0 or 1; null where there are none.</summary>
    private static int[]? Classes<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => data.HasLabels
        ? data.Labels.ToArray()
        : data.Outputs == 1 && !data.Targets.Span.ContainsAnyExcept(T.Zero, T.One)
        ? Array.ConvertAll(data.Targets.ToArray(), target => target == T.One ? 1 : 0)
        : null;
}

using System;
using System.Globalization;
using System.Numerics;

namespace SimdNet.Cli.Data;

/// <summary>Whole numbers as classes and as measurements: files do not say which they are, the network's last layer does.</summary>
internal static class Labels
{
    /// <summary>A class number beyond this is a measurement: no network has so many outputs.</summary>
    private const int LargestClass = 1 << 24;

    /// <summary>Labels as numbers to be predicted.</summary>
    public static Dataset<T> ToTargets<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(data.Inputs, data.Features, Array.ConvertAll(data.Labels.ToArray(), T.CreateChecked), 1) { FeatureNames = data.FeatureNames };

    /// <summary>One column of targets as classes.</summary>
    /// <exception cref="ToolException">A target is no class.</exception>
    public static Dataset<T> FromTargets<T>(Dataset<T> data, string source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] labels = new int[data.Rows];
        ReadOnlySpan<T> targets = data.Targets.Span;
        for (int row = 0; row < labels.Length; row++)
        {
            T target = targets[row];
            labels[row] = T.IsInteger(target) && target >= T.Zero && target <= T.CreateChecked(LargestClass)
                ? int.CreateChecked(target)
                : throw ToolException.Failure(string.Create(CultureInfo.InvariantCulture, $"{source}: the label of row {row} (from 0) is {target}, and a softmax output takes classes, whole numbers from 0. For real targets, end --layers without an activation."));
        }

        return new Dataset<T>(data.Inputs, data.Features, labels) { FeatureNames = data.FeatureNames };
    }
}

using System;
using System.Numerics;

namespace SimdNet.Cli.Training;

/// <summary>How much classes count: numbers that were given, or such that all classes weigh the same in the data.</summary>
/// <param name="Given">The numbers; null to balance.</param>
internal sealed record ClassWeightsChoice(ClassWeights? Given)
{
    public const string Wanted = "balanced, or a number from 0 for each class with commas between them, not all 0";

    public static bool TryRead(string text, out ClassWeightsChoice? choice)
    {
        bool isBalanced = text.Equals("balanced", StringComparison.OrdinalIgnoreCase);
        choice = ClassWeights.TryParse(text, out ClassWeights? weights) || isBalanced ? new(weights) : null;
        return choice is not null;
    }

    /// <summary>The weights for data that is trained on.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="classes">How many classes the network tells apart.</param>
    /// <exception cref="ToolException">A row has no class.</exception>
    public ClassWeights For<T>(Dataset<T> data, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Given is not null)
        {
            return Given;
        }

        if (data.HasLabels)
        {
            return ClassWeights.Balanced(data.Labels.Span, Math.Max(classes, data.ClassCount));
        }

        int[] labels = new int[data.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<T> target = data.Targets.Span.Slice(row * data.Outputs, data.Outputs);
            labels[row] = target.Length > 1 ? target.IndexOf(T.One) : target[0] == T.One ? 1 : target[0] == T.Zero || target[0] == T.NegativeOne ? 0 : -1;
            if (labels[row] < 0)
            {
                throw ToolException.Failure($"--class-weights balanced counts classes, and the targets of row {row} (from 0) are none: labels, one-hot rows, or 0 and 1 are. Give a weight for each class instead.");
            }
        }

        return ClassWeights.Balanced(labels, Math.Max(classes, data.Outputs));
    }
}

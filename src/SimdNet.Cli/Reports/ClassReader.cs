using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace SimdNet.Cli.Reports;

/// <summary>Classes as outputs tell them: the largest of a softmax or log-softmax, or 0 and 1 on both sides of a half for one sigmoid.</summary>
internal static class ClassReader
{
    /// <summary>Whether a network's outputs are classes. Targets that were scaled are numbers; several sigmoids are several answers, not one class, unless the data had names for them.</summary>
    public static bool TellsClasses<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => network.TargetScaler is null && network.Spec.OutputActivation.Kind switch
        {
            ActivationKind.Softmax or ActivationKind.LogSoftmax => true,
            ActivationKind.Sigmoid => network.Outputs == 1 || network.ClassNames is not null,
            _ => network.Outputs > 1 && network.ClassNames is not null,
        };

    /// <param name="outputs">[rows × columns].</param>
    /// <param name="columns">Outputs of the network.</param>
    /// <returns>[rows].</returns>
    public static int[] Read<T>(ReadOnlySpan<T> outputs, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] classes = new int[outputs.Length / columns];
        T half = T.CreateTruncating(0.5);
        for (int row = 0; row < classes.Length; row++)
        {
            ReadOnlySpan<T> output = outputs.Slice(row * columns, columns);
            classes[row] = columns > 1 ? TensorPrimitives.IndexOfMax(output) : output[0] > half ? 1 : 0;
        }

        return classes;
    }
}

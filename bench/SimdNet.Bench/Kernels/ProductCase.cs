using System;
using System.Collections.Generic;

namespace SimdNet.Bench.Kernels;

/// <summary>The three products of a dense layer.</summary>
public enum ProductKind
{
    /// <summary>Y = X·W.</summary>
    Forward,

    /// <summary>dW = Xᵀ·dY.</summary>
    WeightGradient,

    /// <summary>dX = dY·Wᵀ.</summary>
    InputGradient,
}

/// <summary>One product of a dense layer whose X is [batch × inputs] and whose W is [inputs × units].</summary>
public sealed record ProductCase(ProductKind Kind, int Batch, int Inputs, int Units, Type Element)
    : Case($"{ShortName(Kind)} {Batch}x{Inputs}x{Units}", Element, new(2.0 * Batch * Inputs * Units, 0, 1, "product"))
{
    private static readonly (int Batch, int Inputs, int Units)[] Shapes =
    [
        (32, 784, 128), (64, 784, 128), (128, 784, 128), (64, 256, 256),
        (64, 64, 64), (128, 128, 128), (256, 256, 256), (32, 128, 10),
    ];

    public static IEnumerable<ProductCase> All(Type element)
    {
        foreach (ProductKind kind in Enum.GetValues<ProductKind>())
        {
            foreach ((int batch, int inputs, int units) in Shapes)
            {
                yield return new(kind, batch, inputs, units, element);
            }
        }
    }

    private static string ShortName(ProductKind kind) => kind switch
    {
        ProductKind.Forward => "forward",
        ProductKind.WeightGradient => "dW",
        _ => "dX",
    };
}

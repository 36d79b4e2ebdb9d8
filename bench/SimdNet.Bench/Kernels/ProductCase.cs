using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

using SimdNet.Bench.Roofline;

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
    /// <summary>At one to three GFLOP/s, a call of a tenth of a second: a suite's 25 samples of larger ones would take minutes a row.</summary>
    private const double MostFlopsOfManagedCode = 3e8;

    /// <summary>The loops of <see cref="NaiveProduct"/> tell the same at every size that leaves L1, so it is enough to have them on some.</summary>
    private const double MostFlopsOfNaiveLoops = 5e6;

    private static readonly int[] Sides = [32, 64, 128, 256, 512, 1024, 2048];

    private static readonly (int Batch, int Inputs, int Units)[] Layers = [(32, 784, 128), (64, 784, 128), (128, 784, 128), (64, 256, 256), (32, 128, 10)];

    /// <summary>All samples of a set of digits at once. 132 MB in float, 263 MB in double, which no cache holds.</summary>
    private static readonly (int Batch, int Inputs, int Units) Tall = (42_000, 784, 16);

    /// <summary>Of a single sample, which has kernels of its own elsewhere, the forward alone.</summary>
    public static IEnumerable<ProductCase> All(Type element)
    {
        foreach (int side in Sides)
        {
            yield return new(ProductKind.Forward, side, side, side, element);
        }

        foreach (int side in Sides)
        {
            yield return new(ProductKind.WeightGradient, side, side, side, element);
            yield return new(ProductKind.InputGradient, side, side, side, element);
        }

        yield return new(ProductKind.Forward, 1, 784, 128, element);
        foreach ((int batch, int inputs, int units) in ((int, int, int)[])[.. Layers, Tall])
        {
            foreach (ProductKind kind in Enum.GetValues<ProductKind>())
            {
                yield return new(kind, batch, inputs, units, element);
            }
        }
    }

    public override bool IsFor(string implementation) => implementation switch
    {
        Implementations.Naive => Work.Flops <= MostFlopsOfNaiveLoops,
        Implementations.MathNet => Work.Flops <= MostFlopsOfManagedCode,
        // oneDNN 2.6 ends the process in the tall forward: its free() of its own buffer finds the heap damaged, in most runs.
        Implementations.OneDnn => Element == typeof(float) && (Kind, Batch, Inputs, Units) != (ProductKind.Forward, Tall.Batch, Tall.Inputs, Tall.Units),
        _ => true,
    };

    /// <summary>Both operands are read once and the result is written once. Call after call on the same three: what they take together is what a cache must hold.</summary>
    public override Demand Demand
    {
        get
        {
            double size = Marshal.SizeOf(Element);
            double x = size * Batch * Inputs, w = size * Inputs * Units, y = size * Batch * Units;
            (double read, double written) = Kind switch
            {
                ProductKind.Forward => (x + w, y),
                ProductKind.WeightGradient => (x + y, w),
                _ => (y + w, x),
            };
            return new(Work.Flops, 0, new("operands", Access.Read, read, x + w + y), new("result", Access.Write, written, x + w + y));
        }
    }

    private static string ShortName(ProductKind kind) => kind switch
    {
        ProductKind.Forward => "forward",
        ProductKind.WeightGradient => "dW",
        _ => "dX",
    };
}

using System.Collections.Generic;
using System.Globalization;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Threading;

/// <summary>What is cut in two.</summary>
public enum CutKind
{
    /// <summary>Forward through a layer of 128 inputs with ReLU, by units.</summary>
    Layer,

    /// <summary>A product of 32 × 128 by 128 × n, by columns.</summary>
    Product,

    /// <summary>Adam's step, by parameters.</summary>
    Update,

    /// <summary>A trainer's step, cut as the library decides.</summary>
    Step,
}

/// <summary>Work about as large as the sizes from which the library cuts it for a team: two parts, whether or not the library would make them, against one. The least size to cut is where two parts begin to be faster.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">With the size of a part.</param>
/// <param name="Size">Units, columns or parameters; of a step, rows.</param>
/// <param name="Flops">As elsewhere; 0 of an update.</param>
/// <param name="Spec">What a step trains.</param>
public sealed record TeamCutCase(CutKind Kind, string Name, int Size, double Flops, NetworkSpec? Spec = null)
    : Case(Name, typeof(float), Kind == CutKind.Update ? new(0, 28.0 * Size, Size, "parameter") : new(Flops, 0, 1, "call"))
{
    /// <summary>Rows and inputs of a layer.</summary>
    public const int LayerRows = 30, Inputs = 128;

    /// <summary>Rows of a product.</summary>
    public const int ProductRows = 32;

    public static IEnumerable<TeamCutCase> All
    {
        get
        {
            // Half, once and twice what LayerTeam.LeastOperations, ProductCut.LeastOperations and LayerTeam.LeastElements say of a part.
            foreach (int units in (int[])[32, 64, 128])
            {
                double flops = 2.0 * LayerRows * Inputs * units;
                yield return new(CutKind.Layer, $"layer {LayerRows}x{Inputs}x{units}, parts of {Number(flops / 2)} operations", units, flops);
            }

            foreach (int columns in (int[])[32, 64, 128])
            {
                double flops = 2.0 * ProductRows * Inputs * columns;
                yield return new(CutKind.Product, $"product {ProductRows}x{Inputs}x{columns}, parts of {Number(flops / 2)} operations", columns, flops);
            }

            foreach (int elements in (int[])[6_144, 12_288, 24_576])
            {
                yield return new(CutKind.Update, $"Adam's update, parts of {Number(elements)} parameters", 2 * elements, 0);
            }

            // Shards: none of a batch of one tile, two of two tiles; and two where the gradients of both have no more than the 2^20 parameters that Shards allows, against products cut by outputs.
            NetworkSpec narrow = NetworkSpec.Parse("24,8:tanh,2:identity");
            yield return Step("24-8-2 tanh, one tile", narrow, 1_024);
            yield return Step("24-8-2 tanh, two shards", narrow, 1_028);
            yield return Step("784-640-10, two shards", NetworkSpec.Parse("784,640:relu,10:identity"), 160);
            yield return Step("784-688-10, no shards", NetworkSpec.Parse("784,688:relu,10:identity"), 160);
        }
    }

    /// <summary>Of each of the two cores.</summary>
    public override Demand Demand => Whole.On(2);

    private Demand Whole => Kind switch
    {
        CutKind.Layer => ProductOf(LayerRows),
        CutKind.Product => ProductOf(ProductRows),
        CutKind.Update => new(0, 0, new("gradient", Access.Read, 4.0 * Size, 16.0 * Size), new("parameters and moments", Access.Update, 24.0 * Size, 16.0 * Size)),
        _ => StepOf(4.0 * Size * Spec!.Inputs, 4.0 * Spec.ParameterCount),
    };

    private Demand ProductOf(int rows)
    {
        double operands = 4.0 * Inputs * (rows + Size), result = 4.0 * rows * Size;
        return new(Flops, 0, new("operands", Access.Read, operands, operands + result), new("result", Access.Write, result, operands + result));
    }

    private Demand StepOf(double samples, double weights) => new(
        Flops,
        0,
        new("samples", Access.Read, samples, samples + weights),
        new("weights, forward", Access.Read, weights, samples + weights),
        new("weights, update", Access.Update, 2 * weights, samples + weights));

    private static TeamCutCase Step(string name, NetworkSpec spec, int rows)
    {
        double flops = 0;
        int inputs = spec.Inputs;
        foreach (DenseSpec layer in spec.Layers)
        {
            flops += (inputs == spec.Inputs ? 4.0 : 6.0) * rows * inputs * layer.Units;
            inputs = layer.Units;
        }

        return new(CutKind.Step, $"{name}, batch {Number(rows)}", rows, flops, spec);
    }

    private static string Number(double count) => count.ToString("N0", CultureInfo.InvariantCulture);
}

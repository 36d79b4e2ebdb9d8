using System;
using System.Collections.Generic;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Kernels;

/// <summary>A product that stands for an entry of the table of ways, or for what lies just outside of it.</summary>
/// <param name="Row">The product.</param>
/// <param name="Planned">The way that the table takes.</param>
/// <param name="Others">What it is compared with.</param>
public sealed record ProductPlanCase(ProductCase Row, ProductWays Planned, ProductWays Others) : Case($"{Row.Name}, {NameOf(Planned)}", Row.Element, Row.Work)
{
    public static IEnumerable<ProductPlanCase> All(Type element)
    {
        bool isFloat = element == typeof(float);

        // Few columns.
        yield return isFloat ? Of(ProductKind.Forward, 32, 128, 10, ProductWays.Direct, ProductWays.FewColumns) : Of(ProductKind.Forward, 32, 128, 10, ProductWays.FewColumns, ProductWays.Direct);
        yield return Of(ProductKind.Forward, 42_000, 784, 16, ProductWays.FewColumns, ProductWays.Direct);
        yield return Of(ProductKind.WeightGradient, 42_000, 784, 16, ProductWays.FewColumns, ProductWays.Direct | ProductWays.Packed);
        yield return Of(ProductKind.WeightGradient, 32, 128, 10, ProductWays.ColumnsOfC, ProductWays.FewColumns | ProductWays.Direct);
        if (isFloat)
        {
            yield return Of(ProductKind.Forward, 32, 1000, 24, ProductWays.FewColumns, ProductWays.Direct);
            yield return Of(ProductKind.WeightGradient, 42_000, 784, 32, ProductWays.FewColumns, ProductWays.Direct | ProductWays.Packed);
            yield return Of(ProductKind.WeightGradient, 128, 784, 10, ProductWays.ColumnsOfC, ProductWays.FewColumns | ProductWays.Direct);
            yield return Of(ProductKind.WeightGradient, 32, 128, 13, ProductWays.FewColumns, ProductWays.ColumnsOfC);
        }

        // C = A·B and C = Aᵀ·B. Rows of 512 doubles and of 1,024 floats are pages apart; of 512 floats, two to a page, they are not.
        yield return Of(ProductKind.Forward, 512, 512, 512, isFloat ? ProductWays.Direct : ProductWays.Packed, Except(isFloat ? ProductWays.Direct : ProductWays.Packed));
        yield return Of(ProductKind.WeightGradient, 512, 512, 512, ProductWays.TilesOfA, Except(ProductWays.TilesOfA));
        yield return Of(ProductKind.WeightGradient, 512, 784, 512, ProductWays.TilesOfA, Except(ProductWays.TilesOfA));
        yield return Of(ProductKind.WeightGradient, 256, 784, 512, isFloat ? ProductWays.Direct : ProductWays.TilesOfA, Except(isFloat ? ProductWays.Direct : ProductWays.TilesOfA));
        yield return Of(ProductKind.WeightGradient, 512, 784, 256, ProductWays.Direct, Except(ProductWays.Direct));
        yield return Of(ProductKind.Forward, 128, 1024, 1024, isFloat ? ProductWays.TilesOfA : ProductWays.Packed, Except(isFloat ? ProductWays.TilesOfA : ProductWays.Packed));
        yield return Of(ProductKind.Forward, 1024, 1024, 1024, ProductWays.Packed, Except(ProductWays.Packed));
        if (isFloat)
        {
            yield return Of(ProductKind.Forward, 32, 784, 128, ProductWays.Direct, Except(ProductWays.Direct));
            yield return Of(ProductKind.Forward, 128, 784, 512, ProductWays.Direct, Except(ProductWays.Direct));
            yield return Of(ProductKind.Forward, 64, 1024, 512, ProductWays.TilesOfA, Except(ProductWays.TilesOfA));
            yield return Of(ProductKind.Forward, 128, 784, 512, ProductWays.PackedOnce, ProductWays.Direct);
        }

        // C = A·Bᵀ.
        yield return Of(ProductKind.InputGradient, 32, 784, 128, ProductWays.TransposeOfC, ProductWays.PanelByPanel);
        yield return Of(ProductKind.InputGradient, 512, 512, 512, isFloat ? ProductWays.PanelByPanel : ProductWays.Packed, ProductWays.TransposeOfC | (isFloat ? ProductWays.Packed : ProductWays.PanelByPanel));
        yield return Of(ProductKind.InputGradient, 42_000, 784, 16, ProductWays.AllPanels, ProductWays.AllPanelsPlain | ProductWays.PanelByPanel);
        if (isFloat)
        {
            yield return Of(ProductKind.InputGradient, 512, 784, 512, ProductWays.PanelByPanel, ProductWays.TransposeOfC | ProductWays.Packed);
            yield return Of(ProductKind.InputGradient, 1024, 1024, 1024, ProductWays.Packed, ProductWays.TransposeOfC | ProductWays.PanelByPanel);
        }

        ProductPlanCase Of(ProductKind kind, int batch, int inputs, int units, ProductWays planned, ProductWays others) => new(new(kind, batch, inputs, units, element), planned, others);

        static ProductWays Except(ProductWays planned) => (ProductWays.Direct | ProductWays.TilesOfA | ProductWays.Packed) & ~planned;
    }

    public override Demand Demand => Row.Demand;

    public override bool IsFor(string implementation) => implementation == Implementations.SimdNet || Others.HasFlag(WayOf(implementation));

    private static string NameOf(ProductWays way) => way switch
    {
        ProductWays.Direct => "direct",
        ProductWays.TilesOfA => "A in tiles",
        ProductWays.Packed => "both packed",
        ProductWays.PackedOnce => "B packed once",
        ProductWays.FewColumns => "few columns",
        ProductWays.ColumnsOfC => "columns of C",
        ProductWays.TransposeOfC => "transpose of C",
        ProductWays.PanelByPanel => "panel by panel",
        _ => "all panels",
    };

    private static ProductWays WayOf(string implementation) => implementation switch
    {
        Implementations.Direct => ProductWays.Direct,
        Implementations.TilesOfA => ProductWays.TilesOfA,
        Implementations.Packed => ProductWays.Packed,
        Implementations.FewColumns => ProductWays.FewColumns,
        Implementations.ColumnsOfC => ProductWays.ColumnsOfC,
        Implementations.TransposeOfC => ProductWays.TransposeOfC,
        Implementations.PanelByPanel => ProductWays.PanelByPanel,
        Implementations.AllPanelsPlain => ProductWays.AllPanelsPlain,
        _ => throw new ArgumentOutOfRangeException(nameof(implementation), implementation, "No way of that name."),
    };
}

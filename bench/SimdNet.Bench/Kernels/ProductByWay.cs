using System;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Bench.Kernels;

/// <summary>A product by a way that is named, whatever its plan would be, at one width.</summary>
internal static unsafe class ProductByWay<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>The product, overwriting C. What is more than few columns at this width goes the direct way, as it does in the kernels.</summary>
    public static void Run(ProductWays way, ProductCase row, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Span<T> scratch)
    {
        (int m, int n, int k) = Sides(row);
        fixed (T* pa = a, pb = b, pc = c, ps = scratch)
        {
            Operand<T> x = row.Kind == ProductKind.WeightGradient ? new(pa, 1, m) : new(pa, k, 1);
            Operand<T> y = row.Kind == ProductKind.InputGradient ? new(pb, 1, k) : new(pb, n, 1);
            Operand<T> z = new(pc, n, 1);
            if (way == ProductWays.FewColumns && VectorKernelSet<T, TPrecision, TVector, TWidth>.FewColumns(m, n, k, x, y, z, accumulate: false, Epilogue<T>.None, ps))
            {
                return;
            }

            ProductPlan plan = PlanOf(way, m, n);
            if (plan.TransposesC)
            {
                Product<T, TPrecision, TVector, TWidth>.Run(plan, n, m, k, y.Transposed, x.Transposed, z.Transposed, accumulate: false, Epilogue<T>.None, ps);
            }
            else
            {
                Product<T, TPrecision, TVector, TWidth>.Run(plan, m, n, k, x, y, z, accumulate: false, Epilogue<T>.None, ps);
            }
        }
    }

    /// <summary>Elements of scratch for it.</summary>
    public static long ScratchLength(ProductWays way, ProductCase row)
    {
        (int m, int n, int k) = Sides(row);
        ProductPlan plan = PlanOf(way, m, n);
        return plan.TransposesC ? Product<T, TPrecision, TVector, TWidth>.ScratchLength(plan, n, m, k) : Product<T, TPrecision, TVector, TWidth>.ScratchLength(plan, m, n, k);
    }

    /// <summary>Whether it is the way that the table takes.</summary>
    public static bool IsPlanned(ProductWays way, ProductCase row)
    {
        (int m, int n, int k) = Sides(row);
        bool isTransposedA = row.Kind == ProductKind.WeightGradient;
        if (isTransposedA && ProductPlan.IsByColumnsOfC(m, n, k, sizeof(T)))
        {
            return way == ProductWays.ColumnsOfC;
        }

        // What few columns are depends on the width.
        return way is ProductWays.FewColumns or ProductWays.PackedOnce
            || PlanOf(way, m, n) == (row.Kind == ProductKind.InputGradient ? ProductPlan.OfTransposedB(m, n, k, sizeof(T)) : ProductPlan.Of(m, n, k, sizeof(T), isTransposedA));
    }

    private static (int M, int N, int K) Sides(ProductCase row) => row.Kind switch
    {
        ProductKind.Forward => (row.Batch, row.Units, row.Inputs),
        ProductKind.WeightGradient => (row.Inputs, row.Units, row.Batch),
        _ => (row.Batch, row.Inputs, row.Units),
    };

    private static ProductPlan PlanOf(ProductWays way, int m, int n) => way switch
    {
        ProductWays.TilesOfA => ProductPlan.TilesOfA(sizeof(T)),
        ProductWays.Packed => ProductPlan.Packed(sizeof(T)),
        ProductWays.ColumnsOfC => ProductPlan.ColumnsOfC,
        ProductWays.TransposeOfC => ProductPlan.ByTransposeOfC(sizeof(T)),
        ProductWays.PanelByPanel => ProductPlan.PanelByPanel(sizeof(T)),
        ProductWays.AllPanels => ProductPlan.AllPanels(m, n, sizeof(T)),
        ProductWays.AllPanelsPlain => ProductPlan.AllPanels(m, n, sizeof(T)) with { Steps = ProductSteps.PacksB },
        _ => ProductPlan.Direct,
    };
}

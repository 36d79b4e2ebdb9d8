using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>C = A·Bᵀ that is written past the caches has the bits of its row blocks, which are too small for that.</summary>
[Trait("Suite", "Isa")]
public class StreamedProductTests
{
    private const int Columns = 784;
    private const int Terms = 5;
    private const int Guard = 64;

    private static int Rows<T>() => (typeof(T) == typeof(float) ? 5_351 : 2_676) + 7;

    [Fact]
    public void A_streamed_product_is_that_of_its_blocks_in_float() => Agrees<float>();

    [Fact]
    public void A_streamed_product_is_that_of_its_blocks_in_double() => Agrees<double>();

    /// <summary>The shapes of this test are on either side of the threshold: without that it would test nothing.</summary>
    [Fact]
    public void The_whole_is_streamed_and_its_blocks_are_not()
    {
        Assert.True(ProductPlan.OfTransposedB(Rows<float>(), Columns, Terms, sizeof(float)).StreamsC);
        Assert.True(ProductPlan.OfTransposedB(Rows<double>(), Columns, Terms, sizeof(double)).StreamsC);
        Assert.False(ProductPlan.OfTransposedB(Rows<float>() / 2, Columns, Terms, sizeof(float)).StreamsC);
    }

    /// <summary>Negative control: one number in the last line, and one behind it.</summary>
    [Fact]
    public void A_wrong_number_and_a_write_behind_the_end_are_noticed()
    {
        Assert.NotNull(Fault<float>(KernelSets.Active<float>(), 0, Columns, accumulate: false, ActivationKind.Identity, c => c[^(Guard + 1)]++));
        Assert.NotNull(Fault<float>(KernelSets.Active<float>(), 0, Columns, accumulate: false, ActivationKind.Identity, c => c[^Guard]++));
    }

    private static void Agrees<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            // On whole lines; not aligned; a last line that is not whole; read before it is written; read after it is written.
            Check(set, 0, Columns, accumulate: false, ActivationKind.Identity);
            Check(set, 1, Columns, accumulate: false, ActivationKind.Identity);
            Check(set, 0, Columns - 3, accumulate: false, ActivationKind.Identity);
            Check(set, 0, Columns, accumulate: true, ActivationKind.Identity);
            Check(set, 0, Columns, accumulate: false, ActivationKind.Tanh);
        }
    }

    private static void Check<T>(KernelSet<T> set, int offset, int columns, bool accumulate, ActivationKind kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string? fault = Fault(set, offset, columns, accumulate, kind, _ => { });
        Assert.True(fault is null, $"{set.Name}, offset {offset}, {columns} columns, accumulate {accumulate}, {kind}: {fault}");
    }

    private delegate void Damage<T>(Span<T> c);

    private static string? Fault<T>(KernelSet<T> set, int offset, int columns, bool accumulate, ActivationKind kind, Damage<T> damage)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Rows<T>();
        T[] a = new T[rows * Terms], b = new T[columns * Terms];
        Numbers.Fill<T>(a, 1);
        Numbers.Fill<T>(b, 2);
        int length = offset + (rows * Columns) + Guard;
        Span<T> whole = new AlignedBuffer<T>(length).Span[..length], blocks = new AlignedBuffer<T>(length).Span[..length];
        Numbers.Fill(whole, 3);
        whole.CopyTo(blocks);
        Run(set, kind, accumulate, a, b, whole[offset..], columns, 0, rows);
        for (int i = 0; i < rows; i += rows / 3)
        {
            Run(set, kind, accumulate, a, b, blocks[offset..], columns, i, int.Min(rows / 3, rows - i));
        }

        damage(whole);
        int difference = Numbers.FirstDifference<T>(blocks, whole);
        return difference < 0 ? null : $"element {difference} is {whole[difference]} instead of {blocks[difference]}";
    }

    private static void Run<T>(KernelSet<T> set, ActivationKind kind, bool accumulate, T[] a, T[] b, Span<T> c, int columns, int first, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] scratch = new T[set.ScratchLengthFor(rows, columns, Terms)];
        ReadOnlyMatrixView<T> rowsOfA = new(a.AsSpan(first * Terms), rows, Terms);
        ReadOnlyMatrixView<T> weights = new(b, columns, Terms);
        MatrixView<T> rowsOfC = new(c[(first * Columns)..], rows, columns, Columns);
        if (kind == ActivationKind.Identity)
        {
            set.MultiplyTransposedB(rowsOfA, weights, rowsOfC, accumulate, scratch);
            return;
        }

        // What f gave is anything: here the same in every row.
        T[] output = new T[rows * columns];
        Numbers.Fill<T>(output.AsSpan(0, columns), 4);
        for (int i = 1; i < rows; i++)
        {
            output.AsSpan(0, columns).CopyTo(output.AsSpan(i * columns));
        }

        set.InputGradient(rowsOfA, weights, kind, T.Zero, new(output, rows, columns), rowsOfC, scratch);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>A NaN stays one whatever bits it carries: R's missing value, for one, is a NaN with 1954 in its lowest bits, which functions that compute with bits must not take for a part of an exponent.</summary>
[Trait("Suite", "Isa")]
public class NaNPayloadTests
{
    [Fact]
    public void Functions_of_an_element_and_their_derivatives_give_NaN()
    {
        Elements<float>();
        Elements<double>();
    }

    [Fact]
    public void A_row_that_holds_one_has_neither_softmax_nor_loss()
    {
        Rows<float>();
        Rows<double>();
    }

    /// <summary>Negative control: the payload shifted into the exponent of the number that it is in, as a scaling by bits does it.</summary>
    [Fact]
    public void A_number_made_of_a_NaN_is_noticed()
    {
        float[] values = Array.ConvertAll(NaNs<float>(), nan => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(nan) + (BitConverter.SingleToUInt32Bits(nan) << 23)));
        Assert.True(FirstNumber(values) > 0);
        Assert.Equal(-1, FirstNumber(NaNs<float>()));
    }

    private static T[] NaNs<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Array.ConvertAll((uint[])[0x7FC0_0000, 0xFFC0_0000, 0x7FC0_0001, 0x7FC0_01FF, 0xFFC0_00A5, 0x7F80_07A2, 0x7FFF_FFFF], Unsafe.BitCast<uint, T>)
            : Array.ConvertAll((ulong[])[0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF8_0000_0000_0001, 0x7FF8_0000_0000_0FFF, 0xFFF8_0000_0000_00A5, 0x7FF0_0000_0000_07A2, 0x7FFF_FFFF_FFFF_FFFF], Unsafe.BitCast<ulong, T>);

    /// <summary>The first element that is none; −1 where all are.</summary>
    private static int FirstNumber<T>(T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Array.FindIndex(values, value => !T.IsNaN(value));

    private static IEnumerable<(string Name, KernelAction<T> Run)> Functions<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return ("exp", (set, x) => set.Exp(x, x));
        yield return ("log", (set, x) => set.Log(x, x));
        yield return ("log1p", (set, x) => set.Log1P(x, x));
        yield return ("erf", (set, x) => set.Erf(x, x));
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(kind => !ActivationKinds.IsRowWise(kind) && kind != ActivationKind.Custom))
        {
            yield return (kind.ToString(), (set, x) => set.Activate(kind, T.One, x));

            // Of what is not read off the output; the hard sigmoid's is 0 beside the ramp.
            if (!ActivationKinds.IsFused(kind) && kind != ActivationKind.HardSigmoid)
            {
                yield return ($"{kind}′", (set, x) => Derivative(set, kind, x));
            }
        }
    }

    private static void Derivative<T>(KernelSet<T> set, ActivationKind kind, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] gradient = new T[x.Length];
        gradient.AsSpan().Fill(T.One);
        set.ActivateGradient(kind, T.One, x, [], gradient);
        gradient.CopyTo(x);
    }

    private static void Elements<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            foreach ((string name, KernelAction<T> run) in Functions<T>())
            {
                T[] x = [.. Enumerable.Repeat(NaNs<T>(), 5).SelectMany(nans => nans)];
                run(set, x);
                int number = FirstNumber(x);
                Assert.True(number < 0, $"{set.Name}, {typeof(T).Name}: {name} of NaN {number % NaNs<T>().Length} is {x[int.Max(0, number)]}.");
            }
        }
    }

    /// <summary>One NaN a row, the rows alone and in blocks, shorter and longer than the vectors.</summary>
    private static void Rows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] nans = NaNs<T>();
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            foreach (int columns in (int[])[3, 10, 40])
            {
                foreach (int rows in (int[])[1, 23])
                {
                    T[] gradient = new T[rows * columns];
                    T[] sums = new T[rows];
                    int[] labels = [.. Enumerable.Range(0, rows).Select(row => (row + 1) % columns)];
                    Check("softmax", x => set.SoftmaxRows(new(x, rows, columns)));
                    Check("log-softmax", x => set.LogSoftmaxRows(new(x, rows, columns)));
                    Check("log-sum-exp", x =>
                    {
                        set.LogSumExpRows(new MatrixView<T>(x, rows, columns), sums);
                        Assert.Equal(-1, FirstNumber(sums));
                        x.AsSpan().Fill(T.NaN);
                    });
                    Check("cross-entropy", x => Assert.True(T.IsNaN(set.SoftmaxCrossEntropy(new MatrixView<T>(x, rows, columns), labels, T.One, new(gradient, rows, columns)))));
                    Check("cross-entropy of a sigmoid", x =>
                    {
                        Assert.True(T.IsNaN(set.SigmoidCrossEntropy(x, new T[x.Length], T.One, gradient)));
                        x.AsSpan().Fill(T.NaN);
                    });

                    void Check(string name, Action<T[]> run)
                    {
                        T[] x = new T[rows * columns];
                        x.AsSpan().Fill(T.CreateTruncating(0.5));
                        for (int row = 0; row < rows; row++)
                        {
                            x[(row * columns) + (row % columns)] = nans[(row + columns) % nans.Length];
                        }

                        run(x);
                        int number = FirstNumber(x);
                        Assert.True(number < 0, $"{set.Name}, {typeof(T).Name}: {name} of {rows} × {columns}, element {number} is {x[int.Max(0, number)]}.");
                    }
                }
            }
        }
    }
}

using System;

namespace SimdNet.Kernels;

/// <summary>bfloat16: the upper half of a float, with its range and 8 bits of precision. How rows of weights are rounded to it and packed.</summary>
/// <remarks>Packed words are kept in blocks of floats, as bits that are never computed with. They are drawn at <see cref="BFloat16Rows{T, TVector, TWidth}"/>.</remarks>
internal static class BFloat16
{
    /// <summary>Columns of a block.</summary>
    public const int Columns = 32;

    /// <summary>Words of a block.</summary>
    public const int Half = 16;

    /// <summary>Words of a row of so many columns.</summary>
    public static int Words(int columns) => checked(columns + Columns - 1) / Columns * Half;

    /// <summary>The column in the lower half of a word; the one in the upper half is <see cref="Half"/> on.</summary>
    public static nint Column(nint word) => (2 * (word & ~(nint)(Half - 1))) + (word & (Half - 1));

    /// <summary>The nearest bfloat16, ties to even: within 2⁻⁸ of |x| where x is normal. NaN stays NaN; what lies beyond the largest bfloat16, 3.39e38, by half a unit or more becomes infinite.</summary>
    public static float Round(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x)
            ? float.NaN
            : BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF_0000);
    }

    /// <summary>Rounds weights, and packs what they have become.</summary>
    /// <param name="weights">[rows × columns], rounded in place.</param>
    /// <param name="columns">Columns of a row.</param>
    /// <param name="words">[rows × <see cref="Words"/>], overwritten.</param>
    public static void Pack(Span<float> weights, int columns, Span<float> words)
    {
        foreach (ref float weight in weights)
        {
            weight = Round(weight);
        }

        int stride = Words(columns);
        for (int row = 0; row < weights.Length / columns; row++)
        {
            ReadOnlySpan<float> source = weights.Slice(row * columns, columns);
            Span<float> destination = words.Slice(row * stride, stride);
            for (int word = 0; word < stride; word++)
            {
                int column = (int)Column(word);
                uint low = UpperHalf(source, column) >> 16;
                destination[word] = BitConverter.UInt32BitsToSingle(UpperHalf(source, column + Half) | low);
            }
        }
    }

    private static uint UpperHalf(ReadOnlySpan<float> row, int column) => column < row.Length ? BitConverter.SingleToUInt32Bits(row[column]) & 0xFFFF_0000 : 0;
}

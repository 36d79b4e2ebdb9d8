using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Numerics;

namespace SimdNet.Data;

/// <summary>The data sets that come with the library; their origin is in the README beside this file.</summary>
internal static class BuiltInData
{
    private const string DigitsResource = "SimdNet.Data.optdigits.csv.gz";
    private const int DigitsRows = 1797;
    private const int DigitsFeatures = 64;

    /// <summary>The digits: pixels as they are, 0 to 16.</summary>
    public static Dataset<T> Digits<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] inputs = new T[DigitsRows * DigitsFeatures];
        int[] labels = new int[DigitsRows];
        using Stream packed = typeof(BuiltInData).Assembly.GetManifestResourceStream(DigitsResource)
            ?? throw new UnreachableException("The assembly carries the digits.");
        using GZipStream text = new(packed, CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 14];
        int row = 0;
        int column = 0;
        int value = 0;
        int read;
        while ((read = text.Read(buffer)) > 0)
        {
            foreach (byte character in buffer.AsSpan(0, read))
            {
                if (character is >= (byte)'0' and <= (byte)'9')
                {
                    value = (value * 10) + (character - '0');
                }
                else if (character == ',')
                {
                    inputs[(row * DigitsFeatures) + column++] = T.CreateTruncating(value);
                    value = 0;
                }
                else if (character == '\n')
                {
                    labels[row++] = value;
                    value = 0;
                    column = 0;
                }
            }
        }

        Debug.Assert(row == DigitsRows, "The digits are complete.");
        return new Dataset<T>(inputs, DigitsFeatures, labels);
    }

    /// <summary>Three exams: hours studied and slept, points of 100.</summary>
    public static Dataset<T> Exam<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Values<T>(2, 9, 1, 5, 3, 6), 2, Values<T>(92, 86, 89), 1) { FeatureNames = ["hours studied", "hours slept"] };

    /// <summary>Exclusive or.</summary>
    public static Dataset<T> Xor<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Values<T>(0, 0, 0, 1, 1, 0, 1, 1), 2, Values<T>(0, 1, 1, 0), 1) { FeatureNames = ["a", "b"] };

    private static T[] Values<T>(params ReadOnlySpan<int> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] result = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            result[i] = T.CreateTruncating(values[i]);
        }

        return result;
    }
}

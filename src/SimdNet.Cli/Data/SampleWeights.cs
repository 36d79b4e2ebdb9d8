using System;
using System.IO;
using System.Linq;
using System.Numerics;

using SimdNet.Interop;
using SimdNet.Model;

namespace SimdNet.Cli.Data;

/// <summary>How much rows count, from a file of its own.</summary>
internal static class SampleWeights
{
    /// <summary>The rows with their weights.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="path">A .npy, a .csv of one column, or text as <c>numpy.savetxt</c> writes it.</param>
    /// <param name="hasHeader">Whether the first line of a .csv is a name.</param>
    /// <exception cref="ToolException">There is not one weight a row, one is negative or not finite, or all are 0.</exception>
    public static Dataset<T> Apply<T>(Dataset<T> data, string path, bool hasHeader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] weights = IsCsv(path)
            ? CsvFile.ReadInputs<T>(path, features: 1, new() { NoLabel = true, HasHeader = hasHeader }).Values.ToArray()
            : Column<T>(Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase) ? NpyFile.Read(path) : TextFile.Read<T>(path), path);
        if (!weights.AsSpan().ContainsAnyExcept(T.Zero))
        {
            throw ToolException.Failure($"{path}: no row counts, since all weights are 0. Give a positive one.");
        }

        try
        {
            return data.WithWeights(weights);
        }
        catch (ArgumentException error)
        {
            throw ToolException.Failure($"{path}: {ArgumentText.Of(error)}");
        }
    }

    public static bool IsCsv(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    private static T[] Column<T>(NpyArray array, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = array.Shape.ToArray();
        return shape.Count(size => size != 1) <= 1
            ? array.ToArray<T>()
            : throw ToolException.Failure($"{path}: an array of shape ({string.Join(", ", shape)}) is no column of weights; one of shape (rows) is.");
    }
}

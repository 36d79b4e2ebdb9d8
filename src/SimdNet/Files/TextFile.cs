using System;
using System.IO;
using System.Numerics;

using SimdNet.Files;

namespace SimdNet;

/// <summary>A matrix as text, a row a line, as numpy's <c>savetxt</c> and <c>loadtxt</c> have it.</summary>
/// <remarks>Reading takes memory for the text once and for its numbers twice; a digit and a blank become a double of eight bytes.</remarks>
public static class TextFile
{
    /// <summary>Reads a matrix: what <c>numpy.savetxt</c> writes with any format of real numbers, and what <c>numpy.loadtxt</c> reads. Empty lines are passed over.</summary>
    /// <typeparam name="T">float or double, to which each number is rounded.</typeparam>
    /// <param name="path">The file, UTF-8 with or without its mark.</param>
    /// <param name="options">The layout; null for numpy's defaults.</param>
    /// <returns>[rows × columns], both at least 1. Values may be NaN and infinite where the file has nan and inf.</returns>
    /// <exception cref="ArgumentException">What begins a comment could stand within a row of numbers.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">There is no number in it, something is no number or beyond the range of <typeparamref name="T"/>, or rows differ in length; the message names the line.</exception>
    public static NpyArray Read<T>(string path, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T[] values, int rows, int columns) = TextWeights.Read<T>(path, options);
        return NpyArray.Create<T>(values, rows, columns);
    }

    /// <summary>Writes a matrix, in one step: the shortest digits that bring each value back, as <c>numpy.savetxt(…, fmt="%s")</c>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="values">[rows × columns], row-major; NaN, written as nan, loses its sign and payload.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <param name="options">The layout; null for numpy's defaults.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, or no row; or there is a header, and comments have no beginning, or one that could stand within a row of numbers.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, int columns, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TextWeights.Write(path, values, columns, options);
}

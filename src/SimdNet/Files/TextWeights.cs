using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;

using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>A matrix as text, a row a line, as numpy's <c>savetxt</c> and <c>loadtxt</c> have it.</summary>
internal static class TextWeights
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> Blanks => " \t\v\f"u8;

    /// <summary>Reads a matrix: numbers with blanks or tabs between them; what follows a # is a comment, empty lines are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The values, row-major, with the numbers of rows and columns, both at least 1. Values may be NaN and infinite where the file has nan and inf.</returns>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">There is no number in it, something is no number or beyond the range of <typeparamref name="T"/>, or rows differ in length; the message names the line.</exception>
    public static (T[] Values, int Rows, int Columns) Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        ReadOnlySpan<byte> rest = reader.ReadArray(reader.Remaining, "the text");
        if (rest.StartsWith(ByteOrderMark))
        {
            rest = rest[ByteOrderMark.Length..];
        }

        List<T> values = [];
        int rows = 0;
        int columns = 0;
        for (int line = 1; !rest.IsEmpty; line++)
        {
            ReadOnlySpan<byte> text = TakeLine(ref rest);
            int comment = text.IndexOf((byte)'#');
            int found = ReadLine(comment < 0 ? text : text[..comment], values, path, line);
            if (found == 0)
            {
                continue;
            }

            columns = rows == 0 ? found : columns;
            rows++;
            if (found != columns)
            {
                throw new SimdNetFormatException($"line {line} has {found} numbers, the first row has {columns}; all rows have the same number.", path);
            }
        }

        return rows > 0
            ? ([.. values], rows, columns)
            : throw new SimdNetFormatException("there is no number in the file; a matrix was expected, a row a line.", path);
    }

    /// <summary>Writes a matrix, in one step: the shortest digits that bring each value back, blanks between, a row a line, as <c>numpy.savetxt(…, fmt="%s")</c>.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="values">[rows × columns], row-major; NaN, written as nan, loses its sign and payload.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, or no row.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.IsEmpty || values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values are no rows of {columns}; at least one row is needed.", nameof(values));
        }

        // A span cannot go into the writer's closure; the text of a small network's weights can wait in memory.
        using MemoryStream text = new();
        Span<byte> number = stackalloc byte[NumpyText.MaxLength + 1];
        for (int i = 0; i < values.Length; i++)
        {
            int length = NumpyText.Format(values[i], number);
            number[length] = (i + 1) % columns == 0 ? (byte)'\n' : (byte)' ';
            text.Write(number[..(length + 1)]);
        }

        AtomicFile.Write(path, text.WriteTo);
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
        {
            ReadOnlySpan<byte> last = rest;
            rest = default;
            return last;
        }

        ReadOnlySpan<byte> line = rest[..end];
        bool two = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
        rest = rest[(end + (two ? 2 : 1))..];
        return line;
    }

    private static int ReadLine<T>(ReadOnlySpan<byte> text, List<T> values, string path, int line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int found = 0;
        while (true)
        {
            text = text.TrimStart(Blanks);
            if (text.IsEmpty)
            {
                return found;
            }

            int end = text.IndexOfAny(Blanks);
            ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
            text = text[word.Length..];
            if (!NumpyText.TryParse(word, out T value))
            {
                throw new SimdNetFormatException(
                    $"line {line}: {Quoted.Of(word)} is no number that {typeof(T).Name} holds; blanks or tabs stand between numbers, the decimal sign is a point.", path);
            }

            values.Add(value);
            found++;
        }
    }
}

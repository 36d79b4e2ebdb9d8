using System;
using System.IO;
using System.Numerics;
using System.Text;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>A matrix as text, a row a line, as numpy's <c>savetxt</c> and <c>loadtxt</c> have it.</summary>
internal static class TextWeights
{
    /// <summary>What stands in numbers, and between them.</summary>
    private const string NumberCharacters = "0123456789+-.eEinftyaINFTYA \t\v\f";

    private static readonly TextOptions Defaults = new();

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> Blanks => " \t\v\f"u8;

    /// <summary>Reads a matrix. Empty lines are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The layout; null for blanks or tabs between numbers, and comments behind a #.</param>
    /// <returns>The values, row-major, with the numbers of rows and columns, both at least 1. Values may be NaN and infinite where the file has nan and inf.</returns>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">There is no number in it, something is no number or beyond the range of <typeparamref name="T"/>, or rows differ in length; the message names the line.</exception>
    public static (T[] Values, int Rows, int Columns) Read<T>(string path, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        return Read<T>(reader, options);
    }

    /// <summary>Reads a matrix that ends where the reader does.</summary>
    public static (T[] Values, int Rows, int Columns) Read<T>(BoundedReader reader, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Defaults;
        Check(options);
        string path = reader.Source;
        ReadOnlySpan<byte> text = reader.ReadArray(reader.Remaining, "the text");
        if (text.StartsWith(ByteOrderMark))
        {
            text = text[ByteOrderMark.Length..];
        }

        // Counted first: a list that grows would take three times the numbers, which take four times a text of digits.
        T[] values = NewArray<T>(Count(text, options), path);
        int rows = 0;
        int columns = 0;
        int filled = 0;
        RowReader lines = new(text, options);
        while (lines.Next(out ReadOnlySpan<byte> row))
        {
            int found = options.Delimiter is char delimiter ? ReadLine(row, (byte)delimiter, values.AsSpan(filled), path, lines.Line) : ReadLine(row, values.AsSpan(filled), path, lines.Line);
            if (found == 0)
            {
                continue;
            }

            filled += found;
            columns = rows == 0 ? found : columns;
            rows++;
            if (found != columns)
            {
                throw new SimdNetFormatException($"line {lines.Line} has {found} numbers, the first row has {columns}; all rows have the same number.", path);
            }
        }

        return rows > 0
            ? (values, rows, columns)
            : throw new SimdNetFormatException("there is no number in the file; a matrix was expected, a row a line.", path);
    }

    /// <summary>Writes a matrix, in one step: the shortest digits that bring each value back, blanks between, a row a line, as <c>numpy.savetxt(…, fmt="%s")</c>.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="values">[rows × columns], row-major; NaN, written as nan, loses its sign and payload.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <param name="options">The layout; null for a blank between numbers.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, or no row; or there is a header, and comments have no beginning.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, int columns, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A span cannot go into the writer's closure; the text of a small network's weights can wait in memory.
        using MemoryStream text = Format(values, columns, options);
        AtomicFile.Write(path, text.WriteTo);
    }

    /// <summary>The text of a matrix, as <see cref="Write"/> writes it.</summary>
    /// <inheritdoc cref="Write" path="/exception[@cref='T:System.ArgumentException']"/>
    public static MemoryStream Format<T>(ReadOnlySpan<T> values, int columns, TextOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.IsEmpty || values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values are no rows of {columns}; at least one row is needed.", nameof(values));
        }

        options ??= Defaults;
        Check(options);
        byte between = (byte)(options.Delimiter ?? ' ');
        MemoryStream text = new();
        text.Write(Encoding.UTF8.GetBytes(Header(options)));
        Span<byte> number = stackalloc byte[NumpyText.MaxLength + 1];
        for (int i = 0; i < values.Length; i++)
        {
            int length = NumpyText.Format(values[i], number);
            number[length] = (i + 1) % columns == 0 ? (byte)'\n' : between;
            text.Write(number[..(length + 1)]);
        }

        return text;
    }

    /// <summary>A comment that begins within a row would take the numbers behind it away, without a word.</summary>
    private static void Check(TextOptions options)
    {
        if (options.Comments is null)
        {
            return;
        }

        foreach (char character in options.Comments)
        {
            if (!NumberCharacters.Contains(character, StringComparison.Ordinal) && character != options.Delimiter)
            {
                return;
            }
        }

        throw new ArgumentException($"Comments that begin with {Quoted.Of(options.Comments)} could begin within a row of numbers{(options.Delimiter is { } delimiter ? $" with {Quoted.Of([delimiter])} between them" : "")}. Choose another beginning, or another delimiter.", nameof(options));
    }

    /// <summary>How many words stand where numbers should.</summary>
    private static long Count(ReadOnlySpan<byte> text, TextOptions options)
    {
        long count = 0;
        RowReader lines = new(text, options);
        while (lines.Next(out ReadOnlySpan<byte> row))
        {
            if (options.Delimiter is char delimiter)
            {
                count += row.Trim(Blanks).IsEmpty ? 0 : row.Count((byte)delimiter) + 1;
                continue;
            }

            while (!TakeWord(ref row).IsEmpty)
            {
                count++;
            }
        }

        return count;
    }

    private static T[] NewArray<T>(long count, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => count <= Array.MaxLength / ElementTypes.SizeOf(ElementTypes.Of<T>())
        ? GC.AllocateUninitializedArray<T>((int)count)
        : throw new SimdNetFormatException($"the file has {count} numbers, more than one array holds. Split it.", path);

    private static string Header(TextOptions options) => options switch
    {
        { Header: null } => "",
        { Comments: null } => throw new ArgumentException("A header is written as comments, and these have no beginning. Set Comments, or leave the header out.", nameof(options)),
        _ => $"{options.Comments} {options.Header.ReplaceLineEndings($"\n{options.Comments} ")}\n",
    };

    private static int ReadLine<T>(ReadOnlySpan<byte> text, Span<T> values, string path, int line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int found = 0;
        while (true)
        {
            ReadOnlySpan<byte> word = TakeWord(ref text);
            if (word.IsEmpty)
            {
                return found;
            }

            values[found++] = NumpyText.TryParse(word, out T value) ? value : throw NoNumber<T>(word, path, line, "blanks or tabs stand");
        }
    }

    private static int ReadLine<T>(ReadOnlySpan<byte> text, byte delimiter, Span<T> values, string path, int line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int found = 0;
        if (text.Trim(Blanks).IsEmpty)
        {
            return found;
        }

        while (true)
        {
            int end = text.IndexOf(delimiter);
            ReadOnlySpan<byte> word = (end < 0 ? text : text[..end]).Trim(Blanks);
            values[found++] = NumpyText.TryParse(word, out T value) ? value : throw NoNumber<T>(word, path, line, $"{Quoted.Of([delimiter])} stands");
            if (end < 0)
            {
                return found;
            }

            text = text[(end + 1)..];
        }
    }

    /// <summary>The next word between blanks, empty where there is none.</summary>
    private static ReadOnlySpan<byte> TakeWord(scoped ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(Blanks);
        int end = text.IndexOfAny(Blanks);
        ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
        text = text[word.Length..];
        return word;
    }

    private static SimdNetFormatException NoNumber<T>(ReadOnlySpan<byte> word, string path, int line, string between) =>
        new($"line {line}: {Quoted.Of(word)} is no number that {typeof(T).Name} holds; {between} between numbers, the decimal sign is a point.", path);

    /// <summary>The lines that may have numbers, without their comments.</summary>
    private ref struct RowReader(ReadOnlySpan<byte> text, TextOptions options)
    {
        private readonly ReadOnlySpan<byte> _comments = options.Comments is { } comments ? Encoding.UTF8.GetBytes(comments) : [];
        private readonly int _skipped = options.SkipRows;
        private ReadOnlySpan<byte> _rest = text;

        /// <summary>Number of the line that was taken last, from 1.</summary>
        public int Line { get; private set; }

        public bool Next(out ReadOnlySpan<byte> row)
        {
            row = default;
            while (!_rest.IsEmpty && Line < _skipped)
            {
                TakeLine(ref _rest);
                Line++;
            }

            if (_rest.IsEmpty)
            {
                return false;
            }

            Line++;
            row = TakeLine(ref _rest);
            int comment = _comments.IsEmpty ? -1 : row.IndexOf(_comments);
            row = comment < 0 ? row : row[..comment];
            return true;
        }

        private static ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> rest)
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
    }
}

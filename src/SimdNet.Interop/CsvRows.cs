using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

using SimdNet.IO;

using Sylvan.Data.Csv;

namespace SimdNet.Interop;

/// <summary>The rows of a CSV file, each as long as the first, with errors that name line and column.</summary>
internal sealed class CsvRows : IDisposable
{
    // A small file has small buffers: those of a large one are large objects, and clearing them takes longer than reading a few rows.
    private const int BufferSize = 1 << 16;
    private const int MinBufferSize = 1 << 10;

    // A row of 17,000 numbers with 60 characters each fits; a file without line ends must not grow the buffer to its own size.
    private const int MaxRowLength = 1 << 20;

    // Digits whose value every float holds exactly; most fields of image files are that short.
    private const int MaxShortDigits = 6;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private readonly string _path;
    private readonly CsvDataReader _reader;

    /// <summary>Made once: each would be 64 bytes of garbage, for a row that may have two.</summary>
    private readonly Func<bool> _read;
    private readonly bool _hasHeader;
    private int _nextLine = 1;
    private bool _firstIsPending;

    private CsvRows(string path, CsvDataReader reader, bool hasHeader)
    {
        _path = path;
        _reader = reader;
        _read = reader.Read;
        _hasHeader = hasHeader;
    }

    /// <summary>Names of the columns, null without a header.</summary>
    public IReadOnlyList<string>? Names { get; private set; }

    /// <summary>Fields of a row.</summary>
    public int Columns { get; private set; }

    /// <summary>Line of the file on which the current row begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is empty, or its header is none.</exception>
    public static CsvRows Open(string path, CsvOptions options)
    {
        Stream? file = InputFile.Open(path);
        int bufferSize = (int)Math.Clamp(file.Length + 1, MinBufferSize, BufferSize);
        CsvDataReaderOptions settings = new()
        {
            // The first row is read as any other: headers then have errors with lines too.
            HasHeaders = false,
            Delimiter = options.Delimiter,
            Comment = '\0',
            Culture = CultureInfo.InvariantCulture,
            BufferSize = bufferSize,
            MaxBufferSize = MaxRowLength,
            OwnsReader = true,
        };

        // The encoding's own mark is passed over, once. Other encodings are not looked for: their marks are invalid UTF-8 and say so.
        BoundedLines? text = null;
        CsvRows? rows = null;
        try
        {
            text = new(file, StrictUtf8, bufferSize, path, options.Delimiter);
            file = null;
            CsvDataReader reader = Guard(path, 1, () => CsvDataReader.Create(text, settings));
            rows = new CsvRows(path, reader, options.HasHeader);
            text = null;
            rows.ReadFirst(options.Delimiter);
            CsvRows result = rows;
            rows = null;
            return result;
        }
        finally
        {
            rows?.Dispose();
            text?.Dispose();
            file?.Dispose();
        }
    }

    /// <summary>Goes to the next row; false at the end. Empty lines are passed over.</summary>
    /// <exception cref="SimdNetFormatException">The row is longer or shorter than the first, or no CSV.</exception>
    public bool Read()
    {
        if (_firstIsPending)
        {
            _firstIsPending = false;
            return true;
        }

        if (!ReadRow())
        {
            return false;
        }

        return _reader.RowFieldCount == Columns
            ? true
            : throw new SimdNetFormatException(
                $"line {Line} has {_reader.RowFieldCount} fields, the first row has {Columns}; all rows have the same number.", _path);
    }

    /// <summary>A field as text, without blanks around it.</summary>
    /// <exception cref="SimdNetFormatException">There is nothing but blanks in it.</exception>
    public ReadOnlySpan<char> Text(int column)
    {
        ReadOnlySpan<char> field = _reader.GetFieldSpan(column).Trim();
        if (field.IsEmpty)
        {
            throw Error(column, "the value is missing; fill it in or remove the row.");
        }

        // .NET passes over zeros behind a number, terminals over those in a name.
        return field.Contains('\0') ? throw Error(column, $"there is a zero character in {Quoted.Of(field)}; is this a text file?") : field;
    }

    /// <summary>A field as a number: all of it, in invariant notation, finite in <typeparamref name="T"/>.</summary>
    /// <exception cref="SimdNetFormatException">It is none.</exception>
    public T Number<T>(int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<char> field = _reader.GetFieldSpan(column);
        if (TryShort(field, out int digits))
        {
            return T.CreateTruncating(digits);
        }

        if (field.Contains('\0') || !T.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out T value))
        {
            throw Error(column, $"{Quoted.Of(Text(column))} is no number; digits, a point as the decimal sign and an exponent are expected.{HeaderHint}");
        }

        return T.IsFinite(value)
            ? value
            : throw Error(column, $"{Quoted.Of(field)} is not finite, or too large for {typeof(T).Name}; all values must be finite.");
    }

    /// <summary>A column as messages name it.</summary>
    public string Describe(int column) => Names is null ? $"column {column} (counted from 0)" : $"column {Quoted.Of(Names[column])}";

    /// <summary>An error in a field of the current row.</summary>
    public SimdNetFormatException Error(int column, string message) => new($"line {Line}, {Describe(column)}: {message}", _path);

    /// <summary>An error of the file as a whole.</summary>
    public SimdNetFormatException Error(string message) => new(message, _path);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private string HeaderHint => Line == 1 && !_hasHeader ? " If this is a header, say so: leave out --no-header, or HasHeader = true." : string.Empty;

    private static bool TryShort(ReadOnlySpan<char> field, out int value)
    {
        value = 0;
        if (field.Length is 0 or > MaxShortDigits)
        {
            return false;
        }

        foreach (char character in field)
        {
            int digit = character - '0';
            if ((uint)digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    private void ReadFirst(char delimiter)
    {
        if (!ReadRow())
        {
            throw Error("the file is empty; rows of values were expected.");
        }

        Columns = _reader.RowFieldCount;
        if (!_hasHeader)
        {
            _firstIsPending = true;
            return;
        }

        string[] names = new string[Columns];
        HashSet<string> seen = new(StringComparer.Ordinal);
        int numbers = 0;
        bool fractions = false;
        for (int column = 0; column < names.Length; column++)
        {
            names[column] = _reader.GetFieldSpan(column).Trim().ToString();
            bool isNumber = double.TryParse(names[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            numbers += isNumber ? 1 : 0;
            fractions |= isNumber && number != Math.Floor(number);
            if (!seen.Add(names[column]))
            {
                throw Error($"line {Line}: the header has the name {Quoted.Of(names[column])} twice; names of columns differ.");
            }
        }

        // Columns may be called 0, 1, 2, …, but not 5.1: with a text label at its end, such a row is data too.
        if (numbers == names.Length || (fractions && numbers == names.Length - 1))
        {
            throw Error($"line {Line} holds {(numbers == names.Length ? "only numbers" : "numbers")} where a header was expected. If the file has none, say so: --no-header, or HasHeader = false.");
        }

        if (names.Length == 1 && names[0].AsSpan().IndexOfAny(";\t|,") >= 0)
        {
            throw Error($"line {Line} is one field with {Quoted.Of([delimiter])} as the delimiter, but looks like several with another; set Delimiter.");
        }

        Names = names;
    }

    private bool ReadRow()
    {
        while (Guard(_path, _nextLine, _read))
        {
            Line = _nextLine;
            _nextLine += 1 + _reader.GetRawRecordSpan().TrimEnd("\r\n").Count('\n');
            if (_reader.RowFieldCount != 1 || !_reader.GetFieldSpan(0).IsWhiteSpace())
            {
                return true;
            }
        }

        return false;
    }

    private static TResult Guard<TResult>(string path, int line, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (CsvRecordTooLargeException error)
        {
            throw new SimdNetFormatException($"the row from line {line} has more than {MaxRowLength} characters; is this a CSV file, are its quotation marks in pairs?", path, null, error);
        }
        catch (CsvFormatException error)
        {
            throw new SimdNetFormatException($"the row from line {line} is no CSV: {error.Message}", path, null, error);
        }
        catch (DecoderFallbackException error)
        {
            throw new SimdNetFormatException($"the file is no UTF-8 text, at line {line} or after; save it as UTF-8.", path, null, error);
        }
    }
}

using System;
using System.IO;
using System.Text;

using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>The text of a CSV file, as long as no row has more delimiters than a table has columns.</summary>
/// <remarks>
/// A row of nothing but commas takes a byte a field, and its reader lengthens its list of a row's fields by 32 at a time: what that allocates grows with the square of their number. The row is compared with the
/// first one only when it has been taken apart. Delimiters in quotation marks count too: the bound is above what a table has; and a line end in them does not end the row.
/// </remarks>
/// <param name="file">The file; it is disposed with this.</param>
/// <param name="encoding">Of the file, whatever it begins with.</param>
/// <param name="bufferSize">Bytes that are read at a time.</param>
/// <param name="path">Where it lies.</param>
/// <param name="delimiter">What stands between two fields.</param>
internal sealed class BoundedLines(Stream file, Encoding encoding, int bufferSize, string path, char delimiter) : TextReader
{
    /// <summary>The most columns: the pixels of a picture of 128 × 128 with a label fit, and the reader's lists stay below 64 MiB.</summary>
    public const int MaxColumns = 17_000;

    private readonly StreamReader _text = new(file, encoding, detectEncodingFromByteOrderMarks: false, bufferSize);
    private int _columns = 1;
    private bool _isQuoted;
    private char _previous = '\n';
    private char _end;
    private long _rows;
    private long _line = 1;
    private long _firstLine = 1;

    public override int Read(Span<char> buffer)
    {
        int length = _text.Read(buffer);
        ReadOnlySpan<char> rest = buffer[..length];
        while (!rest.IsEmpty)
        {
            int mark = rest.IndexOfAny('\n', '\r', '"');
            ReadOnlySpan<char> plain = rest[..(mark < 0 ? rest.Length : mark)];
            _columns += plain.Count(delimiter);
            if (_columns > MaxColumns)
            {
                throw new SimdNetFormatException($"line {_firstLine} has more than {MaxColumns} fields with {Quoted.Of([delimiter])} between them; save so wide a matrix as .npy.", path);
            }

            // The reader's sign of a comment, since CSV has none: it would pass over the line.
            if (!plain.IsEmpty && plain[0] == '\0' && _previous is '\n' or '\r')
            {
                throw new SimdNetFormatException($"line {_line} begins with a zero character; is this a text file?", path);
            }

            _previous = plain.IsEmpty ? _previous : plain[^1];
            if (mark < 0)
            {
                break;
            }

            Pass(rest[mark]);
            rest = rest[(mark + 1)..];
        }

        return length;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read()
    {
        char one = default;
        return Read(new Span<char>(ref one)) == 0 ? -1 : one;
    }

    public override int Peek() => _text.Peek();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A quotation mark opens where a field begins, or right behind the one that closed: two are one that is meant.</summary>
    private void Pass(char mark)
    {
        if (mark == '"')
        {
            _isQuoted = !_isQuoted && (_previous is '\n' or '\r' or '"' || _previous == delimiter);
        }
        else
        {
            // A line ends in either, or in both; rows end as the first one does.
            _line += mark == '\n' && _previous == '\r' ? 0 : 1;
            if (!_isQuoted && (_rows == 0 || (_rows == 1 && mark == '\n' && _previous == '\r')))
            {
                _end = mark;
            }

            if (!_isQuoted && mark == _end)
            {
                _rows++;
                _columns = 1;
                _firstLine = _line;
            }
        }

        _previous = mark;
    }
}

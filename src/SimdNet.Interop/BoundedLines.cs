using System;
using System.IO;

using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>The bytes of a CSV file, as long as no line has more delimiters than a table has columns.</summary>
/// <remarks>
/// A row of nothing but commas takes a byte a field, and its reader a hundred and more; the row is compared with the first one only when it has been taken apart. Delimiters in quotation marks count too:
/// the bound is far above what a table has.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="delimiter">What stands between two fields.</param>
internal sealed class BoundedLines(string path, char delimiter) : Stream
{
    /// <summary>The most columns.</summary>
    public const int MaxColumns = 60_000;

    private readonly Stream _file = InputFile.Open(path);
    private readonly byte[] _delimiter = System.Text.Encoding.UTF8.GetBytes([delimiter]);
    private int _columns = 1;
    private long _line = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position { get => _file.Position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int length = _file.Read(buffer);
        ReadOnlySpan<byte> rest = buffer[..length];
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            _columns += rest[..(end < 0 ? rest.Length : end)].Count(_delimiter);
            if (_columns > MaxColumns)
            {
                throw new SimdNetFormatException($"line {_line} has more than {MaxColumns} fields with {Quoted.Of([delimiter])} between them; save so wide a matrix as .npy.", path);
            }

            if (end < 0)
            {
                break;
            }

            rest = rest[(end + 1)..];
            _columns = 1;
            _line++;
        }

        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}

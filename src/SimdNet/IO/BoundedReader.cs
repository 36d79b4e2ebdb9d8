using System;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;

namespace SimdNet.IO;

/// <summary>
/// Reads a file that may be damaged or hostile: nothing is allocated on the word of the file alone, and whatever goes wrong is a
/// <see cref="SimdNetFormatException"/> that names file and position.
/// </summary>
/// <remarks>
/// A plain file has a length, and every size that it declares is compared with the bytes that are left before memory is taken.
/// A compressed one has none that can be trusted, so its contents are counted as they come, memory grows with what was really read, and both
/// the size and its ratio to the compressed size are capped. Deflate reaches 1,032 : 1 on zeros, data rarely exceeds 20 : 1.
/// </remarks>
internal sealed class BoundedReader : IDisposable
{
    /// <summary>A compressed file of any size may inflate to this many bytes; it keeps small, very regular files readable.</summary>
    public const long FreeInflation = 16L << 20;

    /// <summary>Beyond <see cref="FreeInflation"/> a file may inflate to this many times its size.</summary>
    public const int MaxInflationRatio = 100;

    private const int FirstPiece = 1 << 20;
    private readonly Stream _stream;
    private readonly Stream? _file;
    private readonly bool _compressed;
    private readonly long _limit;
    private readonly GzipTrailer? _trailer;
    private uint _checksum;

    private BoundedReader(Stream stream, Stream? file, string source, long limit, bool compressed, GzipTrailer? trailer)
    {
        _stream = stream;
        _file = file;
        _limit = limit;
        _compressed = compressed;
        _trailer = trailer;
        Source = source;
    }

    /// <summary>The file as the user named it, for messages; a part of an archive is named after it.</summary>
    public string Source { get; }

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>CRC-32 of the bytes read so far from a compressed source; 0 for a plain file.</summary>
    public uint Checksum => _checksum;

    /// <summary>Bytes that are left: exact for a plain file, an upper bound for a compressed one.</summary>
    public long Remaining => _limit - Position;

    /// <summary>A file as it is.</summary>
    /// <exception cref="IOException">It cannot be opened; see <see cref="InputFile.Open"/>.</exception>
    public static BoundedReader OpenFile(string path) => Over(InputFile.Open(path), path);

    /// <summary>The bytes of a file that is open already, or that lie in memory.</summary>
    /// <param name="file">Bytes of a known length, at their start; disposed with the reader.</param>
    /// <param name="source">Name for messages.</param>
    public static BoundedReader Over(Stream file, string source) => new(file, file, source, file.Length, compressed: false, trailer: null);

    /// <summary>A file, inflated if it begins as a gzip file does, whatever its name.</summary>
    /// <exception cref="IOException">It cannot be opened; see <see cref="InputFile.Open"/>.</exception>
    /// <exception cref="SimdNetFormatException">It begins as a gzip file but is shorter than any.</exception>
    public static BoundedReader OpenFileOrGzip(string path) => OverFileOrGzip(InputFile.Open(path), path);

    /// <summary>The same for a file that is open already, or that lies in memory.</summary>
    /// <inheritdoc cref="Over" path="/param"/>
    /// <exception cref="SimdNetFormatException">It begins as a gzip file but is shorter than any.</exception>
    public static BoundedReader OverFileOrGzip(Stream file, string source)
    {
        Stream? unowned = file;
        try
        {
            GzipTrailer? trailer = GzipTrailer.TryRead(file, source);
            BoundedReader reader = trailer is null
                ? Over(file, source)
                : new BoundedReader(
                    new GZipStream(file, CompressionMode.Decompress), file, source, InflationLimit(file.Length), compressed: true, trailer);
            unowned = null;
            return reader;
        }
        finally
        {
            unowned?.Dispose();
        }
    }

    /// <summary>Contents of which neither length nor truth is known, such as a part of an archive.</summary>
    /// <param name="stream">The inflated bytes; disposed with the reader.</param>
    /// <param name="source">Name for messages.</param>
    /// <param name="limit">The most bytes that may come.</param>
    public static BoundedReader OverInflated(Stream stream, string source, long limit) =>
        new(stream, file: null, source, limit, compressed: true, trailer: null);

    /// <summary>How many bytes a compressed file of <paramref name="compressedLength"/> bytes may inflate to.</summary>
    public static long InflationLimit(long compressedLength) =>
        Math.Max(FreeInflation, compressedLength > long.MaxValue / MaxInflationRatio ? long.MaxValue : compressedLength * MaxInflationRatio);

    /// <summary>Fills <paramref name="destination"/>.</summary>
    /// <param name="destination">Where the next bytes go.</param>
    /// <param name="what">What they are, for the message if they are missing.</param>
    /// <exception cref="SimdNetFormatException">The file ends before, or its compressed form is damaged.</exception>
    public void ReadExactly(Span<byte> destination, string what)
    {
        int read = Read(destination);
        if (read < destination.Length)
        {
            throw Error($"the file ends after {read} of the {destination.Length} bytes of {what}; it was cut short or is damaged.", Position - read);
        }
    }

    /// <summary>The next <paramref name="count"/> bytes in an array of their own.</summary>
    /// <remarks>Memory is taken only for bytes that are there: at once for a plain file, in doubling pieces for a compressed one.</remarks>
    /// <param name="count">How many bytes the file declares.</param>
    /// <param name="what">What they are, for the message if they are missing.</param>
    /// <exception cref="SimdNetFormatException">The file cannot hold that many, ends before, or its compressed form is damaged.</exception>
    public byte[] ReadArray(long count, string what)
    {
        Debug.Assert(count >= 0, "Readers check signs before they ask.");
        RequireAvailable(count, what);
        if (count > Array.MaxLength)
        {
            throw Error($"{what} has {count} bytes; more than {Array.MaxLength} bytes in one piece cannot be read. Split the file.");
        }

        int total = (int)count;
        if (!_compressed)
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(total);
            ReadExactly(bytes, what);
            return bytes;
        }

        byte[] piece = GC.AllocateUninitializedArray<byte>(Math.Min(total, FirstPiece));
        int filled = 0;
        while (true)
        {
            int read = Read(piece.AsSpan(filled));
            filled += read;
            if (filled == total)
            {
                return piece;
            }

            if (filled < piece.Length)
            {
                throw Error($"the file ends after {filled} of the {total} bytes of {what}; it was cut short or is damaged.", Position - filled);
            }

            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(total, 2L * piece.Length));
            piece.CopyTo(larger, 0);
            piece = larger;
        }
    }

    /// <summary>Refuses a declared size that the rest of the file cannot hold.</summary>
    /// <exception cref="SimdNetFormatException">Fewer than <paramref name="count"/> bytes can be left.</exception>
    public void RequireAvailable(long count, string what)
    {
        if (count <= Remaining)
        {
            return;
        }

        throw _compressed
            ? Error(
                $"{what} is declared to have {count} bytes, more than the {Remaining} that a compressed file of this size is allowed to hold. " +
                "If the file is sound, unpack it first.")
            : Error($"{what} is declared to have {count} bytes, but only {Remaining} are left in the file; it was cut short or is damaged.");
    }

    /// <summary>Checks that nothing follows, and the checksum of a gzip file.</summary>
    /// <exception cref="SimdNetFormatException">Bytes follow, or the checksum differs.</exception>
    public void ExpectEnd()
    {
        Span<byte> one = stackalloc byte[1];
        long end = Position;
        if (!_compressed ? Remaining > 0 : Read(one, pastLimit: true) > 0)
        {
            throw Error(
                _compressed
                    ? "more bytes follow where the contents should end; the file is damaged or of another shape than it says."
                    : $"{Remaining} more bytes follow where the file should end; it is damaged or of another shape than it says.",
                end);
        }

        if (_trailer is GzipTrailer trailer && (trailer.Checksum != _checksum || trailer.Length != (uint)Position))
        {
            throw Error(
                "the checksum at the end of the gzip file does not fit its contents; the file was cut short, is damaged, or something follows the compressed data.",
                end);
        }
    }

    /// <summary>An error at the current or a given position.</summary>
    public SimdNetFormatException Error(string message, long? position = null, Exception? inner = null) =>
        new(message, Source, position ?? Position, inner);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _file?.Dispose();
    }

    private int Read(Span<byte> destination, bool pastLimit = false)
    {
        // A compressed source is read up to its limit and not a byte further; RequireAvailable has refused what lies beyond.
        int wanted = pastLimit ? destination.Length : (int)Math.Min(destination.Length, Remaining);
        int total = 0;
        try
        {
            while (total < wanted)
            {
                int read = _stream.Read(destination[total..wanted]);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (InvalidDataException error)
        {
            throw Error("the compressed data is damaged; fetch or write the file again.", Position + total, error);
        }

        if (_compressed)
        {
            _checksum = Crc32.Append(_checksum, destination[..total]);
        }

        Position += total;
        return total;
    }
}

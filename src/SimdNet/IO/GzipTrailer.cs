using System;
using System.Buffers.Binary;
using System.IO;

namespace SimdNet.IO;

/// <summary>What a gzip file ends with (RFC 1952): CRC-32 and length modulo 2³² of its contents.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.GZipStream"/> takes a file that was cut inside its last eight bytes, and ignores what follows them; the comparison with these finds both.
/// Files of several concatenated members do not pass it, which is rare and has a way out: unpack them.
/// </remarks>
internal readonly record struct GzipTrailer(uint Checksum, uint Length)
{
    private const int MinFileLength = 18;

    /// <summary>The last eight bytes of a file that begins as a gzip file does, null for another; leaves the file at its start.</summary>
    /// <exception cref="SimdNetFormatException">It begins as one but is shorter than the shortest.</exception>
    public static GzipTrailer? TryRead(Stream file, string path)
    {
        Span<byte> bytes = stackalloc byte[8];
        int read = file.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < 2 || bytes is not [0x1F, 0x8B, ..])
        {
            return null;
        }

        if (file.Length < MinFileLength)
        {
            throw new SimdNetFormatException(
                $"the file begins as a gzip file but has only {file.Length} bytes, the shortest has {MinFileLength}; it was cut short.", path, file.Length);
        }

        file.Position = file.Length - bytes.Length;
        file.ReadExactly(bytes);
        file.Position = 0;
        return new GzipTrailer(BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
    }
}

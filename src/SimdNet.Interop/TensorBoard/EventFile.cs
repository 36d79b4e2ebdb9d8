using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Numerics;

using SimdNet.IO;

namespace SimdNet.Interop.TensorBoard;

/// <summary>A file of TensorBoard events: records of the TFRecord format, each with two checksums.</summary>
/// <remarks>
/// A record, lowest byte first (tensorflow/core/lib/io/record_writer.h):
/// <code>
/// | length, 8 bytes | masked CRC-32C of the length, 4 | data | masked CRC-32C of the data, 4 |
/// </code>
/// A checksum is masked, by a rotation and an addition, so that the checksum of data with checksums in it is not degenerate.
/// </remarks>
internal sealed class EventFile
{
    private const int LengthBytes = 8;
    private const int HeaderBytes = 12;
    private const int ChecksumBytes = 4;
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>What TensorBoard looks for in names.</summary>
    private const string Prefix = "events.out.tfevents.";

    private readonly string _path;

    private EventFile(string path) => _path = path;

    /// <summary>A new file in a folder, by the name that TensorBoard looks for.</summary>
    /// <param name="directory">The folder, which exists.</param>
    /// <param name="time">Now; a part of the name.</param>
    public static EventFile Create(string directory, DateTimeOffset time)
    {
        for (int number = 0; ; number++)
        {
            string path = System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{time.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}"));
            try
            {
                AppendFile.Open(path, FileMode.CreateNew).Dispose();
                return new(path);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another training that began in the same second.
            }
        }
    }

    /// <summary>Whether a name is that of such a file, and leads to no other folder: a checkpoint may say anything.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && name.AsSpan().IndexOfAny("/\\:\0") < 0;

    /// <summary>The file of a training that goes on, without what came after its checkpoint; null where it is no more, or was cut.</summary>
    public static EventFile? Reopen(string path, long length)
    {
        try
        {
            using Stream file = AppendFile.Open(path, FileMode.Open);
            if (file.Length < length)
            {
                return null;
            }

            file.SetLength(length);
            return new(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Its name.</summary>
    public string Path => _path;

    /// <summary>Its bytes.</summary>
    public long Length
    {
        get
        {
            using Stream file = AppendFile.Open(_path, FileMode.Open);
            return file.Length;
        }
    }

    /// <summary>Adds a record.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        byte[] record = new byte[HeaderBytes + data.Length + ChecksumBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthBytes), MaskedChecksum(record.AsSpan(0, LengthBytes)));
        data.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderBytes + data.Length), MaskedChecksum(data));

        using Stream file = AppendFile.Open(_path, FileMode.Append);
        file.Write(record);
    }

    /// <summary>CRC-32C (Castagnoli, RFC 3720), which is another polynomial than that of zip and gzip.</summary>
    private static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return BitOperations.RotateRight(~checksum, 15) + MaskDelta;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

using SimdNet.IO;

namespace SimdNet;

/// <summary>NPZ, numpy's zip archive of named arrays.</summary>
/// <remarks>
/// Stored and deflated entries are read, and checked against their checksums, which .NET's own reader passes over. What a deflated archive may
/// inflate to is capped at the larger of 16 MiB and 100 times its size; reading takes memory for four times that at most, and 64 MiB. Entries are written with a fixed date: the same arrays give the same bytes, deflated ones as long as .NET's compressor is the same.
/// </remarks>
public static class NpzFile
{
    private const string Suffix = ".npy";
    private const int MaxEntries = 10_000;
    private const int MaxNameLength = 1_000;

    // What a stream says of a position before its start, where a directory leads .NET's reader; what the system says of a disk has its own number.
    private const int GeneralIOError = unchecked((int)0x80131620);
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays.</summary>
    /// <param name="path">The file, as <c>numpy.savez</c> or <c>numpy.savez_compressed</c> writes it.</param>
    /// <returns>The arrays by name, enumerated in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no NPZ file, is damaged, has two arrays of one name, or holds elements that cannot be read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using Stream file = InputFile.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads all arrays of an archive that is open already, or that lies in memory.</summary>
    internal static IReadOnlyDictionary<string, NpyArray> Read(Stream file, string path)
    {
        RequireZip(file, path);
        if (ZipDirectory.Count(file, MaxEntries) > MaxEntries)
        {
            throw new SimdNetFormatException($"the archive has more than {MaxEntries} entries; at most so many are read.", path);
        }

        try
        {
            using ZipArchive archive = new(file, ZipArchiveMode.Read);
            long budget = Math.Max(BoundedReader.InflationLimit(file.Length), file.Length);
            OrderedDictionary<string, NpyArray> arrays = new(StringComparer.Ordinal);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                string name = NameOf(entry, path);
                if (arrays.ContainsKey(name))
                {
                    throw new SimdNetFormatException($"the archive has two arrays named {Quoted.Of(name)}.", path);
                }

                arrays.Add(name, ReadEntry(entry, $"{path} [{Quoted.Of(name)}]", ref budget));
            }

            return arrays;
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw new SimdNetFormatException("the zip archive is damaged, or compressed in a way that numpy does not use; write it again with numpy.savez.", path, innerException: error);
        }
        catch (IOException error) when (error is not SimdNetFormatException and not EndOfStreamException && error.HResult == GeneralIOError)
        {
            throw new SimdNetFormatException("the zip archive is damaged: it points to what lies outside of it; write it again with numpy.savez.", path, innerException: error);
        }
        catch (EndOfStreamException error)
        {
            throw new SimdNetFormatException("the zip archive ends in the middle; it was cut short or is damaged.", path, innerException: error);
        }
    }

    /// <summary>Writes arrays, in one step: on failure an older file of that name is as it was.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="arrays">Names, unlike each other and not empty, and arrays.</param>
    /// <param name="compressed">Whether entries are deflated, as <c>numpy.savez_compressed</c> does. Not by default: weights hardly shrink. What shrinks beyond the cap of reading is stored as it is, so that it can be read.</param>
    /// <exception cref="ArgumentException">There are more than 10,000, two names are equal, or a name is empty or longer than 1,000 characters.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays, bool compressed = false)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        List<KeyValuePair<string, NpyArray>> list = [.. arrays];
        if (list.Count > MaxEntries)
        {
            throw new ArgumentException($"There are {list.Count} arrays; an archive has at most {MaxEntries}.", nameof(arrays));
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, NpyArray array) in list)
        {
            ArgumentNullException.ThrowIfNull(array, nameof(arrays));
            if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength || !names.Add(name))
            {
                throw new ArgumentException($"The name {Quoted.Of(name)} is empty, too long or used twice.", nameof(arrays));
            }
        }

        AtomicFile.Write(path, stream =>
        {
            long length = WriteAll(stream, list, compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            if (length > BoundedReader.InflationLimit(stream.Length))
            {
                stream.SetLength(0);
                stream.Position = 0;
                WriteAll(stream, list, CompressionLevel.NoCompression);
            }
        });
    }

    /// <summary>Writes an archive, and says what it inflates to.</summary>
    private static long WriteAll(Stream stream, List<KeyValuePair<string, NpyArray>> arrays, CompressionLevel level)
    {
        using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        long length = 0;
        foreach ((string name, NpyArray array) in arrays)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + Suffix, level);
            entry.LastWriteTime = FixedTime;
            using Stream contents = entry.Open();
            length += NpyFile.Write(contents, array);
        }

        return length;
    }

    private static void RequireZip(Stream file, string path)
    {
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < magic.Length || magic is not ([(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6]))
        {
            throw new SimdNetFormatException(
                magic[..read].StartsWith("\x93"u8) || magic is [0x93, (byte)'N', ..]
                    ? "this is an NPY file of one array; an NPZ archive was expected. Write it with numpy.savez."
                    : "this is no NPZ file; those are zip archives and begin with PK. Write it with numpy.savez.",
                path,
                0);
        }
    }

    private static string NameOf(ZipArchiveEntry entry, string path)
    {
        string name = entry.FullName;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal) || name.Length == Suffix.Length || name.Length > MaxNameLength + Suffix.Length)
        {
            throw new SimdNetFormatException($"the archive's entry {Quoted.Of(name)} is no array; those have names that end in {Suffix}.", path);
        }

        return entry.IsEncrypted
            ? throw new SimdNetFormatException($"the archive's entry {Quoted.Of(name)} is encrypted; write it without a password.", path)
            : name[..^Suffix.Length];
    }

    private static NpyArray ReadEntry(ZipArchiveEntry entry, string source, ref long budget)
    {
        using BoundedReader reader = BoundedReader.OverInflated(entry.Open(), source, budget);
        NpyArray array = NpyFile.Read(reader);
        budget -= reader.Position;
        return entry.Crc32 == reader.Checksum
            ? array
            : throw new SimdNetFormatException("the array's checksum does not fit its contents; the file is damaged.", source);
    }
}

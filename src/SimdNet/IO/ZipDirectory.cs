using System;
using System.Buffers.Binary;
using System.IO;

namespace SimdNet.IO;

/// <summary>The directory of a zip archive, walked before .NET makes an object of some hundred bytes of each entry: one takes 46 bytes of a file.</summary>
/// <remarks><code>… | entry: PK 1 2, …, lengths of name, extra and remark at 28, 30 and 32, these three | … | (zip64 end | zip64 locator) | end: PK 5 6, …, start of the directory at 16, remark</code></remarks>
internal static class ZipDirectory
{
    private const int EntryLength = 46;
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;
    private const int MaxRemark = ushort.MaxValue;

    /// <summary>.NET searches backwards in blocks of so many bytes, and may find what lies as much before where it should.</summary>
    private const int SearchBlock = 32;

    /// <summary>Counts the entries that follow each other where the directory begins, and leaves the file at its start.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="most">Where counting ends.</param>
    /// <returns>Their number, or one more than the most; 0 where there is no directory, of which .NET says so.</returns>
    public static int Count(Stream file, int most)
    {
        int count = 0;
        Span<byte> entry = stackalloc byte[EntryLength];
        long at = Start(file);
        while (count <= most && TryRead(file, at, entry) && entry is [(byte)'P', (byte)'K', 1, 2, ..])
        {
            at += EntryLength + U16(entry[28..]) + U16(entry[30..]) + U16(entry[32..]);
            count++;
        }

        file.Position = 0;
        return count;
    }

    /// <summary>Where .NET takes the directory to begin: the last end that has room for all of an end, and the large record where one of the end's numbers says that there is one, whose locator .NET looks for in the bytes before it.</summary>
    private static long Start(Stream file)
    {
        byte[] tail = new byte[Math.Min(file.Length, EndLength + MaxRemark + SearchBlock)];
        int end = TryRead(file, file.Length - tail.Length, tail) && tail.Length >= EndLength ? tail.AsSpan(0, tail.Length - EndLength + 4).LastIndexOf("PK\u0005\u0006"u8) : -1;
        if (end < 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> record = tail.AsSpan(end, EndLength);
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (start == uint.MaxValue || U16(record[4..]) == ushort.MaxValue || U16(record[10..]) == ushort.MaxValue)
        {
            int first = Math.Max(0, end - LocatorLength - SearchBlock);
            int locator = first + tail.AsSpan(first, Math.Max(0, end - LocatorLength + 4 - first)).LastIndexOf("PK\u0006\u0007"u8);
            Span<byte> large = stackalloc byte[LargeEndLength];
            if (locator >= first && TryRead(file, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8)), large))
            {
                return BinaryPrimitives.ReadInt64LittleEndian(large[48..]);
            }
        }

        return start;
    }

    private static bool TryRead(Stream file, long at, Span<byte> bytes)
    {
        if (at < 0 || at > file.Length - bytes.Length)
        {
            return false;
        }

        file.Position = at;
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

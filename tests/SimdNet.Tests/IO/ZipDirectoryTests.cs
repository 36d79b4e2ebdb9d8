using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

using SimdNet.IO;
using SimdNet.Tests.Files;

using Xunit;

namespace SimdNet.Tests.IO;

/// <summary>As many entries are counted as .NET would make objects of, wherever an archive says that its directory is.</summary>
public sealed class ZipDirectoryTests
{
    private const int Entries = 5;

    [Fact]
    public void Entries_are_counted_up_to_the_most()
    {
        Assert.Equal(Entries, Counted(Sound()));
        using MemoryStream file = new(Sound());
        Assert.Equal(4, ZipDirectory.Count(file, 3));
        Assert.Equal(0, file.Position);
        Assert.Equal(0, ZipDirectory.Count(new MemoryStream(new byte[10]), 3));
    }

    /// <summary>What looks like an end in the last bytes has no room for one.</summary>
    [Fact]
    public void An_end_within_the_remark_is_passed_over()
    {
        byte[] sound = Sound();
        byte[] remark = [.. "PK\u0005\u0006"u8, 0, 0, 0, 0];
        byte[] bytes = [.. sound, .. remark];
        bytes[sound.Length - 2] = (byte)remark.Length;
        AsDotNet(bytes);
    }

    /// <summary>A large record is taken where any of three numbers says that there is one; its locator may lie some bytes further before the end.</summary>
    [Theory]
    [InlineData(4, 0)]
    [InlineData(10, 0)]
    [InlineData(16, 0)]
    [InlineData(10, 12)]
    public void A_large_record_is_taken_where_DotNet_takes_it(int field, int padding)
    {
        AsDotNet(Large(field, padding));
    }

    private static byte[] Large(int field, int padding)
    {
        byte[] sound = Sound();
        byte[] end = sound[^22..];
        int directory = BitConverter.ToInt32(end, 16);
        byte[] large = new byte[56];
        Encoding.ASCII.GetBytes("PK\u0006\u0006").CopyTo(large, 0);
        BitConverter.TryWriteBytes(large.AsSpan(4), 44L);
        BitConverter.TryWriteBytes(large.AsSpan(24), (long)Entries);
        BitConverter.TryWriteBytes(large.AsSpan(32), (long)Entries);
        BitConverter.TryWriteBytes(large.AsSpan(48), (long)directory);
        byte[] locator = new byte[20];
        Encoding.ASCII.GetBytes("PK\u0006\u0007").CopyTo(locator, 0);
        BitConverter.TryWriteBytes(locator.AsSpan(8), (long)(sound.Length - 22));
        BitConverter.TryWriteBytes(locator.AsSpan(16), 1);
        end.AsSpan(16, 4).Clear();
        end.AsSpan(field, field == 16 ? 4 : 2).Fill(0xFF);
        return [.. sound[..^22], .. large, .. locator, .. new byte[padding], .. end];
    }

    /// <summary>.NET looks for the end, and for the locator before it, so far back and no further. What it reads has been counted; where it finds nothing, the archive is refused as one that is damaged.</summary>
    [Theory]
    [InlineData(0, 100)]
    [InlineData(65_400, 65_700)]
    [InlineData(69_500, 69_800)]
    [InlineData(73_600, 73_900)]
    public void What_lies_behind_the_end_hides_no_entry_that_DotNet_reads(int from, int to)
    {
        byte[] sound = AttackCorpus.Zip([.. Enumerable.Range(0, Entries).Select(i => ($"{i}.npy", AttackCorpus.SoundNpy, CompressionLevel.NoCompression))]);
        for (int padding = from; padding <= to; padding++)
        {
            byte[] bytes = [.. sound, .. new byte[padding]];
            int? entries = AsDotNetReads(bytes);
            Assert.Equal(entries ?? Counted(bytes), Counted(bytes));
            if (entries == Entries)
            {
                Assert.Equal(Entries, NpzFile.Read(new MemoryStream(bytes), "file").Count);
            }
            else
            {
                Assert.Contains("zip archive", Assert.Throws<SimdNetFormatException>(() => NpzFile.Read(new MemoryStream(bytes), "file")).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <inheritdoc cref="What_lies_behind_the_end_hides_no_entry_that_DotNet_reads"/>
    [Theory]
    [InlineData(0, 200)]
    [InlineData(4_000, 4_200)]
    public void What_lies_before_the_end_hides_no_entry_that_DotNet_reads(int from, int to)
    {
        for (int padding = from; padding <= to; padding++)
        {
            byte[] bytes = Large(10, padding);
            Assert.Equal(AsDotNetReads(bytes) ?? Counted(bytes), Counted(bytes));
        }
    }

    private static int Counted(byte[] bytes)
    {
        using MemoryStream file = new(bytes);
        return ZipDirectory.Count(file, 100);
    }

    /// <summary>.NET may refuse the archive; where it does not, no entry of it is left out.</summary>
    private static void AsDotNet(byte[] bytes)
    {
        Assert.Equal(AsDotNetReads(bytes) ?? Entries, Counted(bytes));
        Assert.Equal(Entries, Counted(bytes));
    }

    /// <summary>How many entries .NET has; null where it refuses the archive.</summary>
    private static int? AsDotNetReads(byte[] bytes)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(bytes));
            return archive.Entries.Count;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Sound()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < Entries; i++)
            {
                using Stream entry = archive.CreateEntry($"{i}.npy").Open();
                entry.WriteByte(1);
            }
        }

        return stream.ToArray();
    }
}

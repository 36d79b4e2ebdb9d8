using System;
using System.IO;
using System.IO.Compression;

using SimdNet.IO;
using SimdNet.Tests.Data;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.IO;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_cannot_be_opened_says_why_in_one_line_with_its_path()
    {
        string missing = _folder.File("none");
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => InputFile.Open(missing));
        Assert.Equal((missing, $"{missing}: there is no such file."), (error.FileName, error.Message));
        Assert.Throws<FileNotFoundException>(() => InputFile.Open(Path.Combine(missing, "deeper")));
        Assert.Contains($"{_folder.Path}: this is a directory", Assert.Throws<IOException>(() => InputFile.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => InputFile.Open(""));
        string below = Path.Combine(_folder.File("a", [1]), "b");
        Assert.Contains(below, Assert.ThrowsAny<IOException>(() => InputFile.Open(below)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_or_followed_by_anything_is_refused()
    {
        byte[] contents = new byte[300];
        new Random(2).NextBytes(contents.AsSpan(100));
        byte[] packed = IdxFileTests.Gzip(contents);
        Assert.Equal(contents, ReadAll(packed));
        for (int length = 2; length < packed.Length; length++)
        {
            byte[] cut = packed[..length];
            Assert.Throws<SimdNetFormatException>(() => ReadAll(cut));
        }

        Assert.Throws<SimdNetFormatException>(() => ReadAll([.. packed, 0]));
        Assert.Throws<SimdNetFormatException>(() => ReadAll([.. packed, .. packed]));
        // A bit may be of no consequence (the time stamp, padding between blocks); then the contents are right nevertheless.
        int refused = 0;
        for (int i = 2; i < packed.Length; i++)
        {
            byte[] flipped = [.. packed];
            flipped[i] ^= 4;
            try
            {
                Assert.Equal(contents, ReadAll(flipped));
            }
            catch (SimdNetFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, packed.Length - 12, packed.Length);

        byte[] ReadAll(byte[] file)
        {
            using BoundedReader reader = BoundedReader.OpenFileOrGzip(_folder.File("a", file));
            byte[] bytes = reader.ReadArray(contents.Length, "the contents");
            reader.ExpectEnd();
            return bytes;
        }
    }

    [Fact]
    public void What_a_compressed_file_may_hold_is_capped()
    {
        Assert.Equal(16 << 20, BoundedReader.InflationLimit(1000));
        Assert.Equal(100L << 20, BoundedReader.InflationLimit(1 << 20));
        Assert.Equal(long.MaxValue, BoundedReader.InflationLimit(long.MaxValue / 2));
        byte[] zeros = new byte[40 << 20];
        string path = _folder.File("bomb", IdxFileTests.Gzip(zeros, CompressionLevel.SmallestSize));
        using BoundedReader reader = BoundedReader.OpenFileOrGzip(path);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => reader.ReadArray(zeros.Length, "the zeros"));
        Assert.Contains("unpack it first", error.Message, StringComparison.Ordinal);
        Assert.Equal(16 << 20, reader.ReadArray(16 << 20, "the zeros").Length);
        Assert.Throws<SimdNetFormatException>(reader.ExpectEnd);
    }

    [Fact]
    public void Text_from_files_is_fit_for_a_line_in_a_terminal()
    {
        Assert.Equal("'a?[2J b'", Quoted.Of("a\u001b[2J b"));
        Assert.Equal("'?????'", Quoted.Of("\n\r\t\0\u009b"));
        Assert.Equal("'ü'", Quoted.Of("ü"));
        Assert.Equal(63, Quoted.Of(new string('x', 1000)).Length);
        Assert.Equal("'a?b'", Quoted.Of((ReadOnlySpan<byte>)[(byte)'a', 0xE9, (byte)'b']));
    }
}

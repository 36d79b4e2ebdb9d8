using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

using SimdNet.Tests.Support;

using Xunit;
using Xunit.Abstractions;

namespace SimdNet.Tests.Data;

public sealed class IdxFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>An IDX file: its type code, its sizes and its elements, already big-endian.</summary>
    internal static byte[] Idx(byte type, int[] shape, byte[] elements)
    {
        byte[] bytes = new byte[4 + (4 * shape.Length) + elements.Length];
        bytes[2] = type;
        bytes[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        }

        elements.CopyTo(bytes, 4 + (4 * shape.Length));
        return bytes;
    }

    internal static byte[] Gzip(byte[] contents, CompressionLevel level = CompressionLevel.Fastest)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, level, leaveOpen: true))
        {
            gzip.Write(contents);
        }

        return stream.ToArray();
    }

    [Theory]
    [InlineData(0x08, new byte[] { 200, 7 }, new[] { 200.0, 7 })]
    [InlineData(0x09, new byte[] { 200, 7 }, new[] { -56.0, 7 })]
    [InlineData(0x0B, new byte[] { 1, 2, 255, 255 }, new[] { 258.0, -1 })]
    [InlineData(0x0C, new byte[] { 0, 1, 0, 2, 255, 255, 255, 254 }, new[] { 65538.0, -2 })]
    [InlineData(0x0D, new byte[] { 0x3F, 0xC0, 0, 0, 0x80, 0, 0, 0 }, new[] { 1.5, -0.0 })]
    [InlineData(0x0E, new byte[] { 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new[] { 1.5, -2.0 })]
    public void Every_type_is_read(byte type, byte[] elements, double[] expected)
    {
        byte[] bytes = Idx(type, [2, 1], elements);
        Assert.Equal(expected, IdxFile.Read(_folder.File("plain", bytes)).ToArray<double>());
        NpyArray zipped = IdxFile.Read(_folder.File("no-gz-in-its-name", Gzip(bytes)));
        Assert.Equal(expected, zipped.ToArray<double>());
        Assert.Equal([2, 1], zipped.Shape.ToArray());
    }

    [Theory]
    [InlineData("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("t10k-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte.gz")]
    public void A_folder_is_read_under_each_of_its_names(string images, string labels)
    {
        byte[] pixels = Idx(0x08, [2, 2, 3], [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);
        byte[] digits = Idx(0x08, [2], [3, 9]);
        _folder.File(images, images.EndsWith("gz", StringComparison.Ordinal) ? Gzip(pixels) : pixels);
        _folder.File(labels, labels.EndsWith("gz", StringComparison.Ordinal) ? Gzip(digits) : digits);
        Dataset<float> data = Dataset.FromIdxFolder<float>(_folder.Path, test: true);
        Assert.Equal((2, 6, 10), (data.Rows, data.Features, data.ClassCount));
        Assert.Equal([3, 9], data.Labels.ToArray());
        Assert.Equal(255f, data.Inputs.Span[^1]);

        FileNotFoundException missing = Assert.Throws<FileNotFoundException>(() => Dataset.FromIdxFolder<float>(_folder.Path, test: false));
        Assert.Contains("train-images-idx3-ubyte and train-labels-idx1-ubyte", missing.Message, StringComparison.Ordinal);
        File.Delete(_folder.File(labels));
        missing = Assert.Throws<FileNotFoundException>(() => Dataset.FromIdxFolder<float>(_folder.Path, test: true));
        Assert.Contains("t10k-labels-idx1-ubyte", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t10k-images-idx3-ubyte", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_labels_agree_in_number_or_say_so()
    {
        string images = _folder.File("i", Idx(0x08, [2, 1, 1], [1, 2]));
        string labels = _folder.File("l", Idx(0x08, [3], [1, 2, 3]));
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Dataset.FromIdx<float>(images, labels));
        Assert.Contains("3 rows", error.Message, StringComparison.Ordinal);
        Assert.Equal(labels, error.Path);
        error = Assert.Throws<SimdNetFormatException>(() => Dataset.FromIdx<float>(labels, images));
        Assert.Contains("wrong way round", error.Message, StringComparison.Ordinal);
        string negative = _folder.File("n", Idx(0x09, [2], [1, 255]));
        error = Assert.Throws<SimdNetFormatException>(() => Dataset.FromIdx<float>(images, negative));
        Assert.Contains("negative", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_as_large_as_MNIST_is_read_in_little_memory()
    {
        const int Rows = 60_000;
        const int Pixels = 28 * 28;
        byte[] pixels = new byte[Rows * Pixels];
        new Random(1).NextBytes(pixels.AsSpan(0, pixels.Length / 5));
        byte[] labels = new byte[Rows];
        string plain = _folder.File("i", Idx(0x08, [Rows, 28, 28], pixels));
        string packed = _folder.File("i.gz", Gzip(File.ReadAllBytes(plain)));
        string labelsPath = _folder.File("l", Idx(0x08, [Rows], labels));
        foreach (string path in new[] { plain, packed })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Dataset<float> data = Dataset.FromIdx<float>(path, labelsPath);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            output.WriteLine($"{Path.GetFileName(path)}: {allocated / 1e6:F0} MB for {pixels.Length / 1e6:F0} MB");
            Assert.Equal(Rows, data.Rows);

            // The floats themselves, the bytes once (grown in doublings where the size cannot be trusted), and change.
            long limit = (sizeof(float) * (long)pixels.Length) + ((path == plain ? 1 : 3) * (long)pixels.Length) + (1 << 20);
            Assert.InRange(allocated, 0, limit);
        }
    }
}

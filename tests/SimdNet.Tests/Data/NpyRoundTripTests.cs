using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Data;

public sealed class NpyRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly Random _random = new(8);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_bits_of_any_type_and_shape_come_back_alone_and_in_archives()
    {
        string path = _folder.File("a");
        int rounds = Long.Count(300, 3_000);
        for (int round = 0; round < rounds; round++)
        {
            List<KeyValuePair<string, NpyArray>> arrays = [];
            foreach (NpyArray array in Arrays())
            {
                NpyFile.Write(path, array);
                AnyArray.AssertSame(array, NpyFile.Read(path));
                arrays.Add(new($"array {arrays.Count} é", array));
            }

            NpzFile.Write(path, arrays);
            byte[] first = File.ReadAllBytes(path);
            IReadOnlyDictionary<string, NpyArray> back = NpzFile.Read(path);
            Assert.Equal(arrays.Select(a => a.Key), back.Keys);
            arrays.ForEach(a => AnyArray.AssertSame(a.Value, back[a.Key]));
            NpzFile.Write(path, back);
            Assert.Equal(first, File.ReadAllBytes(path));
            NpzFile.Write(path, arrays, compressed: true);
            back = NpzFile.Read(path);
            arrays.ForEach(a => AnyArray.AssertSame(a.Value, back[a.Key]));
        }
    }

    [Fact]
    public void Payloads_zeros_and_subnormals_keep_their_bits_as_numbers_too()
    {
        long[] bits = [0x7FF8_0000_0000_0123, unchecked((long)0xFFF0_0000_0000_0001), long.MinValue, 1, 0x000F_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000];
        string path = _folder.File("a.npy");
        NpyFile.Write<double>(path, [.. bits.Select(BitConverter.Int64BitsToDouble)], 6);
        Assert.Equal(bits, NpyFile.Read(path).ToArray<double>().Select(BitConverter.DoubleToInt64Bits));
        int[] narrow = [0x7F80_0001, int.MinValue, 1];
        NpyFile.Write<float>(path, [.. narrow.Select(BitConverter.Int32BitsToSingle)], 3);
        Assert.Equal(narrow, NpyFile.Read(path).ToArray<float>().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_a_file_appears()
    {
        string path = _folder.File("a");
        Assert.Throws<ArgumentException>(() => NpyFile.Write<double>(path, [1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => NpyFile.Write<double>(path, [], -1, 0));
        Assert.Throws<NotSupportedException>(() => NpyFile.Write<decimal>(path, [1], 1));
        NpyArray one = NpyArray.Create<double>([1]);
        Assert.Throws<ArgumentException>(() => NpzFile.Write(path, [new("a", one), new("a", one)]));
        Assert.Throws<ArgumentException>(() => NpzFile.Write(path, [new("", one)]));
        Assert.Throws<InvalidOperationException>(() => NpyArray.Create<double>([1], 1).ToLabels());
        Assert.Throws<ArgumentException>(() => one.CopyTo(new float[2]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private NpyArray[] Arrays() => [.. Enum.GetValues<NpyElementType>().Select(type => AnyArray.Of(type, _random))];
}

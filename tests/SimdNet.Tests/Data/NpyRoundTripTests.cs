using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

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

    /// <summary>Whole numbers of 64 bits have more than float and double hold, by way of which nothing may be rounded twice.</summary>
    [Fact]
    public void Whole_numbers_become_the_nearest()
    {
        List<ulong> values = [];
        for (int bit = 20; bit < 64; bit++)
        {
            for (int below = 1; below <= bit; below++)
            {
                ulong half = (1UL << bit) | (1UL << (bit - below));
                values.AddRange([half - 1, half, half + 1, half | 1, (ulong)_random.NextInt64() >> (63 - bit)]);
            }
        }

        ulong[] unsigned = [.. values, ulong.MaxValue, ulong.MaxValue - 1];
        long[] signed = [.. values.Select(value => (long)value), .. values.Select(value => -(long)value), long.MinValue, long.MaxValue];
        NpyArray array = NpyArray.Create<ulong>(unsigned, unsigned.Length);
        Assert.Equal(unsigned.Select(value => float.Parse($"{value}")), array.ToArray<float>());
        Assert.Equal(unsigned.Select(value => double.Parse($"{value}")), array.ToArray<double>());
        array = NpyArray.Create<long>(signed, signed.Length);
        Assert.Equal(signed.Select(value => float.Parse($"{value}")), array.ToArray<float>());
        Assert.Equal(signed.Select(value => double.Parse($"{value}")), array.ToArray<double>());
        int[] small = [.. signed.Select(value => (int)value)];
        Assert.Equal(small.Select(value => float.Parse($"{value}")), NpyArray.Create<int>(small, small.Length).ToArray<float>());
        uint[] smallest = [.. signed.Select(value => (uint)value)];
        Assert.Equal(smallest.Select(value => float.Parse($"{value}")), NpyArray.Create<uint>(smallest, smallest.Length).ToArray<float>());
    }

    /// <summary>What is written can be read: zeros shrink by a thousand, of which the reader takes a hundred.</summary>
    [Fact]
    public void What_shrinks_beyond_the_cap_comes_back_too()
    {
        string path = _folder.File("a");
        NpyArray zeros = NpyArray.Create<byte>(new byte[20_000_000], 20_000_000);
        NpzFile.Write(path, [new("zeros", zeros), new("more", NpyArray.Create<double>([1, 2], 2))], compressed: true);
        IReadOnlyDictionary<string, NpyArray> back = NpzFile.Read(path);
        AnyArray.AssertSame(zeros, back["zeros"]);
        Assert.Equal([1.0, 2], back["more"].ToArray<double>());

        // The control: what may shrink does.
        NpzFile.Write(path, [new("zeros", NpyArray.Create<byte>(new byte[10_000_000], 10_000_000))], compressed: true);
        Assert.InRange(new FileInfo(path).Length, 1, 100_000);
        Assert.Equal(10_000_000, NpzFile.Read(path)["zeros"].Length);
    }

    [Fact]
    public void No_more_arrays_are_written_than_are_read()
    {
        string path = _folder.File("a");
        NpyArray one = NpyArray.Create<byte>([1]);
        List<KeyValuePair<string, NpyArray>> arrays = [.. Enumerable.Range(0, 10_000).Select(i => KeyValuePair.Create($"{i}", one))];
        NpzFile.Write(path, arrays);
        Assert.Equal(10_000, NpzFile.Read(path).Count);
        Assert.Throws<ArgumentException>(() => NpzFile.Write(path, [.. arrays, new("one more", one)]));
        Assert.Equal(10_000, NpzFile.Read(path).Count);
    }

    [Fact]
    public void More_bytes_than_an_array_holds_are_refused_before_one_is_read()
    {
        double first = 0;
        ArgumentException error = Assert.Throws<ArgumentException>(() => NpyArray.Create(MemoryMarshal.CreateReadOnlySpan(ref first, 600_000_000), 600_000_000));
        Assert.Contains("600000000 values", error.Message, StringComparison.Ordinal);
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

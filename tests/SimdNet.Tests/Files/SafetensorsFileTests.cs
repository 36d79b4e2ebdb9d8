using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.Files;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file of this header, its length, and that many bytes of data.</summary>
    internal static byte[] Safetensors(string header, int dataLength = 0, Encoding? encoding = null)
    {
        byte[] json = (encoding ?? Encoding.UTF8).GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    internal static string Tensor(string name, string shape, int begin, int end, string dtype = "F32") =>
        $$"""
        "{{name}}":{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}
        """;

    [Fact]
    public void Any_blocks_come_back_bit_for_bit()
    {
        Random random = new(11);
        for (int round = 0; round < 300; round++)
        {
            List<NamedBlock> blocks = [];
            int count = random.Next(5);
            for (int b = 0; b < count; b++)
            {
                int[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(4))];
                int length = shape.Aggregate(1, (a, x) => a * x);
                string name = $"layer.{b} \"é\u0001\\/\U0001F600";
                if (random.Next(2) == 0)
                {
                    double[] values = [.. Enumerable.Range(0, length).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)))];
                    blocks.Add(NamedBlock.Create<double>(name, values, shape));
                }
                else
                {
                    float[] values = [.. Enumerable.Range(0, length).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))];
                    blocks.Add(NamedBlock.Create<float>(name, values, shape));
                }
            }

            KeyValuePair<string, string>[] metadata = [new("spec", "{\"a\":1}\n\t\u2028ü"), new("", "")];
            string path = _folder.File("a.safetensors");
            SafetensorsFile.Write(path, blocks, round % 2 == 0 ? metadata : null);
            SafetensorsContents contents = SafetensorsFile.Read(path);
            Assert.Equal(blocks.Select(b => b.Name), contents.Blocks.Select(b => b.Name));
            Assert.Equal(round % 2 == 0 ? metadata : [], contents.Metadata);
            for (int b = 0; b < blocks.Count; b++)
            {
                Assert.Equal(blocks[b].Shape.ToArray(), contents.Blocks[b].Shape.ToArray());
                Assert.Equal(blocks[b].Type, contents.Blocks[b].Type);
                Assert.True(blocks[b].Values.Bytes.SequenceEqual(contents.Blocks[b].Values.Bytes));
            }

            byte[] first = File.ReadAllBytes(path);
            SafetensorsFile.Write(path, blocks, round % 2 == 0 ? metadata : null);
            Assert.Equal(first, File.ReadAllBytes(path));
            Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(first) % 8);
        }
    }

    [Fact]
    public void Special_values_keep_their_bits()
    {
        double[] values = [double.NaN, BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001), BitConverter.Int64BitsToDouble(-1), -0.0, double.Epsilon, double.NegativeInfinity];
        string path = _folder.File("a.safetensors");
        SafetensorsFile.Write(path, [NamedBlock.Create<double>("x", values, 2, 3)]);
        double[] back = SafetensorsFile.Read(path).Blocks[0].Values.ToArray<double>();
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), back.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        string path = _folder.File("a.safetensors");
        SafetensorsFile.Write(path, [NamedBlock.Create<float>("b", [1.5f], 1), NamedBlock.Create<double>("a", [2.5], 1, 1)], [new("k", "v")]);
        const string Header =
            """{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"a":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}""";
        byte[] expected = [.. Safetensors(Header.PadRight((Header.Length + 7) / 8 * 8)), .. BitConverter.GetBytes(2.5), .. BitConverter.GetBytes(1.5f)];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_a_file_appears()
    {
        string path = _folder.File("a.safetensors");
        NamedBlock one = NamedBlock.Create<float>("x", [1f], 1);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [one, one]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [one with { Name = "__metadata__" }]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [one with { Name = "" }]));
        Assert.ThrowsAny<ArgumentException>(() => SafetensorsFile.Write(path, [one with { Name = "\uD800" }]));
        Assert.ThrowsAny<ArgumentException>(() => SafetensorsFile.Write(path, [one], [new("k", "\uDFFF")]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [one], [new("k", "1"), new("k", "2")]));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [NamedBlock.Create<int>("x", [1], 1)]));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}

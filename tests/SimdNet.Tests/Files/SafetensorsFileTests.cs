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
    private readonly TemporaryFolder _folder = new(inMemory: true);

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
        int rounds = Long.Count(1_000, 10_000);
        for (int round = 0; round < rounds; round++)
        {
            List<NamedBlock> blocks = [];
            int count = random.Next(6);
            for (int b = 0; b < count; b++)
            {
                blocks.Add(new($"layer.{b} \"é\u0001\\/\U0001F600", AnyArray.Of((NpyElementType)random.Next(12), random)));
            }

            KeyValuePair<string, string>[] metadata = [new("spec", "{\"a\":1}\n\t\u2028ü"), new("", "")];
            string path = _folder.File("a.safetensors");
            SafetensorsFile.Write(path, blocks, round % 2 == 0 ? metadata : null);
            SafetensorsContents contents = SafetensorsFile.Read(path);
            Assert.Equal(blocks.Select(b => b.Name), contents.Blocks.Select(b => b.Name));
            Assert.Equal(blocks.Select(b => b.Name), contents.Tensors.Keys);
            Assert.Equal(round % 2 == 0 ? metadata : [], contents.Metadata);
            for (int b = 0; b < blocks.Count; b++)
            {
                AnyArray.AssertSame(blocks[b].Values, contents.Blocks[b].Values);
            }

            byte[] first = File.ReadAllBytes(path);
            SafetensorsFile.Write(path, contents.Tensors, contents.Metadata);
            Assert.Equal(first, File.ReadAllBytes(path));
            Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(first) % 8);
        }
    }

    [Fact]
    public void Control_one_bit_is_a_difference()
    {
        NamedBlock block = NamedBlock.Create<float>("x", [0f, float.NaN], 2);
        string path = _folder.File("a.safetensors");
        SafetensorsFile.Write(path, (IReadOnlyList<NamedBlock>)[block]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 0x80;
        File.WriteAllBytes(path, bytes);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AnyArray.AssertSame(block.Values, SafetensorsFile.Read(path).Blocks[0].Values));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AnyArray.AssertSame(NpyArray.Create<double>([0.0], 1), NpyArray.Create<double>([-0.0], 1)));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AnyArray.AssertSame(NpyArray.Create<double>([0.0], 1), NpyArray.Create<double>([0.0])));
    }

    /// <summary>Every one of the 65,536 values: PyTorch's bfloat16 is the upper half of a float, and float16 fits into one.</summary>
    [Fact]
    public void Half_precisions_become_float_exactly()
    {
        byte[] all = new byte[2 << 16];
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(2 * bits), (ushort)bits);
        }

        string header = "{" + Tensor("b", "[65536]", 0, 131_072, "BF16") + "," + Tensor("h", "[256,256]", 131_072, 262_144, "F16") + "," + Tensor("one", "[]", 262_144, 262_146, "BF16") + "," + Tensor("none", "[0]", 262_146, 262_146, "BF16") + "}";
        byte[] file = [.. Safetensors(header), .. all, .. all, 0x80, 0x3F];
        IReadOnlyDictionary<string, NpyArray> tensors = SafetensorsFile.Read(_folder.File("a.safetensors", file)).Tensors;
        float[] brain = tensors["b"].ToArray<float>();
        float[] half = tensors["h"].ToArray<float>();
        double[] wide = tensors["h"].ToArray<double>();
        Assert.Equal((NpyElementType.Float32, NpyElementType.Float16), (tensors["b"].Type, tensors["h"].Type));
        Assert.Equal([1f], tensors["one"].ToArray<float>());
        Assert.Empty(tensors["none"].ToArray<float>());
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits(brain[bits]));
            double expected = HalfByDefinition(bits);
            Assert.True(double.IsNaN(expected) ? float.IsNaN(half[bits]) && double.IsNaN(wide[bits]) : half[bits].Equals((float)expected) && wide[bits].Equals(expected) && float.IsNegative(half[bits]) == (bits > short.MaxValue), $"float16 {bits:X4} became {half[bits]}");
        }
    }

    [Fact]
    public void An_unknown_element_type_is_listed_and_refused_by_name()
    {
        string path = _folder.File("a.safetensors", Safetensors("{" + Tensor("w", "[2]", 0, 8) + "," + Tensor("f8", "[2,3]", 8, 14, "F8_E4M3") + "," + Tensor("nibbles", "[5]", 14, 17, "F4") + "}", 17));
        SafetensorsInfo info = SafetensorsFile.ReadHeader(path);
        Assert.Equal(["w F32 2", "f8 F8_E4M3 2x3", "nibbles F4 5"], info.Tensors.Select(tensor => $"{tensor.Name} {tensor.Dtype} {string.Join('x', tensor.Shape)}"));
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => SafetensorsFile.Read(path));
        Assert.Contains("'f8' has the dtype 'F8_E4M3'; F64, F32, F16, BF16", error.Message, StringComparison.Ordinal);

        // The ranges are checked whatever the type.
        path = _folder.File("a.safetensors", Safetensors("{" + Tensor("f8", "[2,3]", 1, 7, "F8_E4M3") + "}", 7));
        Assert.Contains("a hole", Assert.Throws<SimdNetFormatException>(() => SafetensorsFile.ReadHeader(path)).Message, StringComparison.Ordinal);
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
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>IEEE 754: a sign, five bits of exponent with a bias of 15, ten of fraction.</summary>
    private static double HalfByDefinition(int bits)
    {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        double magnitude = exponent switch
        {
            0 => fraction * Math.ScaleB(1, -24),
            31 => fraction == 0 ? double.PositiveInfinity : double.NaN,
            _ => (1024 + fraction) * Math.ScaleB(1, exponent - 25),
        };
        return bits > short.MaxValue ? -magnitude : magnitude;
    }
}

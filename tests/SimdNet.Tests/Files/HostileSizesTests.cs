using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;

using SimdNet.Files;
using SimdNet.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Files of megabytes that hold as many of the smallest things as fit: what their readers take of memory is bounded by the file, or by what their documentation says.</summary>
/// <remarks>All that is allocated is counted, which is more than there is at any moment.</remarks>
public sealed class HostileSizesTests
{
    private const long Free = 64L << 20;
    private const string Source = "file";

    /// <summary>A file, what reads it, and what may be allocated beside 64 MiB.</summary>
    private sealed record Case(byte[] File, Action<byte[]> Read, long Allowed, string? Refusal = null);

    private static readonly Dictionary<string, Func<Case>> Cases = new()
    {
        ["300,000 empty tensors"] = () => TwiceTheFile(EmptyTensors(300_000), bytes => SafetensorsFile.Read(Bounded(bytes)), "more than 100000 tensors"),
        ["as many empty tensors as may be"] = () => TwiceTheFile(EmptyTensors(SafetensorsHeader.MaxEntries), bytes => SafetensorsFile.Read(Bounded(bytes))),
        ["as many tensors of a byte as may be"] = () => TwiceTheFile(ByteTensors(SafetensorsHeader.MaxEntries), bytes => SafetensorsFile.Read(Bounded(bytes))),
        ["1,000,000 strings"] = () => TwiceTheFile(Strings(1_000_000), bytes => SafetensorsFile.Read(Bounded(bytes)), "more than 100000 strings"),
        ["as many strings as may be"] = () => TwiceTheFile(Strings(SafetensorsHeader.MaxEntries), bytes => SafetensorsFile.Read(Bounded(bytes))),
        ["a string of 40 MB"] = () => Times(5, Safetensors($"{{\"__metadata__\":{{\"a\":\"{new string('x', 40_000_000)}\"}}}}"), bytes => SafetensorsFile.Read(Bounded(bytes))),
        ["a string of 40 MB of escapes"] = () => Times(5, Safetensors($"{{\"__metadata__\":{{\"a\":\"{new StringBuilder().Insert(0, "\\n", 20_000_000)}\"}}}}"), bytes => SafetensorsFile.Read(Bounded(bytes))),
        ["a model of bytes as double"] = () => ByteModel(4_096),
        ["digits as double"] = () => Text("0 ", (1 << 23) + 1, new()),
        ["digits with commas as double"] = () => Text("0,", (1 << 23) + 1, new() { Delimiter = ',' }),
        ["empty lines"] = () => TwiceTheFile(Encoding.ASCII.GetBytes(new string('\n', 8 << 20)), bytes => TextWeights.Read<double>(Bounded(bytes)), "no number"),
        ["10,000 arrays of nothing"] = () => TwiceTheFile(Archive(10_000, AttackCorpus.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}", 0), CompressionLevel.NoCompression), bytes => NpzFile.Read(new MemoryStream(bytes), Source)),
        ["10,000 arrays of nothing, deflated"] = () => TwiceTheFile(Archive(10_000, AttackCorpus.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}", 0), CompressionLevel.Fastest), bytes => NpzFile.Read(new MemoryStream(bytes), Source)),
        ["an array that inflates by dozens"] = () => Inflated("{'descr': '|u1', 'fortran_order': False, 'shape': (40000000,)}"),
        ["an array in Fortran order that inflates by dozens"] = () => Inflated("{'descr': '|u1', 'fortran_order': True, 'shape': (5000, 8000)}"),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_allocated_is_bounded(string name) => Assert.Null(Fault(Cases[name]()));

    [Fact]
    public void Control_a_reader_that_takes_more_or_does_not_refuse_is_caught()
    {
        Case sound = TwiceTheFile(Strings(10), bytes => SafetensorsFile.Read(Bounded(bytes)));
        Assert.Null(Fault(sound));
        Assert.Contains("allocates", Fault(sound with { Read = _ => GC.KeepAlive(new byte[Free + 1_000]) }), StringComparison.Ordinal);
        Assert.Contains("is read", Fault(sound with { Refusal = "more than" }), StringComparison.Ordinal);
        Assert.Contains("no valid JSON", Fault(TwiceTheFile(Safetensors("{x"), sound.Read)), StringComparison.Ordinal);
    }

    /// <summary>What is written can be read, so that there is no more of it than is read.</summary>
    [Fact]
    public void No_more_is_written_than_is_read()
    {
        using TemporaryFolder folder = new(inMemory: true);
        List<NamedBlock> blocks = [];
        Dictionary<string, string> strings = [];
        for (int i = 0; i < SafetensorsHeader.MaxEntries; i++)
        {
            blocks.Add(NamedBlock.Create<byte>($"{i}", [], 0));
            strings.Add($"{i}", "");
        }

        string path = folder.File("a");
        SafetensorsFile.Write(path, blocks, strings);
        SafetensorsContents contents = SafetensorsFile.Read(path);
        Assert.Equal((blocks.Count, strings.Count), (contents.Blocks.Count, contents.Metadata.Count));
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [.. blocks, NamedBlock.Create<byte>("one more", [], 0)], strings));
        strings.Add("one more", "");
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, blocks, strings));
    }

    /// <summary>What is wrong; null where nothing is.</summary>
    private static string? Fault(Case found)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(() => found.Read(found.File));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated > Free + found.Allowed ? $"allocates {allocated} bytes for a file of {found.File.Length}, and {Free + found.Allowed} are allowed"
            : found.Refusal is null ? error?.ToString()
            : error is null ? "is read"
            : error is SimdNetFormatException && error.Message.Contains(found.Refusal, StringComparison.Ordinal) ? null
            : error.ToString();
    }

    private static Case TwiceTheFile(byte[] file, Action<byte[]> read, string? refusal = null) => new(file, read, 2L * file.Length, refusal);

    private static Case Times(int times, byte[] file, Action<byte[]> read) => new(file, read, (long)times * file.Length);

    /// <summary>A layer of n × n weights in a byte each, and no bias.</summary>
    private static Case ByteModel(int n)
    {
        using TemporaryFolder folder = new(inMemory: true);
        string path = folder.File("a");
        NetworkSpec spec = NetworkSpec.Input(n).Dense(n, useBias: false);
        SafetensorsFile.Write(path, [NamedBlock.Create<byte>("W1", new byte[n * n], n, n)], [new("simdnet.version", "1"), new("simdnet.spec", spec.ToJson())]);
        byte[] file = File.ReadAllBytes(path);
        return new(file, bytes => ModelFile.Load<double>(Bounded(bytes)), (2L * file.Length) + (sizeof(double) * (long)spec.ParameterCount));
    }

    private static Case Text(string number, int count, TextOptions options)
    {
        byte[] file = Encoding.ASCII.GetBytes(new StringBuilder().Insert(0, number, count).ToString())[..^1];
        return new(file, bytes => TextWeights.Read<double>(Bounded(bytes), options), file.Length + (2L * sizeof(double) * count));
    }

    private static Case Inflated(string header)
    {
        const int Length = 40_000_000;
        byte[] array = AttackCorpus.Npy(header, Length);

        // Some noise, since zeros alone would inflate by more than is allowed.
        Random random = new(1);
        for (int i = array.Length - Length; i < array.Length; i += 180)
        {
            array[i] = (byte)random.Next(256);
        }

        byte[] file = AttackCorpus.Zip(("a.npy", array, CompressionLevel.Optimal));
        return new(file, bytes => NpzFile.Read(new MemoryStream(bytes), Source), 4L * array.Length);
    }

    private static byte[] EmptyTensors(int count)
    {
        StringBuilder header = new("{");
        for (int i = 0; i < count; i++)
        {
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }

        return Safetensors(header.Append('}').ToString());
    }

    private static byte[] ByteTensors(int count)
    {
        StringBuilder header = new("{");
        for (int i = 0; i < count; i++)
        {
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[").Append(i).Append(',').Append(i + 1).Append("]}");
        }

        return Safetensors(header.Append('}').ToString(), count);
    }

    private static byte[] Strings(int count)
    {
        StringBuilder header = new("{\"__metadata__\":{");
        for (int i = 0; i < count; i++)
        {
            header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":\"\"");
        }

        return Safetensors(header.Append("}}").ToString());
    }

    private static byte[] Archive(int count, byte[] array, CompressionLevel level)
    {
        (string, byte[], CompressionLevel)[] entries = new (string, byte[], CompressionLevel)[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = ($"{i}.npy", array, level);
        }

        return AttackCorpus.Zip(entries);
    }

    private static byte[] Safetensors(string header, int dataLength = 0) => SafetensorsFileTests.Safetensors(header, dataLength);

    private static BoundedReader Bounded(byte[] bytes) => BoundedReader.Over(new MemoryStream(bytes, writable: false), Source);
}

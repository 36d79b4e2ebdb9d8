using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

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
        ["a spec of 2,000,000 layers"] = () => SpecText("2" + Repeated(",tanh", 2_000_000), "more than 50,000 layers"),
        ["a spec of as many layers as may be"] = () => SpecText("1" + Repeated(",1", NetworkSpec.MaxLayersRead)),
        ["a spec of one layer more"] = () => SpecText("1" + Repeated(",1", NetworkSpec.MaxLayersRead - 1) + ",residual(1)", "more than 50,000 layers"),
        ["a layer of 20 MB"] = () => SpecText($"2,{new string('x', 20_000_000)}", "is not a layer"),
        ["a dense layer of 20 MB"] = () => SpecText("2,1" + Repeated(":x", 10_000_000), "is not a layer"),
        ["a number of inputs of 20 MB"] = () => SpecText($"{new string('2', 20_000_000)},1", "is not a number of inputs"),
        ["blocks in blocks of 20 MB"] = () => SpecText("2," + Repeated("residual(", ResidualSpec.MaxDepth) + Repeated("2:relu,", 3_000_000) + "2" + Repeated(")", ResidualSpec.MaxDepth), "more than 50,000 layers"),
        ["an activation of 20 MB"] = () => Text(text => Activation.Parse(text), $"elu({Repeated("1,", 10_000_000)}1)", "is not an activation"),
        ["an initializer of 20 MB"] = () => Text(text => Initializer.Parse(text), $"normal({Repeated("1,", 10_000_000)}1)", "is not an initializer"),
        ["a loss of 20 MB"] = () => Text(text => Loss.Parse(text), $"huber({Repeated("1,", 10_000_000)}1)", "is not a loss"),
        ["a spec in JSON with 10,000,000 numbers that nobody asked for"] = () => SpecJson($"{{\"inputs\":2,\"layers\":[{{\"type\":\"layernorm\"}}],\"more\":[{Repeated("0,", 10_000_000)}0]}}", "more than 50,000 layers"),
        ["a spec in JSON with 490,000 names that nobody asked for"] = () => SpecJson($"{{\"inputs\":2,\"layers\":[{{\"type\":\"layernorm\"}}]{string.Concat(Enumerable.Range(0, 490_000).Select(i => $",\"{i}\":0"))}}}", "The key '0' of the network"),
        ["a spec in JSON with a name of 40 MB"] = () => SpecJson($"{{\"inputs\":2,\"layers\":[],\"{new string('x', 40_000_000)}\":0}}", "The key 'xxx"),
        ["a spec in JSON of 500,000 layers"] = () => SpecJson($"{{\"inputs\":2,\"layers\":[{Repeated("{\"type\":\"layernorm\"},", 500_000)}{{\"type\":\"layernorm\"}}]}}", "more than 50,000 layers"),
        ["a spec in JSON of as many layers as may be"] = () => SpecJson(NetworkSpec.Of(1, [.. Enumerable.Repeat<LayerSpec>(new DenseSpec(1, Activation.LeakyReLU()) { L1 = 0.5, L2 = 0.25, MaxNorm = 3 }, NetworkSpec.MaxLayersRead)]).ToJson()),
        ["a spec in JSON with a type of 40 MB"] = () => SpecJson($"{{\"inputs\":2,\"layers\":[{{\"type\":\"{new string('x', 40_000_000)}\"}}]}}", "longer than"),
        ["a model with 5,000,000 class names"] = () => Model(5, 0, "do not fit", ("simdnet.class_names", $"[{Repeated("\"\",", 5_000_000)}\"\"]")),
        ["a model with class names of 40 MB"] = () => Model(8, 0, null, ("simdnet.class_names", $"[\"{new string('a', 20_000_000)}\",\"{new string('b', 20_000_000)}\"]")),
        ["a model with 10,000,000 frozen layers"] = () => Model(5, 0, "no place of a layer", ("simdnet.frozen_layers", Repeated("0,", 10_000_000))),
        ["a model with a version of 20 MB"] = () => Model(5, 0, "format version", ("simdnet.version", new string('1', 20_000_000))),
        ["a model with a layer of 20 MB"] = () => Model(5, 0, "longer than", ("simdnet.spec", $"{{\"inputs\":2,\"layers\":[{{\"type\":\"{new string('x', 20_000_000)}\"}}]}}")),
        ["a model with a scaler of 10,000,000 numbers"] = () => Model(5, 10_000_000, "10000001 columns", ("simdnet.input_scaler", $"{{\"kind\":\"max\",\"offsets\":[{Repeated("0,", 10_000_000)}0],\"divisors\":[{Repeated("1,", 10_000_000)}1]}}")),
        ["a tensor with a name of 40 MB"] = () => Times(5, Safetensors($"{{\"{new string('x', 40_000_000)}\":{{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}}}", 4), bytes => ModelFile.Load<float>(Bounded(bytes)), "no network"),
        ["a checkpoint with an optimizer of 20 MB"] = () => Checkpoint("optimizer", $"sgd({Repeated("0,", 10_000_000)}0)", "its optimizer"),
        ["a checkpoint with a loss of 20 MB"] = () => Checkpoint("loss", $"huber({Repeated("1,", 10_000_000)}1)", "its loss"),
        ["a checkpoint with 10,000,000 class weights"] = () => Checkpoint("class-weights", $"{Repeated("1,", 10_000_000)}1", "contradicts itself"),
        ["csv of digits as double"] = () => Csv("a,y\n", Repeated("0,0\n", 4_000_000), 8_000_000),
        ["csv of wide rows of digits"] = () => Csv("", Repeated(Repeated("0,", 9_999) + "0\n", 800), 8_000_000, new() { HasHeader = false }),
        ["csv of targets that all differ"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"0,.{i}\n")), 3_000_000),
        ["csv of labels that all differ"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"0,{i}\n")), 3_000_000),
        ["csv of labels that all differ, as classes"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"0,{i}\n")), 3_000_000, new() { Labels = CsvLabels.Classes }),
        ["csv of names that all differ"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"0,n{i}\n")), 3_000_000, new(), "names of classes"),
        ["csv of as many names as may be"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 1_500_000).Select(i => $"0,n{i % 100_000}\n")), 3_000_000),
        ["csv of names of half a megabyte"] = () => Csv("a,y\n", string.Concat(Enumerable.Range(0, 40).Select(i => $"0,{new string((char)('A' + i), 500_000)}\n")), 80),
        ["csv of empty lines"] = () => Csv("", Repeated("\n", 16_000_000), 0, new(), "is empty"),
        ["csv with columns of long names"] = () => Csv(string.Join(',', Enumerable.Range(0, 17_000).Select(i => $"c{i:D59}")) + "\n", Repeated("0,", 16_999) + "0\n", 17_000),
        ["csv inputs of digits as double"] = () => CsvInputs("a,b\n", Repeated("0,0\n", 4_000_000), 8_000_000),
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
            : error is SimdNetFormatException or FormatException && error.Message.Contains(found.Refusal, StringComparison.Ordinal) ? null
            : error.ToString();
    }

    private static Case TwiceTheFile(byte[] file, Action<byte[]> read, string? refusal = null) => new(file, read, 2L * file.Length, refusal);

    private static Case Times(int times, byte[] file, Action<byte[]> read, string? refusal = null) => new(file, read, (long)times * file.Length, refusal);

    private static string Repeated(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    /// <summary>A text that is not a file: twice its characters, which take a byte each there.</summary>
    private static Case Text(Action<string> read, string text, string? refusal) => new([], _ => read(text), 2L * text.Length, refusal);

    private static Case SpecText(string text, string? refusal = null) => Text(spec => NetworkSpec.Parse(spec), text, refusal);

    private static Case SpecJson(string text, string? refusal = null) => Text(spec => NetworkSpec.FromJson(spec), text, refusal);

    /// <summary>A model of 2 inputs and 1 output, with some of its metadata replaced: strings take five times the file, numbers eight bytes.</summary>
    private static Case Model(int times, long numbers, string? refusal, params (string Key, string Value)[] metadata)
    {
        using TemporaryFolder folder = new(inMemory: true);
        string path = folder.File("a");
        Network<double> network = NetworkSpec.Parse("2,1:sigmoid").Build<double>();
        Dictionary<string, string> texts = ModelFile.Describe(network);
        foreach ((string key, string value) in metadata)
        {
            texts[key] = value;
        }

        SafetensorsFile.Write(path, WeightBlocks.Of(network), texts);
        byte[] file = File.ReadAllBytes(path);
        return new(file, bytes => ModelFile.Load<double>(Bounded(bytes)), ((long)times * file.Length) + (2L * sizeof(double) * numbers), refusal);
    }

    private static Case Checkpoint(string name, string text, string refusal)
    {
        SafetensorsContents sound = SafetensorsFile.Read(Bounded(HostileReaders.Checkpoint(new Adam())));
        Dictionary<string, string> texts = new(sound.Metadata) { [CheckpointContents.TextPrefix + name] = text };
        SafetensorsContents contents = new(sound.Blocks, texts);

        // Read already: the text itself is not counted, a number of it takes eight bytes.
        return new(new byte[text.Length], _ => Trainer<float>.Of(new CheckpointContents(contents, Source), new()), 5L * text.Length, refusal);
    }

    /// <param name="header">The first line.</param>
    /// <param name="rows">The others.</param>
    /// <param name="numbers">How many fields they have.</param>
    /// <param name="options">How they are read; null for the usual ones.</param>
    /// <param name="refusal">Why they are not.</param>
    private static Case Csv(string header, string rows, long numbers, CsvOptions? options = null, string? refusal = null) =>
        OnDisk(header + rows, path => CsvFile.Read<double>(path, options), numbers, refusal);

    private static Case CsvInputs(string header, string rows, long numbers) => OnDisk(header + rows, path => CsvFile.ReadInputs<double>(path, 2), numbers, null);

    /// <summary>Numbers take eight bytes twice.</summary>
    private static Case OnDisk(string text, Action<string> read, long numbers, string? refusal)
    {
        byte[] file = Encoding.ASCII.GetBytes(text);
        return new(
            file,
            bytes =>
            {
                using TemporaryFolder folder = new(inMemory: true);
                read(folder.File("a.csv", bytes));
            },
            (2L * file.Length) + (2L * sizeof(double) * numbers),
            refusal);
    }

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

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Text.Json;

using SimdNet.Data;
using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.Tests.Data;
using SimdNet.Tests.Support;

using Xunit;
using Xunit.Abstractions;

namespace SimdNet.Tests.Files;

/// <summary>Whatever is in a file, a reader returns or throws the one documented exception, soon and in bounded memory.</summary>
public sealed class HostileFilesTests(ITestOutputHelper output) : IDisposable
{
    private const long FreeAllocation = 64L << 20;

    /// <summary>A hang, not a speed: a file of a few hundred bytes is read in microseconds, and a machine that is busy with something else may stop for a second.</summary>
    private const int MaxSeconds = 30;
    private static readonly int MutantCount =
        int.TryParse(Environment.GetEnvironmentVariable("SIMDNET_MUTANTS"), out int wanted) ? wanted
        : Environment.GetEnvironmentVariable("SIMDNET_LONG") == "1" ? 40_000_000
        : 4_000;

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Readers() => ["npy", "npz", "idx", "idx.gz", "safetensors", "text", "csv", "csv inputs", "dataset npz", "scaler", "model"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_truncation_is_refused_or_read(string name)
    {
        (Action<string> read, byte[][] seeds) = Reader(name);
        int refused = 0;
        int total = 0;
        foreach (byte[] seed in seeds)
        {
            read(_folder.File("file", seed));
            for (int length = 0; length < seed.Length; length++)
            {
                refused += Try(read, seed[..length]) ? 0 : 1;
                total++;
            }
        }

        output.WriteLine($"{name}: {refused} of {total} refused");

        // Only text may be sound when it is cut, between two numbers.
        bool isText = name is "text" or "csv" or "csv inputs";
        Assert.InRange(refused, isText ? 1 : total, total);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_mutant_is_refused_or_read(string name)
    {
        (Action<string> read, byte[][] seeds) = Reader(name);
        Random random = new(20 + name.Length);
        int refused = 0;
        for (int i = 0; i < MutantCount; i++)
        {
            refused += Try(read, Mutant.Of(seeds[i % seeds.Length], random)) ? 0 : 1;
        }

        output.WriteLine($"{name}: {refused} of {MutantCount} refused");

        // Mutants that all pass, or none, would test nothing.
        Assert.InRange(refused, MutantCount / 20, MutantCount - 1);
    }

    [Fact]
    public void Control_a_reader_that_believes_what_is_declared_is_caught() =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => TryAll(Reader("npy").Seeds, path =>
        {
            byte[] bytes = File.ReadAllBytes(path);
            string header = Encoding.Latin1.GetString(bytes);
            int open = header.IndexOf('(', StringComparison.Ordinal);
            int comma = header.IndexOf(',', open + 1);
            if (open < 0 || comma < 0 || !long.TryParse(header[(open + 1)..comma], out long rows) || rows < 0)
            {
                throw new SimdNetFormatException("no header");
            }

            GC.KeepAlive(new byte[Math.Min(rows * 8, 128L << 20)]);
        }));

    [Fact]
    public void Control_a_reader_without_the_check_of_UTF8_is_caught()
    {
        Exception caught = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => TryAll([SafetensorsFileTests.Safetensors("{\"größe\":{}}")], path =>
        {
            byte[] bytes = File.ReadAllBytes(path);
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(Math.Min(8, bytes.Length)));
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new SimdNetFormatException("no object");
                }

                foreach (JsonProperty property in document.RootElement.EnumerateObject())
                {
                    GC.KeepAlive(property.Name);
                }
            }
            catch (JsonException)
            {
                throw new SimdNetFormatException("no JSON");
            }
        }));
        Assert.Contains("UTF-8", caught.Message, StringComparison.Ordinal);
    }

    private void TryAll(byte[][] seeds, Action<string> read)
    {
        Random random = new(1);
        for (int i = 0; i < 4_000; i++)
        {
            Try(read, Mutant.Of(seeds[i % seeds.Length], random));
        }
    }

    /// <summary>Reads a file; true if it was taken, false if it was refused as it should be.</summary>
    private bool Try(Action<string> read, byte[] bytes)
    {
        string path = _folder.File("file", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Exception? error = Record.Exception(() => read(path));
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        string file = Convert.ToHexString(bytes);
        Assert.True(error is null or SimdNetFormatException, $"{error}\n{file}");
        Assert.True(allocated <= FreeAllocation + (2L * bytes.Length), $"{allocated} bytes for {file}");
        Assert.True(time.TotalSeconds < MaxSeconds, $"{time} for {file}");
        Assert.True(error is null || !error.Message.Any(char.IsControl), error?.Message);
        return error is null;
    }

    private static (Action<string> Read, byte[][] Seeds) Reader(string name) => name switch
    {
        "npy" => (path => NpyFile.Read(path), [Npy<double>(2, 3), Npy<byte>(4), Npy<int>(), FortranNpy()]),
        "npz" => (path => NpzFile.Read(path), Archives()),
        "dataset npz" => (path => Dataset.FromNpz<float>(path), Archives()),
        "idx" => (path => IdxFile.Read(path), [Idx]),
        "idx.gz" => (path => IdxFile.Read(path), [IdxFileTests.Gzip(Idx), IdxFileTests.Gzip(Idx, CompressionLevel.NoCompression)]),
        "safetensors" => (path => SafetensorsFile.Read(path), [Safetensors()]),
        "model" => (path => ModelFile.Load<float>(path), [Model<float>(), Model<double>()]),
        "text" => (path => TextWeights.Read<double>(path), [Encoding.UTF8.GetBytes("# w\n1.5 -2e-05\t3\n\n nan inf 1e+16 # end\n")]),
        "csv" => (path => CsvFile.Read<double>(path), [Encoding.UTF8.GetBytes("a,\"b\"\"c\",y\n1,2.5,0\n-3,\"4e1\",1\r\n5,6,2\n"), Encoding.UTF8.GetBytes("a,y\n1,x\n2,\"y\nz\"\n")]),
        "csv inputs" => (path => CsvFile.ReadInputs<float>(path, 2), [Encoding.UTF8.GetBytes("a,b,y\n1,2.5,0\n-3,4e1,1\n"), Encoding.UTF8.GetBytes("a,b\n1,2.5\n")]),
        "scaler" => (path => Scaler<double>.FromJson(File.ReadAllText(path)), [Encoding.UTF8.GetBytes(Scaler<double>.MinMax([0.1, 2, 3, -4e-7, 5, 6], 3).ToJson())]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static byte[] Idx => IdxFileTests.Idx(0x0B, [2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

    private static byte[] Npy<T>(params int[] shape)
        where T : unmanaged => Written(path => NpyFile.Write<T>(path, new T[shape.Aggregate(1, (a, b) => a * b)], shape));

    private static byte[] FortranNpy() => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(Npy<long>(2, 3)).Replace("False", "True ", StringComparison.Ordinal).Replace("<i8", ">i8", StringComparison.Ordinal));

    private static byte[][] Archives()
    {
        List<KeyValuePair<string, NpyArray>> arrays =
        [
            new("X", NpyArray.Create<float>([1, 2, 3, 4, 5, 6], 3, 2)),
            new("y", NpyArray.Create<long>([0, 1, 2], 3)),
        ];
        byte[] stored = Written(path => NpzFile.Write(path, arrays));
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, NpyArray array) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy", CompressionLevel.Optimal).Open();
                entry.Write(NpyHeader.Write(array.Type, array.Shape));
                entry.Write(array.Bytes);
            }
        }

        return [stored, stream.ToArray()];
    }

    private static byte[] Safetensors() => Written(path => SafetensorsFile.Write(
        path,
        [NamedBlock.Create<float>("W1", [1, 2, 3, 4], 2, 2), NamedBlock.Create<double>("b\u00fc", [5, 6], 2), NamedBlock.Create<float>("e", [], 0)],
        [new("spec", "{\"inputs\":2}"), new("loss", "mse")]));

    private static byte[] Model<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Written(path =>
        {
            Network<T> network = NetworkSpec.Input(2).Dense(2, Activation.LeakyReLU()).Dense(2, Activation.Softmax, useBias: false).Build<T>();
            network.InputScaler = Scaler<T>.Standard([T.Zero, T.One, T.One, T.Zero], 2);
            network.TargetScaler = Scaler<T>.Constant(3, 2);
            network.ClassNames = ["a", "ü"];
            network.Metadata["loss"] = "cross-entropy";
            network.Save(path);
        });

    private static byte[] Written(Action<string> write)
    {
        using TemporaryFolder folder = new(inMemory: true);
        string path = folder.File("a");
        write(path);
        return File.ReadAllBytes(path);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.IO;
using SimdNet.Tests.Data;
using SimdNet.Tests.Support;
using SimdNet.Tests.Support.Mutation;
using SimdNet.Training.Checkpoints;

namespace SimdNet.Tests.Files;

/// <summary>A reader, sound files that it reads, and what makes damaged ones of them.</summary>
internal sealed record HostileReader(Action<byte[]> Read, byte[][] Seeds, Func<Random, byte[]> Mutate) : IDisposable
{
    /// <summary>What it may throw.</summary>
    public Type Documented { get; init; } = typeof(SimdNetFormatException);

    /// <summary>Whether a beginning of a sound file may be one too.</summary>
    public bool IsText { get; init; }

    /// <summary>It is given one of so many mutants: more than one where it takes long, or stands on a reader that is given all.</summary>
    public int Share { get; init; } = 1;

    /// <summary>Where the files of a reader lie that knows paths alone.</summary>
    public TemporaryFolder? Folder { get; init; }

    public void Dispose() => Folder?.Dispose();
}

/// <summary>Every reader of the library.</summary>
internal static class HostileReaders
{
    private const string Source = "file";

    /// <summary>Made once: a checkpoint holds the time that its training took.</summary>
    private static readonly Lazy<byte[][]> Checkpoints = new(() => [Checkpoint(new Adam()), Checkpoint(new Lbfgs { History = 2 })]);

    public static readonly Dictionary<string, Func<HostileReader>> All = new()
    {
        ["npy"] = () => Binary(bytes => NpyFile.Read(Bounded(bytes)), NpySeeds(), seed => new NpyMutant(seed).Of),
        ["npz"] = () => Zip(bytes => NpzFile.Read(Memory(bytes), Source), Arrays()),
        ["npz import"] = () => Zip(ReadImport, Weights("0.weight", "0.bias", "2.weight", "2.bias"), Weights("arr_0", "arr_1", "arr_2", "arr_3"), Weights("a/kernel:0", "a/bias:0", "b/kernel:0", "b/bias:0")) with { Share = 8 },
        ["npz data"] = () => Zip(bytes => Dataset.OfArchive<double>(NpzFile.Read(Memory(bytes), Source), Source), Arrays()) with { Share = 4 },
        ["npy data"] = () => Binary(ReadNpyData, [Npy<double>(2, 3), Npy<byte>(2), Npy<float>(2, 2)], seed => new NpyMutant(seed).Of),
        ["idx data"] = IdxData,
        ["idx"] = () => new(bytes => IdxFile.Read(BoundedReader.OverFileOrGzip(Memory(bytes), Source)), [Idx], new IdxMutant(0x0B, [2, 3], Idx[12..]).Of),
        ["idx.gz"] = () => new(
            bytes => IdxFile.Read(BoundedReader.OverFileOrGzip(Memory(bytes), Source)),
            [IdxFileTests.Gzip(Idx), IdxFileTests.Gzip(Idx, CompressionLevel.NoCompression)],
            new GzipMutant(random => random.Next(2) == 0 ? Idx : new IdxMutant(0x0B, [2, 3], Idx[12..]).Of(random)).Of),
        ["safetensors"] = () => Binary(bytes => SafetensorsFile.Read(Bounded(bytes)), [Safetensors()], seed => new SafetensorsMutant(seed).Of),
        ["safetensors import"] = () => Binary(ReadSortedImport, [SortedWeights("fc", "out"), SortedWeights("0", "10")], seed => new SafetensorsMutant(seed).Of) with { Share = 4 },
        ["model"] = () => Binary(bytes => ModelFile.Load<float>(Bounded(bytes)), [Model<float>(), Model<double>()], seed => new SafetensorsMutant(seed).Of),
        ["resume"] = Resumed,
        ["checkpoint"] = () => Binary(ReadCheckpoint, Checkpoints.Value, seed => new SafetensorsMutant(seed).Of),
        ["text"] = () => Text(bytes => TextWeights.Read<double>(Bounded(bytes)), "# w\n1.5 -2e-05\t3\n\n nan inf 1e+16 # end\n"),
        ["text with a delimiter"] = () => Text(bytes => TextWeights.Read<double>(Bounded(bytes), new() { Delimiter = ';', Comments = "//", SkipRows = 1 }), "// w;\n1.5; -2e-05 ;3\n\n nan;inf;1e+16 // end\n"),
        ["csv"] = () => OnDisk(path => CsvFile.Read<double>(path), "a,\"b\"\"c\",y\n1,2.5,0\n-3,\"4e1\",1\r\n5,6,2\n", "a,y\n1,x\n2,\"y\nz\"\n"),
        ["csv inputs"] = () => OnDisk(path => CsvFile.ReadInputs<float>(path, 2), "a,b,y\n1,2.5,0\n-3,4e1,1\n", "a,b\n1,2.5\n"),
        ["scaler"] = () => Text(bytes => Scaler<double>.FromJson(Encoding.UTF8.GetString(bytes)), Scaler<double>.MinMax([0.1, 2, 3, -4e-7, 5, 6], 3).ToJson()) with { IsText = false },
        ["spec"] = () => Text(bytes => NetworkSpec.Parse(Encoding.UTF8.GetString(bytes)), Spec.ToString(), "784,128:relu,10:softmax") with { Documented = typeof(FormatException) },
        ["spec json"] = () => Text(bytes => NetworkSpec.FromJson(Encoding.UTF8.GetString(bytes)), Spec.ToJson()) with { Documented = typeof(FormatException), IsText = false },
    };

    /// <summary>Every kind of layer with every kind of number.</summary>
    private static NetworkSpec Spec => NetworkSpec.Parse(
        "3,4:leaky-relu(0.2):no-bias:kernel=uniform(-1,1):l2=0.01:max-norm=3,batchnorm,residual(5:elu(1.5),layernorm,4),dropout(0.25),tanh,2:softmax:bias=constant(0.5)");

    private static byte[] Idx => IdxFileTests.Idx(0x0B, [2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

    /// <summary>Sound NPY files: each order of bytes and of dimensions.</summary>
    public static byte[][] NpySeeds() => [Npy<double>(2, 3), Npy<byte>(4), Npy<int>(), FortranNpy()];

    /// <summary>A sound archive, stored or deflated.</summary>
    public static byte[] Archive(CompressionLevel level) => Archive(level, Arrays());

    /// <summary>A sound safetensors file.</summary>
    public static byte[] Safetensors() => Written(path => SafetensorsFile.Write(
        path,
        [NamedBlock.Create<float>("W1", [1, 2, 3, 4], 2, 2), NamedBlock.Create<double>("b\u00fc", [5, 6], 2), NamedBlock.Create<float>("e", [], 0)],
        [new("spec", "{\"inputs\":2}"), new("loss", "mse")]));

    /// <summary>A sound model with everything that a model file may hold.</summary>
    public static byte[] Model<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Written(path =>
        {
            Network<T> network = NetworkSpec.Input(2).Dense(2, Activation.LeakyReLU()).Dense(2, Activation.Softmax, useBias: false).Build<T>();
            network.InputScaler = Scaler<T>.Standard([T.Zero, T.One, T.One, T.Zero], 2);
            network.TargetScaler = Scaler<T>.Constant(3, 2);
            network.ClassNames = ["a", "ü"];
            network.Metadata["loss"] = "cross-entropy";
            network.Freeze(0);
            network.Save(path);
        });

    /// <summary>A sound checkpoint of a fit with a callback that remembers.</summary>
    public static byte[] Checkpoint(Optimizer optimizer)
    {
        using TemporaryFolder folder = new(inMemory: true);
        Network<float> network = NetworkSpec.Parse("2,2:tanh,dropout(0.5),1").Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, optimizer, new() { MaxBatch = 4, Schedule = optimizer is Adam ? LearningRateSchedule.Parse("step(2,0.5)") : null });
        Dataset<float> data = new(new float[] { 0, 1, 1, 0, 1, 1, 0, 0 }, 2, new float[] { 1, 1, 0, 0 }, 1);
        trainer.Fit(data, new() { Epochs = 2, BatchSize = FitOptions<float>.FullBatch, Validation = data, Callbacks = [new EarlyStopping<float>(1)], Checkpoint = new(folder.Path) });
        return File.ReadAllBytes(CheckpointFolder.List(folder.Path)[0].Path);
    }

    /// <summary>As a trainer resumes, but for the checksum: who writes a hostile file can count it.</summary>
    private static void ReadCheckpoint(byte[] bytes) => Resume(() => Trainer<float>.Of(new CheckpointContents(SafetensorsFile.Read(Bounded(bytes)), Source), new()));

    /// <summary>A trainer resumes by its folder: half of the damaged files have the checksum of what they say.</summary>
    private static HostileReader Resumed()
    {
        TemporaryFolder folder = new(inMemory: true);
        Func<Random, byte[]> mutate = MutantsOf(Checkpoints.Value, seed => new SafetensorsMutant(seed).Of);
        return new(Read, Checkpoints.Value, random => random.Next(2) == 0 ? mutate(random) : WithChecksum(mutate(random))) { Share = 20, Folder = folder };

        void Read(byte[] bytes)
        {
            string own = Directory.CreateDirectory(folder.File($"{Environment.CurrentManagedThreadId}")).FullName;
            File.WriteAllBytes(Path.Combine(own, "checkpoint-000001.safetensors"), bytes);
            Resume(() => Trainer<float>.Resume(own));
        }
    }

    private static byte[] WithChecksum(byte[] file)
    {
        try
        {
            CheckpointContents contents = new(SafetensorsFile.Read(Bounded(file)), Source);
            byte[] checksum = Encoding.UTF8.GetBytes(CheckpointFile.Checksum(contents));
            int at = file.AsSpan().IndexOf("sha256\":\""u8) + "sha256\":\"".Length;
            checksum.AsSpan().TryCopyTo(file.AsSpan(Math.Min(at, file.Length)));
        }
        catch (SimdNetFormatException)
        {
            // There is nothing to count.
        }

        return file;
    }

    private static void Resume(Action resume)
    {
        try
        {
            resume();
        }
        catch (ArgumentException refusal) when (refusal.GetType() == typeof(ArgumentException) && refusal.ParamName is null)
        {
            // The other precision, or a schedule that is a formula.
            throw new SimdNetFormatException(refusal.Message, Source);
        }
    }

    private static HostileReader Binary(Action<byte[]> read, byte[][] seeds, Func<byte[], Func<Random, byte[]>> mutantsOf) => new(read, seeds, MutantsOf(seeds, mutantsOf));

    private static Func<Random, byte[]> MutantsOf(byte[][] seeds, Func<byte[], Func<Random, byte[]>> mutantsOf)
    {
        Func<Random, byte[]>[] mutants = Array.ConvertAll(seeds, seed => mutantsOf(seed));
        return random => random.Next(4) == 0 ? ByteMutant.Of(seeds[random.Next(seeds.Length)], random) : mutants[random.Next(mutants.Length)](random);
    }

    private static void ReadImport(byte[] bytes) => Import(WeightImport.BlocksOf(NpzFile.Read(Memory(bytes), Source)), isSorted: false);

    private static void ReadSortedImport(byte[] bytes) => Import(SafetensorsFile.Read(Bounded(bytes)).Blocks, isSorted: true);

    private static void Import(IReadOnlyList<NamedBlock> tensors, bool isSorted)
    {
        LayerSpec[] layers = [new DenseSpec(3, Activation.ReLU), new DenseSpec(1, Activation.Identity)];
        WeightImport.Of<double>(tensors, isSorted, layers, ImportSlot.Of(layers), new(), Source);
    }

    /// <summary>Two layers as PyTorch names them, in the order of the names: told apart by their shapes, or by their numbers.</summary>
    private static byte[] SortedWeights(string first, string second) => Written(path => SafetensorsFile.Write(
        path,
        [
            NamedBlock.Create<float>($"{first}.bias", [1, 2, 3], 3), NamedBlock.Create<float>($"{first}.weight", [1, 2, 3, 4, 5, 6], 3, 2),
            NamedBlock.Create<float>($"{second}.bias", [7], 1), NamedBlock.Create<float>($"{second}.weight", [8, 9, 10], 1, 3),
        ]));

    /// <summary>A matrix is read as inputs, a vector as labels, each beside a sound other.</summary>
    private static void ReadNpyData(byte[] bytes)
    {
        NpyArray array = NpyFile.Read(Bounded(bytes));
        if (array.IsVector)
        {
            Dataset.Join<float>(NpyArray.Create<double>([1, 2, 3, 4], 2, 2), array);
        }
        else
        {
            Dataset.Join<float>(array, NpyArray.Create<int>([0, 1], 2));
        }
    }

    /// <inheritdoc cref="ReadNpyData"/>
    private static void ReadIdxData(byte[] bytes)
    {
        NpyArray array = IdxFile.Read(BoundedReader.OverFileOrGzip(Memory(bytes), Source));
        if (array.IsVector)
        {
            Dataset.OfImages<float>(NpyArray.Create<byte>([1, 2, 3, 4], 2, 2), array, Source);
        }
        else
        {
            Dataset.OfImages<float>(array, NpyArray.Create<byte>([0, 1], 2), Source);
        }
    }

    private static HostileReader IdxData()
    {
        IdxMutant images = new(8, [2, 3], [1, 2, 3, 4, 5, 6]);
        IdxMutant labels = new(8, [2], [0, 1]);
        byte[][] seeds = [IdxFileTests.Idx(8, [2, 3], [1, 2, 3, 4, 5, 6]), IdxFileTests.Idx(8, [2], [0, 1])];
        return new(ReadIdxData, seeds, random => (random.Next(2) == 0 ? images : labels).Of(random)) { Share = 4 };
    }

    private static HostileReader Zip(Action<byte[]> read, params (string Name, byte[] Array)[][] archives)
    {
        byte[][] seeds = [.. archives.Select(arrays => Archive(CompressionLevel.NoCompression, arrays)), .. archives.Select(arrays => Archive(CompressionLevel.Optimal, arrays))];
        ZipMutant[] mutants = Array.ConvertAll(archives, arrays => new ZipMutant(arrays));
        return new(read, seeds, random => random.Next(4) == 0 ? ByteMutant.Of(seeds[random.Next(seeds.Length)], random) : mutants[random.Next(mutants.Length)].Of(random));
    }

    private static byte[] Archive(CompressionLevel level, (string Name, byte[] Array)[] arrays)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] array) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy", level).Open();
                entry.Write(array);
            }
        }

        return stream.ToArray();
    }

    private static HostileReader Text(Action<byte[]> read, params string[] seeds)
    {
        TokenMutant[] mutants = Mutants(seeds);
        return new(read, Bytes(seeds), random => mutants[random.Next(mutants.Length)].BytesOf(random)) { IsText = true };
    }

    private static TokenMutant[] Mutants(string[] seeds) => Array.ConvertAll(seeds, seed => new TokenMutant(seed));

    private static byte[][] Bytes(string[] seeds) => Array.ConvertAll(seeds, Encoding.UTF8.GetBytes);

    /// <summary>A reader that knows paths alone: the file lies in memory all the same, where there is a file system for that.</summary>
    private static HostileReader OnDisk(Action<string> read, params string[] seeds)
    {
        TemporaryFolder folder = new(inMemory: true);
        TokenMutant[] mutants = Mutants(seeds);
        return new(bytes => read(folder.File($"{Environment.CurrentManagedThreadId}.csv", bytes)), Bytes(seeds), random => mutants[random.Next(mutants.Length)].BytesOf(random)) { IsText = true, Folder = folder };
    }

    private static (string Name, byte[] Array)[] Arrays() =>
    [
        ("X", Written(path => NpyFile.Write<float>(path, [1, 2, 3, 4, 5, 6], 3, 2))),
        ("y", Written(path => NpyFile.Write<long>(path, [0, 1, 2], 3))),
    ];

    /// <summary>Two layers of other libraries' networks, 2 inputs to 3 units to 1, under the names of their tensors; in Keras' layout where these have a kernel.</summary>
    private static (string Name, byte[] Array)[] Weights(params string[] names)
    {
        bool isKeras = names[0].Contains("kernel", StringComparison.Ordinal) || names[0] == "arr_0";
        int[][] shapes = [isKeras ? [2, 3] : [3, 2], [3], isKeras ? [3, 1] : [1, 3], [1]];
        return [.. names.Select((name, i) => (name, Npy<float>(shapes[i])))];
    }

    private static byte[] Npy<T>(params int[] shape)
        where T : unmanaged => Written(path => NpyFile.Write<T>(path, new T[shape.Aggregate(1, (a, b) => a * b)], shape));

    private static byte[] FortranNpy() => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(Npy<long>(2, 3)).Replace("False", "True ", StringComparison.Ordinal).Replace("<i8", ">i8", StringComparison.Ordinal));

    private static MemoryStream Memory(byte[] bytes) => new(bytes, writable: false);

    private static BoundedReader Bounded(byte[] bytes) => BoundedReader.Over(Memory(bytes), Source);

    private static byte[] Written(Action<string> write)
    {
        using TemporaryFolder folder = new(inMemory: true);
        string path = folder.File("a");
        write(path);
        return File.ReadAllBytes(path);
    }
}

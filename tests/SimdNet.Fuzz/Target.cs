using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

using SimdNet.Files;
using SimdNet.IO;
using SimdNet.Training.Checkpoints;

namespace SimdNet.Fuzz;

/// <summary>A reader of binary files and the sound files that fuzzing begins with.</summary>
/// <param name="Read">Reads a file that lies in memory.</param>
/// <param name="WriteSeeds">Writes sound files into a folder, a few hundred bytes each.</param>
internal sealed record Target(Action<byte[]> Read, Action<string> WriteSeeds)
{
    private const string Source = "file";

    public static readonly Dictionary<string, Target> All = new()
    {
        ["npy"] = new(bytes => NpyFile.Read(Bounded(bytes)), WriteNpy),
        ["npz"] = new(bytes => NpzFile.Read(Memory(bytes), Source), WriteNpz),
        ["idx"] = new(bytes => IdxFile.Read(BoundedReader.OverFileOrGzip(Memory(bytes), Source)), WriteIdx),
        ["safetensors"] = new(bytes => SafetensorsFile.Read(Bounded(bytes)), WriteSafetensors),
        ["model"] = new(bytes => ModelFile.Load<float>(Bounded(bytes)), WriteModels),
        ["checkpoint"] = new(ReadCheckpoint, WriteCheckpoint),
    };

    private static MemoryStream Memory(byte[] bytes) => new(bytes, writable: false);

    private static BoundedReader Bounded(byte[] bytes) => BoundedReader.Over(Memory(bytes), Source);

    private static void WriteNpy(string folder)
    {
        NpyFile.Write<double>(Path.Combine(folder, "matrix"), [1, 2, 3, 4, 5, 6], 2, 3);
        NpyFile.Write<byte>(Path.Combine(folder, "bytes"), [1, 2, 3], 3);
        NpyFile.Write<bool>(Path.Combine(folder, "number"), [true]);
    }

    private static void WriteNpz(string folder)
    {
        KeyValuePair<string, NpyArray>[] arrays = [new("X", NpyArray.Create<float>([1, 2, 3, 4], 2, 2)), new("y", NpyArray.Create<long>([0, 1], 2))];
        string stored = Path.Combine(folder, "stored");
        NpzFile.Write(stored, arrays);
        using ZipArchive source = ZipFile.OpenRead(stored);
        using ZipArchive deflated = ZipFile.Open(Path.Combine(folder, "deflated"), ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in source.Entries)
        {
            using Stream from = entry.Open();
            using Stream to = deflated.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
            from.CopyTo(to);
        }
    }

    private static void WriteIdx(string folder)
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];
        File.WriteAllBytes(Path.Combine(folder, "images"), images);
        File.WriteAllBytes(Path.Combine(folder, "numbers"), [0, 0, 0x0E, 1, 0, 0, 0, 1, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0]);
        using FileStream file = File.Create(Path.Combine(folder, "images.gz"));
        using GZipStream packed = new(file, CompressionLevel.SmallestSize);
        packed.Write(images);
    }

    private static void WriteSafetensors(string folder) => SafetensorsFile.Write(
        Path.Combine(folder, "tensors"),
        [NamedBlock.Create<float>("W1", [1, 2, 3, 4], 2, 2), NamedBlock.Create<double>("b1", [5, 6], 2), NamedBlock.Create<float>("e", [], 0)],
        [new("loss", "mse")]);

    private static void WriteModels(string folder)
    {
        Network<float> network = NetworkSpec.Input(2).Dense(2, Activation.LeakyReLU()).Dense(2, Activation.Softmax, useBias: false).Build<float>();
        network.InputScaler = Scaler<float>.Standard([0, 1, 1, 0], 2);
        network.ClassNames = ["a", "b"];
        network.Freeze(0);
        network.Save(Path.Combine(folder, "dense"));
        NetworkSpec.Parse("2,residual(2:elu(0.5),layernorm),batchnorm,dropout(0.5),1").Build<double>().Save(Path.Combine(folder, "residual"));
    }

    /// <summary>As a trainer resumes, but for the checksum, which no mutation would get past.</summary>
    private static void ReadCheckpoint(byte[] bytes)
    {
        try
        {
            Trainer<float>.Of(new CheckpointContents(SafetensorsFile.Read(Bounded(bytes)), Source), new());
        }
        catch (ArgumentException refusal) when (refusal.GetType() == typeof(ArgumentException) && refusal.ParamName is null)
        {
            // The other precision, or a schedule that is a formula.
            throw new SimdNetFormatException(refusal.Message, Source);
        }
    }

    private static void WriteCheckpoint(string folder)
    {
        Network<float> network = NetworkSpec.Parse("2,2:tanh,1").Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Adam());
        trainer.Fit(new(new float[] { 0, 1, 1, 0 }, 2, new float[] { 1, 0 }, 1), new() { Epochs = 1, Callbacks = [new EarlyStopping<float>(1) { Monitor = "loss" }], Checkpoint = new(folder) });
    }
}

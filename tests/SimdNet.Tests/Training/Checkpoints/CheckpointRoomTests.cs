using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Tests.Support.Mutation;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>What a checkpoint says of the rows of a batch is not worth memory: of a network that takes batches as a whole the room comes with them.</summary>
public sealed class CheckpointRoomTests : IDisposable
{
    /// <summary>About 80 bytes each in a workspace.</summary>
    private const int Rows = 4_000_000;

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_file_makes_no_room_for_millions_of_rows()
    {
        Trainer<float> trainer = Make(new() { MaxBatch = 64 });
        CheckpointContents contents = trainer.Checkpointed(new Dictionary<string, string>());
        contents.Set("max_batch", Rows);
        string path = _folder.File("checkpoint-000001.safetensors");
        CheckpointFile.Write(path, contents, DiskOperations.Instance);
        byte[] file = File.ReadAllBytes(path);
        Assert.Null(Fault(bytes => Trainer<float>.Of(new CheckpointContents(SafetensorsFile.Read(BoundedReader.Over(new MemoryStream(bytes), path)), path), new()), file));
        Assert.Null(Fault(_ => Trainer<float>.Resume(_folder.Path).Step(Data(64)), file));

        // Negative control: a trainer that believes such a number.
        Assert.Contains("allocates", Fault(_ => Make(new() { MaxBatch = Rows }), file), StringComparison.Ordinal);

        // What no trainer could have is refused as ever.
        contents.Set("max_batch", int.MaxValue - 1);
        CheckpointFile.Write(path, contents, DiskOperations.Instance);
        Assert.Contains("MaxBatch", Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Resume(_folder.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Batches of every size, in an order in which the room grows by a row and by many, with evaluations between them.</summary>
    [Fact]
    public void Room_that_comes_with_the_batches_changes_no_bit()
    {
        TrainerOptions options = new() { MaxBatch = 500 };
        Trainer<float> whole = Make(options);
        Make(options).SaveCheckpoint(_folder.Path);
        Trainer<float> resumed = Trainer<float>.Resume(_folder.Path);
        foreach (int rows in (int[])[2, 16, 17, 3, 40, 300, 299, 500])
        {
            Assert.Equal(whole.Step(Data(rows)), resumed.Step(Data(rows)));
            Assert.Equal(whole.Evaluate(Data(2 * rows)), resumed.Evaluate(Data(2 * rows)));
            Assert.Equal(whole.Fingerprint(), resumed.Fingerprint());
        }

        Assert.Contains("MaxBatch of 500", Assert.Throws<ArgumentException>(() => resumed.Step(Data(501))).Message, StringComparison.Ordinal);
    }

    private static string? Fault(Action<byte[]> read, byte[] file) => new MutantRun(read, _ => file, typeof(SimdNetFormatException)).FaultWith(file, out _);

    private static Trainer<float> Make(TrainerOptions options) => new(NetworkSpec.Parse("2,3,batchnorm,relu,2:softmax").Build<float>(), Loss.CrossEntropy, new Adam(), options);

    private static Dataset<float> Data(int rows) => new(Enumerable.Range(0, 2 * rows).Select(i => i % 11 * 0.1f).ToArray(), 2, Enumerable.Range(0, rows).Select(i => i % 2).ToArray());
}

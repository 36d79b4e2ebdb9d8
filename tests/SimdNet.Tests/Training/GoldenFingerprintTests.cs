using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>
/// Ten trainings end in the fingerprints of Golden/fingerprints.txt. Whoever trains again with a later version counts on these bits: a change of one is a breaking change, which
/// Golden/fingerprints.md lists. <c>SIMDNET_WRITE_GOLDEN=1</c> writes the file anew, and the test then fails, so that no run passes on numbers that it made.
/// </summary>
public sealed class GoldenFingerprintTests
{
    private const ulong Seed = 42;

    private static readonly string File = Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "fingerprints.txt");

    [FusedTheory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ten_trainings_end_in_their_fingerprints(int threads)
    {
        string[] trained = [.. Trainings(threads)];
        Assert.Equal(10, trained.Length);
        if (Environment.GetEnvironmentVariable("SIMDNET_WRITE_GOLDEN") == "1")
        {
            System.IO.File.WriteAllLines(File, trained);
            Assert.Fail($"{File} was written. Run again without SIMDNET_WRITE_GOLDEN, and list the change in fingerprints.md beside it.");
        }

        Assert.Equal(System.IO.File.ReadAllLines(File), trained);
    }

    /// <summary>Negative control: one bit of one choice makes another fingerprint.</summary>
    [Fact]
    public void Another_learning_rate_or_seed_is_another_fingerprint()
    {
        SeededTraining training = new("4,5:tanh,2:identity", Loss.MeanSquaredError, new Sgd { LearningRate = 0.125 }, 10, 1);
        string fingerprint = training.Fingerprint<double>(1);
        Assert.NotEqual(fingerprint, training.Fingerprint<double>(2));
        Assert.NotEqual(fingerprint, (training with { Optimizer = new Sgd { LearningRate = double.BitIncrement(0.125) } }).Fingerprint<double>(1));
    }

    private static IEnumerable<string> Trainings(int threads)
    {
        using WorkerTeam? team = threads > 1 ? new(threads) : null;
        using WorkerTeam two = new(2);
        yield return Line<float>("float, single steps", new("4,8:tanh,1:identity", Loss.HalfSquaredError, new Sgd(), 50, 0), team);
        yield return Line<double>("double, single steps", new("2,8:sigmoid,1:sigmoid", Loss.BinaryCrossEntropy, new Adam(), 50, 0), team);
        yield return Line<float>("float, batches of one", new("30,65:relu,33:tanh,10:softmax", Loss.CrossEntropy, new Sgd { Momentum = 0.9 }, 50, 1), team);
        yield return Line<double>("double, batches of one", new("9,17:leaky-relu(0.1),4:identity", Loss.MeanSquaredError, new Sgd { WeightDecay = 1e-3 }, 50, 1), team);
        yield return Line<float>("float, batches of 32", new("64,128:relu,10:softmax", Loss.CrossEntropy, new Adam(), 150, 32), team);
        yield return Line<double>("double, batches of 32", new("64,40:tanh,10:softmax", Loss.CrossEntropy, new Sgd { Momentum = 0.9, Nesterov = true }, 150, 32), team);
        yield return Line<float>("float, batches of 64 on two threads", new("784,128:relu,10:softmax", Loss.CrossEntropy, new Sgd { Momentum = 0.9, WeightDecay = 1e-4 }, 160, 64), two);
        yield return Line<float>("float, a full batch in shards", new("5,12:tanh,3:identity", Loss.MeanSquaredError, new Adam { WeightDecay = 1e-3 }, 9000, 9000), team);
        yield return Line<double>("double, a full batch in shards", new("5,12:sigmoid,3:sigmoid", Loss.BinaryCrossEntropy, new Sgd(), 9000, 9000), team);
        yield return Line<float>("float, a full batch", new("40,60:leaky-relu(0.2),7:identity", Loss.HalfSquaredError, new Sgd { LearningRate = 1e-3 }, 97, 97), team);
    }

    private static string Line<T>(string name, SeededTraining training, WorkerTeam? team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => $"{training.Fingerprint<T>(Seed, team)}  {name}";
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Every activation, layer, loss, optimizer, bound, penalty and schedule leaves the same bits with every kernel set and number of threads; the ways of training with what is fused are in <see cref="SameBitsMatrixTests"/>.</summary>
public sealed class SameBitsPartsTests
{
    /// <summary>Layers before the last, rows and batch: single steps, a batch whose products are cut by outputs, a full batch in shards.</summary>
    private static readonly (string Layers, int Rows, int Batch)[] Ways = [("7,19:{0}", 9, 0), ("60,128:{0},64:{0}", 64, 64), ("5,12:{0}", 2100, 2100)];

    private static readonly Dictionary<string, SeededTraining> All = Trainings().ToDictionary(training => training.Name, training => training.Training);

    public static TheoryData<string> Names => [.. All.Keys];

    [FusedTheory]
    [MemberData(nameof(Names))]
    public void Widths_and_threads_change_no_bit(string name)
    {
        SameBits<float>(All[name]);
        SameBits<double>(All[name]);
    }

    /// <summary>Negative control: each training is one of its own, so that a fingerprint sees what it is about. The divergence has the gradient of the cross-entropy.</summary>
    [Fact]
    public void Each_part_changes_bits()
    {
        string[] fingerprints = [.. All.Where(training => !training.Key.StartsWith("kl", StringComparison.Ordinal)).Select(training => training.Value.Fingerprint<float>(1))];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
        Assert.True(fingerprints.Length > 70, $"{fingerprints.Length} trainings");
    }

    private static IEnumerable<(string Name, SeededTraining Training)> Trainings()
    {
        foreach (string activation in (string[])["elu(0.5)", "selu", "gelu", "gelu-tanh", "silu", "mish", "softplus", "softsign", "hard-sigmoid", "softmax", "log-softmax"])
        {
            foreach ((string layers, int rows, int batch) in Ways)
            {
                yield return ($"{activation}, {(batch == 0 ? "single steps" : $"batches of {batch}")}", new(string.Format(System.Globalization.CultureInfo.InvariantCulture, layers, activation) + ",3", Loss.MeanSquaredError, new Adam(), rows, batch));
            }
        }

        // Batch normalization takes a batch as a whole: no shards, and no single steps.
        foreach ((string spec, int rows, int batch) in ((string, int, int)[])
        [
            ("60,dropout(0.2),128:relu,dropout(0.5),3:softmax", 64, 64), ("5,12:tanh,dropout(0.3),3:softmax", 2100, 2100), ("7,dropout(0.4),19:tanh,3:softmax", 9, 1),
            ("60,128,layernorm,relu,3:softmax", 64, 64), ("5,12:tanh,layernorm,3:softmax", 2100, 2100), ("7,19,layernorm,3:softmax", 9, 1),
            ("60,128,batchnorm,relu,3:softmax", 66, 32), ("5,12:softmax,batchnorm,3:softmax", 1000, 1000),
            ("60,128:relu,residual(64:silu,layernorm,128),3:softmax", 64, 64), ("5,12:tanh,residual(12:relu,residual(12:tanh),12),3:softmax", 2100, 2100), ("7,residual(19:relu,7),3:softmax", 9, 1),
        ])
        {
            yield return ($"{spec}, batches of {batch}", new(spec, Loss.CrossEntropy, new Sgd { LearningRate = 1e-2, Momentum = 0.9 }, rows, batch));
        }

        foreach ((Loss loss, string output) in ((Loss, string)[])
        [
            (Loss.MeanAbsoluteError, "tanh"), (Loss.Huber(0.3), "identity"), (Loss.Hinge, "tanh"), (Loss.Poisson, "identity"), (Loss.Poisson, "softplus"), (Loss.KullbackLeibler, "softmax"), (Loss.KullbackLeibler, "log-softmax"),
            (Loss.BinaryCrossEntropyWithLogits, "identity"), (Loss.BinaryCrossEntropy, "hard-sigmoid"), (Loss.BinaryCrossEntropy, "softmax"), (Loss.SmoothedCrossEntropy(0.1), "softmax"), (Loss.CrossEntropy, "log-softmax"),
            (Loss.CrossEntropy with { ClassWeights = ClassWeights.Create([1, 2, 0.5]) }, "softmax"),
        ])
        {
            string weights = loss.ClassWeights is null ? "" : " with weights of classes";
            yield return ($"{loss}{weights} behind {output}", new($"60,128:tanh,3:{output}", loss, new Adam(), 100, 64));
            yield return ($"{loss}{weights} behind {output}, in shards", new($"5,12:tanh,3:{output}", loss, new Adam(), 2100, 2100));
        }

        TrainerOptions[] bounds = [new() { ClipValue = 1e-3 }, new() { ClipNorm = 1e-2 }, new() { ClipGlobalNorm = 1e-2 }];
        foreach (TrainerOptions bound in bounds)
        {
            string name = $"clip {bound.ClipValue} {bound.ClipNorm} {bound.ClipGlobalNorm}";
            yield return (name, new("60,128:tanh,64:tanh,3", Loss.MeanSquaredError, new Sgd { LearningRate = 0.1, Momentum = 0.5 }, 100, 64) { Options = bound });
            yield return ($"{name}, in shards", new("5,12:tanh,3", Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 }, 2100, 2100) { Options = bound });
        }

        foreach (string schedule in (string[])["step(1,0.5)", "exponential(0.9)", "cosine(4)", "cosine-restarts(2,2)", "one-cycle(4)", "warmup(3)", "polynomial(4,2)", "plateau(1,0.5)"])
        {
            yield return (schedule, new("60,128:tanh,64:tanh,3", Loss.MeanSquaredError, new Adam(), 100, 64) { Options = new() { Schedule = LearningRateSchedule.Parse(schedule) } });
        }

        yield return ("single steps under a schedule", new("7,19:tanh,3", Loss.MeanSquaredError, new Sgd(), 9, 0) { Options = new() { Schedule = LearningRateSchedule.Cosine(18) } });
        yield return ("penalties", new("60,128:tanh:l1=0.001:l2=0.002,3:identity:l2=0.01", Loss.MeanSquaredError, new Adam(), 100, 64));
        yield return ("penalties in shards", new("5,12:tanh:l1=0.001:l2=0.002,3:identity:l2=0.01", Loss.MeanSquaredError, new Sgd(), 2100, 2100));
        yield return ("norms of units", new("60,128:tanh:max-norm=0.5,3:identity:max-norm=0.4", Loss.MeanSquaredError, new AdamW(), 100, 64));
        yield return ("all of them", new("60,128:l2=0.001,batchnorm,gelu,dropout(0.1),residual(64:mish:max-norm=1,128),3:softmax", Loss.SmoothedCrossEntropy(0.1), new NAdam(), 100, 50) { Options = new() { ClipGlobalNorm = 0.5, Schedule = LearningRateSchedule.Parse("warmup(2)+cosine(4)") } });
        yield return ("lbfgs", new("5,12:tanh,3:softmax", Loss.CrossEntropy, new Lbfgs(), 2100, 2100));
        yield return ("lbfgs of wide layers", new("60,128:tanh,64:tanh,3:softmax", Loss.CrossEntropy, new Lbfgs { WeightDecay = 0.01 }, 64, 64));
    }

    private static void SameBits<T>(SeededTraining training)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (ulong seed = 1; seed <= (ulong)Long.Count(1, 25); seed++)
        {
            Dataset<T> data = training.Data<T>(seed);
            string alone = training.Fingerprint(data, seed);
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                Same(alone, training.Fingerprint(data, seed, null, set), set.Name);

                // A thread changes nothing about a body: those over the narrower widths, much the slower, run alone.
                foreach (int threads in set.Name is "vector512" or "vector256" ? (int[])[2, 3, 4, 8] : [])
                {
                    using WorkerTeam team = new(threads);
                    Same(alone, training.Fingerprint(data, seed, team, set), $"{set.Name}, {threads} threads");
                }
            }

            void Same(string expected, string actual, string where) => Assert.True(expected == actual, $"{training} {training.Options}: other bits in {typeof(T).Name} at seed {seed}, {where}");
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Every way of training × optimizer × activation × loss leaves the same bits with every kernel set and number of threads.</summary>
public sealed class SameBitsMatrixTests
{
    private static readonly Optimizer[] Optimizers =
    [
        new Sgd { LearningRate = 1e-4 },
        new Sgd { LearningRate = 1e-4, Momentum = 0.9 },
        new Sgd { LearningRate = 1e-4, Momentum = 0.9, Nesterov = true },
        new Sgd { LearningRate = 1e-4, WeightDecay = 1e-3 },
        new Sgd { LearningRate = 1e-4, Momentum = 0.9, WeightDecay = 1e-3 },
        new Adam(),
        new Adam { WeightDecay = 1e-3 },
        new AdamW(),
        new NAdam(),
        new RmsProp { LearningRate = 1e-3 },
        new RmsProp { LearningRate = 1e-3, Momentum = 0.5, Centered = true },
        new Adagrad(),
        new Rprop(),
    ];

    /// <summary>Layers before the last, rows and batch: single steps, epochs of batches of one, batches whose products are cut by outputs, a full batch in shards.</summary>
    private static readonly (string Layers, int Rows, int Batch)[] Ways = [("7,19:{0}", 9, 0), ("7,19:{0}", 9, 1), ("100,128:{0},96:{0}", 100, 64), ("5,12:{0}", 2100, 2100)];

    public static TheoryData<string, string> Networks
    {
        get
        {
            TheoryData<string, string> networks = [];
            foreach (string activation in (ReadOnlySpan<string>)["identity", "sigmoid", "tanh", "relu", "leaky-relu(0.1)"])
            {
                foreach (string loss in (ReadOnlySpan<string>)["half-sse", "mse", "bce", "cross-entropy"])
                {
                    networks.Add(activation, loss);
                }
            }

            return networks;
        }
    }

    [FusedTheory]
    [MemberData(nameof(Networks))]
    public void Widths_and_threads_change_no_bit_in_float(string activation, string loss) => SameBits<float>(activation, loss);

    [FusedTheory]
    [MemberData(nameof(Networks))]
    public void Widths_and_threads_change_no_bit_in_double(string activation, string loss) => SameBits<double>(activation, loss);

    /// <summary>The products and the update of a batch are large enough to be cut for two threads, in both precisions.</summary>
    [Fact]
    public void The_batches_are_cut()
    {
        Network<float> network = NetworkSpec.Parse("100,128:tanh,96:tanh,3:identity").Build<float>();
        foreach (SimdNet.Model.Layers.Layer<float> layer in network.Layers[..2])
        {
            Assert.True(layer.Operations * Ways[2].Batch >= 2 * SimdNet.Training.Steps.LayerTeam<float>.LeastOperations, layer.Operations.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.True(network.ParameterBlock.Length >= 2 * SimdNet.Training.Steps.LayerTeam<float>.LeastElements);
    }

    /// <summary>The rows of the full batch are enough for shards, in both precisions: else it would be one more batch that is cut by outputs.</summary>
    [Fact]
    public void The_full_batch_has_shards()
    {
        NetworkSpec spec = NetworkSpec.Parse("5,12:tanh,3:identity");
        Assert.True(SimdNet.Training.Steps.Shards.Of(spec.Build<float>(), Ways[^1].Rows) > 1, "float");
        Assert.True(SimdNet.Training.Steps.Shards.Of(spec.Build<double>(), Ways[^1].Rows) > 1, "double");
    }

    /// <summary>Negative control: a neuron that learns by a dot product with as many partial sums as a vector has lanes has other bits at every width.</summary>
    [Fact]
    public void A_dot_product_whose_lanes_follow_the_width_is_seen()
    {
        int[] lanes = [16, 8, 4, 1];
        Assert.Equal(lanes.Length, lanes.Select(Learn).Distinct().Count());

        static string Learn(int lanes)
        {
            Random random = new(3);
            Network<float> network = NetworkSpec.Parse("200,1:identity").Build<float>(3);
            Span<float> weights = network.GetParameter("W1");
            Span<float> sums = stackalloc float[16];
            for (int step = 0; step < 10; step++)
            {
                float[] x = [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle() - 0.5f)];
                sums.Clear();
                for (int i = 0; i < x.Length; i++)
                {
                    sums[i % lanes] = MathF.FusedMultiplyAdd(x[i], weights[i], sums[i % lanes]);
                }

                float error = -1;
                for (int lane = 0; lane < lanes; lane++)
                {
                    error += sums[lane];
                }

                network.Kernels.AddScaled(-0.01f * error, x, weights);
            }

            return network.Fingerprint();
        }
    }

    private static void SameBits<T>(string activation, string lossName)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Loss loss = Loss.Parse(lossName);
        string output = lossName switch { "bce" => "sigmoid", "cross-entropy" => "softmax", "mse" => "identity", _ => activation };
        using WorkerTeam two = new(2);
        using WorkerTeam three = new(3);
        using WorkerTeam four = new(4);
        using WorkerTeam eight = new(8);
        WorkerTeam[] teams = [two, three, four, eight];
        IReadOnlyList<KernelSet<T>> sets = KernelSets.Supported<T>();
        foreach ((string layers, int rows, int batch) in Ways)
        {
            string network = string.Format(System.Globalization.CultureInfo.InvariantCulture, layers, activation) + ",3:" + output;
            for (int index = 0; index < Optimizers.Length; index++)
            {
                SeededTraining training = new(network, loss, Optimizers[index], rows, batch);
                for (ulong seed = 1; seed <= (ulong)Long.Count(2, 50); seed++)
                {
                    // Every optimizer with the first two seeds, then one in turn: each of them with all would take hours.
                    if (seed > 2 && (int)(seed % (ulong)Optimizers.Length) != index)
                    {
                        continue;
                    }

                    Dataset<T> data = training.Data<T>(seed);
                    string alone = training.Fingerprint(data, seed);
                    for (int set = 0; set < sets.Count; set++)
                    {
                        // A thread changes nothing about a body: those over Vector128 and Vector<T> and the scalar ones, much the slower, run alone, and with other seeds than the first in turn.
                        bool isWide = sets[set].Name is "vector512" or "vector256";
                        if (isWide || seed == 1 || (int)(seed % 3) == set % 3)
                        {
                            Same(alone, training.Fingerprint(data, seed, null, sets[set]), training, $"seed {seed}, {sets[set].Name}");
                        }

                        // Every size at both widths with the first seed, then at one of the two in turn.
                        for (int team = 0; isWide && team < teams.Length; team++)
                        {
                            if (seed == 1 || team == 0 || (int)(seed % 2) == (set + team) % 2)
                            {
                                Same(alone, training.Fingerprint(data, seed, teams[team], sets[set]), training, $"seed {seed}, {sets[set].Name}, {teams[team].Size} threads");
                            }
                        }
                    }
                }
            }
        }
    }

    private static void Same(string expected, string actual, SeededTraining training, string where) =>
        Assert.True(expected == actual, $"{training}: other bits at {where}");
}

using System;
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
    ];

    /// <summary>Layers before the last, rows and batch: single steps, epochs of batches of one, batches whose products are cut by outputs, a full batch in shards.</summary>
    private static readonly (string Layers, int Rows, int Batch)[] Ways = [("7,19:{0}", 9, 0), ("7,19:{0}", 9, 1), ("40,96:{0},33:{0}", 150, 64), ("5,12:{0}", 2500, 2500)];

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
        foreach ((string layers, int rows, int batch) in Ways)
        {
            string network = string.Format(System.Globalization.CultureInfo.InvariantCulture, layers, activation) + ",3:" + output;
            foreach (Optimizer optimizer in Optimizers)
            {
                SeededTraining training = new(network, loss, optimizer, rows, batch);
                for (ulong seed = 1; seed <= (ulong)Long.Count(2, 50); seed++)
                {
                    string alone = training.Fingerprint<T>(seed);
                    foreach (KernelSet<T> kernels in KernelSets.Supported<T>())
                    {
                        // Scalar bodies and those over Vector128 and Vector<T> are much the slower ones, and a thread changes nothing about a body: they run alone.
                        Same(alone, training.Fingerprint(seed, null, kernels), training, $"seed {seed}, {kernels.Name}");
                        if (kernels.Name is "vector512" or "vector256")
                        {
                            Same(alone, training.Fingerprint(seed, two, kernels), training, $"seed {seed}, {kernels.Name}, 2 threads");
                        }
                    }

                    foreach (WorkerTeam team in (WorkerTeam[])[three, four, eight])
                    {
                        Same(alone, training.Fingerprint<T>(seed, team), training, $"seed {seed}, {team.Size} threads");
                    }
                }
            }
        }
    }

    private static void Same(string expected, string actual, SeededTraining training, string where) =>
        Assert.True(expected == actual, $"{training}: other bits at {where}");
}

using System;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.Inference;
using SimdNet.Model;

using Xunit;

namespace SimdNet.Tests.Inference;

/// <summary>A team predicts the bits that one thread predicts, for any number of callers at once.</summary>
[Trait("Suite", "Isa")]
public sealed class PredictorTeamTests
{
    public static TheoryData<string, int> Shapes => new()
    {
        { "784,128:relu,10:softmax", 65 },
        { "784,128:relu,10:softmax", 700 },
        { "784,16:relu,10:softmax", 1001 },
        { "611,500:tanh,7:softmax", 37 },
        { "4,32:tanh,16:tanh,4:identity", 3_001 },
        { "40,300:sigmoid,200:leaky-relu(0.1),3:softmax", 90 },
        { "4,8:tanh,8:tanh,1:identity", 9_000 },
        { "200,1:sigmoid", 5_003 },
        { "30,20:tanh,2:identity", 5 },
        { "30,20:tanh,2:identity", 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Threads_change_no_bit_in_float(string network, int rows)
    {
        SameBits<float>(network, rows, new());
        SameBits<float>(network, rows, new() { Weights = WeightFormat.BFloat16 });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Threads_change_no_bit_in_double(string network, int rows) => SameBits<double>(network, rows, new());

    /// <summary>What makes it possible. The last of 65 rows is a tile of its own on one thread, and two rows are one tile.</summary>
    [Theory]
    [InlineData("13000,3:tanh", 65)]
    [InlineData("784,128:relu,10:softmax", 129)]
    public void A_row_has_the_bits_that_it_has_beside_any_others(string text, int rows)
    {
        Network<float> network = NetworkSpec.Parse(text).Build<float>(5);
        float[] x = Values<float>(rows * network.Inputs);
        ReadOnlySpan<float> expected = network.Predict(x);
        ReadOnlySpan<float> last = expected[^network.Outputs..];
        Assert.Equal(last, network.Predict(x.AsSpan((rows - 2) * network.Inputs)).AsSpan(network.Outputs));

        // Negative control: a row alone is a call of its own, with another order of arithmetic. A part that took it for one would be seen.
        bool differs = false;
        for (int row = 0; row < rows; row++)
        {
            differs |= !expected.Slice(row * network.Outputs, network.Outputs).SequenceEqual(network.Predict(x.AsSpan(row * network.Inputs, network.Inputs)));
        }

        Assert.True(differs);
    }

    /// <summary>A team that did nothing would predict the same bits.</summary>
    [Theory]
    [InlineData("784,128:relu,10:softmax", 128, true)]
    [InlineData("4,8:tanh,8:tanh,1:identity", 9_000, true)]
    [InlineData("4,8:tanh,8:tanh,1:identity", 32, false)]
    [InlineData("13000,512:tanh,3:softmax", 3, false)]
    public void Work_that_is_large_enough_is_shared(string text, int rows, bool isShared)
    {
        Network<float> network = NetworkSpec.Parse(text).Build<float>(5);
        using WorkerTeam team = new(2);
        PackedWeights<float> packed = new(network, bfloat16: false);
        float[] outputs = new float[rows * network.Outputs];
        Assert.Equal(isShared, new PredictionTeam<float>(network, packed, team).TryRun(new(network, packed), rows, Values<float>(rows * network.Inputs), outputs));
        Assert.Equal(isShared, Array.Exists(outputs, output => output != 0));
    }

    [Fact]
    public void Eight_threads_with_one_team_get_the_serial_bits()
    {
        Network<float> network = Network<float>("100,128:tanh,10:softmax");
        float[][] batches = [.. Enumerable.Range(40, 20).Select(rows => Values<float>(rows * network.Inputs))];
        float[][] expected = Array.ConvertAll(batches, batch => network.Predict(batch));
        using WorkerTeam team = new(2);
        Predictor<float> first = new(network, new() { Team = team });
        Predictor<float> second = new(network, new() { Team = team });
        Assert.Equal(0, Different(first, second));

        // Negative control: one of the two has another weight.
        network.GetParameter("W2")[3] += 1;
        Assert.NotEqual(0, Different(first, new(network, new() { Team = team })));

        int Different(Predictor<float> even, Predictor<float> odd)
        {
            int different = 0;
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
            {
                for (int i = 0; i < 300; i++)
                {
                    int batch = (i + (3 * t)) % batches.Length;
                    if (!(t % 2 == 0 ? even : odd).Predict(batches[batch]).AsSpan().SequenceEqual(expected[batch]))
                    {
                        Interlocked.Increment(ref different);
                    }
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            return different;
        }
    }

    [Fact]
    public void A_predictor_outlives_its_team()
    {
        Network<float> network = Network<float>("784,128:relu,10:softmax");
        float[] x = Values<float>(64 * 784);
        Predictor<float> predictor;
        using (WorkerTeam team = new(3))
        {
            predictor = new(network, new() { Team = team });
        }

        Assert.Equal(network.Predict(x), predictor.Predict(x));
    }

    [Fact]
    public void Options_are_those_of_a_trainer()
    {
        Assert.Equal((1, null), (new PredictorOptions().Threads, new PredictorOptions().Team));
        Assert.Equal(WorkerTeam.MaxSize, new PredictorOptions { Threads = WorkerTeam.MaxSize }.Threads);
        foreach (int threads in (ReadOnlySpan<int>)[0, -1, WorkerTeam.MaxSize + 1])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new PredictorOptions { Threads = threads });
            Assert.Throws<ArgumentOutOfRangeException>(() => new TrainerOptions { Threads = threads });
        }
    }

    private static void SameBits<T>(string text, int rows, PredictorOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = Network<T>(text);
        T[] x = Values<T>(rows * network.Inputs);
        T[] alone = new Predictor<T>(network, options).Predict(x);
        if (options.Weights == WeightFormat.Full)
        {
            Assert.Equal(network.Predict(x), alone);
        }

        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
        {
            using WorkerTeam team = new(threads);
            Assert.Equal(alone, new Predictor<T>(network, options with { Team = team }).Predict(x));
        }

        Assert.Equal(alone, new Predictor<T>(network, options with { Threads = 2 }).Predict(x));
    }

    private static Network<T> Network<T>(string text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = NetworkSpec.Parse(text).Build<T>(5);
        network.InputScaler = Scaler<T>.Constant(3, network.Inputs);
        network.TargetScaler = network.Spec.OutputActivation == Activation.Identity ? Scaler<T>.Constant(7, network.Outputs) : null;
        return network;
    }

    private static T[] Values<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? T.Zero : T.CreateTruncating((random.NextDouble() * 2) - 1))];
    }
}

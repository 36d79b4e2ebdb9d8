using System;
using System.Numerics;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Steps, epochs, evaluations and predictions allocate nothing after construction.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private static readonly Random Random = new(5);

    public static TheoryData<string, Optimizer, Loss, Activation> Trainings => new()
    {
        { "sgd", new Sgd(), Loss.CrossEntropy, Activation.Softmax },
        { "momentum", new Sgd { Momentum = 0.9, Nesterov = true }, Loss.BinaryCrossEntropy, Activation.Sigmoid },
        { "adam", new Adam(), Loss.MeanSquaredError, Activation.Tanh },
        { "adamw", new AdamW(), Loss.CrossEntropy, Activation.Softmax },
        { "nadam", new NAdam(), Loss.CrossEntropy, Activation.Softmax },
        { "rmsprop", new RmsProp { Momentum = 0.5, Centered = true }, Loss.CrossEntropy, Activation.Softmax },
        { "adagrad", new Adagrad(), Loss.CrossEntropy, Activation.Softmax },
        { "rprop", new Rprop(), Loss.CrossEntropy, Activation.Softmax },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Steps_evaluations_and_predictions_allocate_nothing(string name, Optimizer optimizer, Loss loss, Activation output)
    {
        Assert.NotNull(name);
        AllocatesNothing<float>(optimizer, loss, output, Long.Count(100_000, 1_000_000));
        AllocatesNothing<double>(optimizer, loss, output, Long.Count(10_000, 1_000_000));
    }

    private static void AllocatesNothing<T>(Optimizer optimizer, Loss loss, Activation output, int calls)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = NetworkSpec.Input(9).Dense(17, Activation.ReLU).Dense(6, Activation.Tanh).Dense(4, output).Build<T>();
        network.InputScaler = Scaler<T>.Constant(2, 9);
        Trainer<T> trainer = new(network, loss, optimizer);
        Dataset<T> data = new(Values<T>(40 * 9), 9, Values<T>(40 * 4), 4);
        Dataset<T> labelled = new(data.Inputs, 9, new int[40]);
        T[] x = Values<T>(9);
        T[] y = Values<T>(4);
        T[] outputs = new T[40 * 4];
        AssertNothing(() => trainer.Step(x, y), calls);
        AssertNothing(() => trainer.Step(x, 2), calls);
        AssertNothing(() => trainer.Step(data), calls / 50);
        AssertNothing(() => trainer.Step(labelled), calls / 50);
        AssertNothing(() => trainer.Evaluate(data), calls / 50);
        AssertNothing(() => trainer.LossAndGradient(data), calls / 50);
        Dataset<T> weighted = labelled.WithWeights(Values<T>(40));
        Trainer<T> balanced = new(network, loss with { ClassWeights = [1, 2, 0.5, 0] }, optimizer);
        AssertNothing(() => balanced.Step(weighted), calls / 50);
        AssertNothing(() => balanced.Evaluate(weighted), calls / 50);
        AssertNothing(() => balanced.Step(x, 2), calls / 50);
        AssertNothing(() => trainer.LossAndGradient(labelled), calls / 50);
        AssertNothing(() => network.Predict(x, outputs.AsSpan(0, 4)), calls);
        AssertNothing(() => network.Predict(data.Inputs.Span, outputs), calls / 50);
        AssertNothing(() => network.PredictClass(x), calls);
        Predictor<T> predictor = new(network);
        AssertNothing(() => predictor.Predict(x, outputs.AsSpan(0, 4)), calls);
        AssertNothing(() => predictor.PredictClass(x), calls);
        Predictor<T> wide = new(NetworkSpec.Input(9).Dense(40).Build<T>(), new() { Weights = typeof(T) == typeof(float) ? WeightFormat.BFloat16 : WeightFormat.Full });
        AssertNothing(() => wide.Predict(x, outputs.AsSpan(0, 40)), calls);
    }

    /// <summary>Plain descent has ways of its own, for samples and for batches.</summary>
    [Fact]
    public void Plain_steps_of_a_small_network_allocate_nothing()
    {
        PlainStepsAllocateNothing<float>();
        PlainStepsAllocateNothing<double>();
    }

    private static void PlainStepsAllocateNothing<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = NetworkSpec.Parse("9,8:tanh,4:softmax").Build<T>();
        Trainer<T> trainer = new(network, Loss.CrossEntropy, new Sgd { LearningRate = 1e-6 });
        T[] x = Values<T>(8 * 9);
        T[] y = Values<T>(8 * 4);
        int[] labels = new int[8];
        AssertNothing(() => trainer.Step(x, y), 10_000);
        AssertNothing(() => trainer.Step(x, labels), 10_000);
        AssertNothing(() => trainer.Step(x.AsSpan(0, 9), y.AsSpan(0, 4)), 10_000);
    }

    /// <summary>Every layer, by every way of a step that it takes.</summary>
    [Fact]
    public void Every_layer_steps_evaluates_and_predicts_without_allocation()
    {
        EveryLayerAllocatesNothing<float>();
        EveryLayerAllocatesNothing<double>();
    }

    private static void EveryLayerAllocatesNothing<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = NetworkSpec.Input(9).Dropout(0.1).Dense(12).BatchNorm().Activate(Activation.ReLU).Residual(block => block.LayerNorm().Dense(7, Activation.Custom(new SignedSquare())).Custom(new ParabolaLayer()).Dense(12)).Dense(8, Activation.Gelu).Dense(6, Activation.LogSoftmax).Dense(4, Activation.Softmax);
        Dataset<T> data = new(Values<T>(40 * 9), 9, Values<T>(40 * 4), 4);
        T[] outputs = new T[40 * 4];
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd { LearningRate = 1e-6 }, new Adam { LearningRate = 1e-6 }])
        {
            Network<T> network = spec.Build<T>();
            network.Freeze(1);
            Trainer<T> trainer = new(network, Loss.CrossEntropy, optimizer);
            AssertNothing(() => trainer.Step(data), 1_000);
            AssertNothing(() => trainer.Evaluate(data), 1_000);
            AssertNothing(() => network.Predict(data.Inputs.Span, outputs), 1_000);
            AssertNothing(() => network.Predict(data.Inputs.Span[..9], outputs.AsSpan(0, 4)), 1_000);
            Predictor<T> predictor = new(network);
            AssertNothing(() => predictor.Predict(data.Inputs.Span[..9], outputs.AsSpan(0, 4)), 1_000);
        }
    }

    /// <summary>By units and rows, updates and copies of rows in ranges; in shards; each with a tile's inputs scaled or not.</summary>
    [Theory]
    [InlineData("784,128:relu,10:softmax", 128, false)]
    [InlineData("784,128:relu,10:softmax", 128, true)]
    [InlineData("24,16:tanh,10:softmax", 4_000, false)]
    [InlineData("24,16:tanh,10:softmax", 4_000, true)]
    [InlineData("300,128:relu,layernorm,dropout(0.5),residual(128:tanh,128),10:softmax", 200, false)]
    [InlineData("300,128,batchnorm,relu,dropout(0.5),10:softmax", 200, true)]
    public void A_team_allocates_nothing_on_any_thread(string spec, int rows, bool scales)
    {
        using WorkerTeam team = new(2);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam(), new NAdam(), new RmsProp { Centered = true }])
        {
            Network<float> network = NetworkSpec.Parse(spec).Build<float>();
            network.InputScaler = scales ? Scaler<float>.Constant(2, network.Inputs) : null;
            Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer, new() { Team = team });
            Dataset<float> data = new(Values(rows * network.Inputs), network.Inputs, new int[rows]);
            int calls = Long.Count(50, 10_000);
            Assert.Equal((0, 0), Allocation.OfTeam(team, () => trainer.Step(data), calls));
            Assert.Equal((0, 0), Allocation.OfTeam(team, () => trainer.Evaluate(data), calls));
        }
    }

    /// <summary>Small enough for many steps, and large enough for two threads: products cut by units, and a batch of two shards.</summary>
    [Theory]
    [InlineData("64,112:relu,10:softmax", 64)]
    [InlineData("5,4:tanh,3:softmax", 1_028)]
    public void Many_steps_with_two_workers_allocate_nothing(string spec, int rows)
    {
        using WorkerTeam team = new(2);
        AllocatesNothing<float>(Long.Count(100_000, 1_000_000));
        AllocatesNothing<double>(Long.Count(2_000, 1_000_000));

        void AllocatesNothing<T>(int calls)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Network<T> network = NetworkSpec.Parse(spec).Build<T>();
            Trainer<T> trainer = new(network, Loss.CrossEntropy, new Sgd(), new() { Team = team });
            Dataset<T> data = new(Values<T>(rows * network.Inputs), network.Inputs, new int[rows]);
            Assert.Equal((0, 0), Allocation.OfTeam(team, () => trainer.Step(data), calls));
        }
    }

    /// <summary>Negative control: one object in many calls, on the worker's thread.</summary>
    [Fact]
    public void An_allocation_of_a_worker_is_noticed()
    {
        using WorkerTeam team = new(2);
        int call = 0;
        Assert.True(Allocation.OfTeam(team, () => Allocation.Run(team, ++call % 20 == 0), 200).Bytes >= 10 * 24);
        Assert.Equal((0, 0), Allocation.OfTeam(team, () => Allocation.Run(team, allocates: false), 200));
    }

    [Theory]
    [InlineData("784,128:relu,10:softmax", 128, false)]
    [InlineData("784,512:relu,128:relu,10:softmax", 100, true)]
    [InlineData("24,16:tanh,10:softmax", 4_000, true)]
    public void A_team_predicts_without_allocation_on_any_thread(string spec, int rows, bool scales)
    {
        using WorkerTeam team = new(2);
        Network<float> network = NetworkSpec.Parse(spec).Build<float>();
        network.InputScaler = scales ? Scaler<float>.Constant(2, network.Inputs) : null;
        Predictor<float> predictor = new(network, new() { Team = team });
        float[] x = Values(rows * network.Inputs);
        float[] outputs = new float[rows * network.Outputs];

        // Few calls at a time: what runs the tests allocates some dozen times a second.
        Assert.Equal(0, Allocation.OnAllThreads(() => predictor.Predict(x, outputs), 5));

        // Negative control: outputs in a new array.
        Assert.True(Allocation.OnAllThreads(() => predictor.Predict(x), 5) >= 5L * rows * network.Outputs * sizeof(float));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(FitOptions<float>.FullBatch, true)]
    public void Epochs_allocate_nothing(int batch, bool shuffle)
    {
        EpochsAllocateNothing<float>(batch, shuffle, 17, new Adam());
        EpochsAllocateNothing<double>(batch, shuffle, 17, new Adam());
    }

    [Theory]
    [InlineData(17)]
    [InlineData(70)]
    public void Epochs_of_single_steps_allocate_nothing(int units)
    {
        EpochsAllocateNothing<float>(1, shuffle: true, units, new Sgd());
        EpochsAllocateNothing<double>(1, shuffle: true, units, new Sgd());
    }

    private static void EpochsAllocateNothing<T>(int batch, bool shuffle, int units, Optimizer optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = NetworkSpec.Input(9).Dense(units, Activation.ReLU).Dense(4, Activation.Softmax).Build<T>();
        Trainer<T> trainer = new(network, Loss.CrossEntropy, optimizer);
        Dataset<T> data = new(Values<T>(40 * 9), 9, new int[40]);
        // The history grows with the epochs, before the first of them: what is left must not depend on their number.
        long few = Fit(1_000);
        long many = Fit(3_000);
        Assert.Equal(few, many);

        long Fit(int epochs)
        {
            trainer.Fit(data, Options(epochs));
            long first = 0;
            long last = 0;
            trainer.Fit(data, Options(epochs) with
            {
                Progress = progress =>
                {
                    last = GC.GetAllocatedBytesForCurrentThread();
                    first = progress is { Epoch: 1, EpochCompleted: true } ? last : first;
                },
            });
            return last - first;
        }

        FitOptions<T> Options(int epochs) => new() { Epochs = epochs, BatchSize = batch, Shuffle = shuffle, Validation = data };
    }

    /// <summary>A gradient where one is formed, and room for a copy of inputs where they are scaled.</summary>
    [Fact]
    public void Nothing_is_held_that_cannot_be_used()
    {
        Network<float> network = NetworkSpec.Parse("784,128:relu,10:softmax").Build<float>();
        long block = network.ParameterBlock.Length * sizeof(float);
        Optimizer plain = new Sgd();
        Optimizer momentum = new Sgd { Momentum = 0.9 };
        Assert.InRange(Trainer(momentum, 32) - Trainer(plain, 32), 2 * block, (2 * block) + 10_000);

        // The control: a batch of several tiles has a gradient with either.
        Assert.InRange(Trainer(momentum, 300) - Trainer(plain, 300), block, block + 10_000);

        long unscaled = Bytes(() => new Predictor<float>(network));
        network.InputScaler = Scaler<float>.Constant(2, 784);
        Assert.True(Bytes(() => new Predictor<float>(network)) - unscaled > 128 * 784 * sizeof(float));

        long Trainer(Optimizer optimizer, int maxBatch) => Bytes(() => new Trainer<float>(network, Loss.CrossEntropy, optimizer, new() { MaxBatch = maxBatch }));

        static long Bytes(Func<object> make)
        {
            make();
            long before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(make());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Bounds_of_the_gradient_allocate_nothing()
    {
        Network<float> network = NetworkSpec.Input(9).Dense(17, Activation.ReLU).Dense(4, Activation.Softmax).Build<float>();
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd(), new() { ClipValue = 0.1, ClipNorm = 0.1, ClipGlobalNorm = 0.1 });
        float[] x = Values(9);
        AssertNothing(() => trainer.Step(x, 2), Long.Count(10_000, 100_000));
    }

    [Fact]
    public void A_schedule_allocates_nothing()
    {
        Network<float> network = NetworkSpec.Input(9).Dense(17, Activation.ReLU).Dense(4, Activation.Softmax).Build<float>();
        float[] x = Values(9);
        foreach (string schedule in (string[])["step(10,0.5)", "exponential(0.999)", "cosine(1000)", "cosine-restarts(5,2)", "one-cycle(1000)", "warmup(100)+polynomial(1000,2)"])
        {
            Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd(), new() { Schedule = LearningRateSchedule.Parse(schedule) });
            AssertNothing(() => trainer.Step(x, 2), 5_000);
        }
    }

    [Fact]
    public void Penalties_and_limits_allocate_nothing()
    {
        Trainer<float> trainer = new(NetworkSpec.Parse("9,17:relu:l1=0.01:l2=0.1:max-norm=1,4:softmax:l2=0.1").Build<float>(), Loss.CrossEntropy, new Sgd());
        Dataset<float> data = new(Values(40 * 9), 9, new int[40]);
        float[] x = Values(9);
        AssertNothing(() => trainer.Step(x, 2), Long.Count(10_000, 100_000));
        AssertNothing(() => trainer.Step(data), 1_000);
        AssertNothing(() => trainer.Evaluate(data), 1_000);
    }

    /// <summary>Negative control: one object a row, made by a user's loss within a step, in either precision.</summary>
    [Fact]
    public void An_allocation_within_a_step_is_noticed()
    {
        Notices<float>();
        Notices<double>();

        static void Notices<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] x = Values<T>(9);
            T[] y = Values<T>(4);
            foreach ((Loss loss, bool allocates) in ((Loss, bool)[])[(new Wasteful(), true), (Loss.MeanSquaredError, false)])
            {
                Trainer<T> trainer = new(NetworkSpec.Parse("9,8:tanh,4").Build<T>(), loss, new Adam());
                Assert.Equal(allocates, Allocation.Of(() => trainer.Step(x, y), 1_000).Bytes >= 1_000 * 24);
            }
        }
    }

    [Fact]
    public void An_allocation_is_noticed()
    {
        object? kept = null;
        Assert.True(Allocation.Of(() => kept = new object(), 1_000).Bytes >= 24_000);
        Assert.NotNull(kept);
        Assert.True(Allocation.Of(() => System.Threading.Tasks.Parallel.For(0, 2, _ => { }), 1_000).Bytes > 0);
    }

    private static void AssertNothing(Action action, int calls) => Assert.Equal((0, 0), Allocation.Of(action, calls));

    private static float[] Values(int count) => Values<float>(count);

    private static T[] Values<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[count];
        foreach (ref T value in values.AsSpan())
        {
            value = T.CreateTruncating(Random.NextSingle());
        }

        return values;
    }

    /// <summary>The sum of squared errors, with an object that nobody needs.</summary>
    private sealed record Wasteful() : CustomLoss("wasteful")
    {
        private static object? Kept { get; set; }

        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            Kept = new object();
            T sum = T.Zero;
            for (int i = 0; i < output.Length; i++)
            {
                T error = output[i] - target[i];
                gradient[i] = error + error;
                sum += error * error;
            }

            return Kept is null ? T.Zero : sum;
        }
    }
}

using System;
using System.IO;
using System.Linq;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Numerics;
using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Readme;

/// <summary>Every C# block of the README stands in this file, letter by letter but for indentation: it compiles, and it does what the README says.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_block_of_the_README_is_compiled_here()
    {
        string source = Trimmed(File.ReadAllText(Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Readme", "ReadmeTests.cs")));
        string[] blocks = [.. CSharpBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match => Trimmed(match.Groups[1].Value))];
        Assert.Equal(20, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(InFolder(block), source, StringComparison.Ordinal));
    }

    [Fact]
    public void Digits()
    {
        Dataset<float> digits = Dataset.Digits<float>();
        Network<float> network = NetworkSpec.Input(64).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax).Build<float>(seed: 42);
        network.InputScaler = Scaler<float>.Constant(16, 64);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam { LearningRate = 1e-3 });
        History history = trainer.Fit(digits, new() { Epochs = 40, BatchSize = 32, ValidationSplit = 0.2 });
        network.Save(In("digits.safetensors"));
        Assert.True(history.Epochs[^1].ValidationAccuracy >= 0.97);
        float[] x = digits.Inputs[..64].ToArray();
        int label = digits.Labels.Span[0];
        float[] probabilities = new float[10];
        float loss = trainer.Step(x, label);
        network.Predict(x, probabilities);
        int predicted = network.PredictClass(x);
        Assert.Equal(label, predicted);
        Assert.InRange(loss, 0, 1);
        Assert.Equal(1, probabilities.Sum(), 1e-6f);
        Assert.Equal(label, ModelFile.Load<float>(In("digits.safetensors")).PredictClass(x));

        Dataset<float> part = digits.Take(100);
        float streamed = trainer.PartialFit(part);
        Assert.InRange(streamed, 0, 1);

        Predictor<float> predictor = new(network, new PredictorOptions { Weights = WeightFormat.BFloat16 });
        predictor.Predict(x, probabilities);
        Assert.Equal(1, probabilities.Sum(), 1e-6f);
        Assert.Equal(label, predictor.PredictClass(x));

        EarlyStopping<float> stopping = new(patience: 5) { RestoreBestWeights = true };
        TerminateOnNaN<float> guard = new(NonFinitePolicy.RollBack);
        history = trainer.Fit(digits, new() { Epochs = 100, ValidationSplit = 0.2, Callbacks = [stopping, guard, new ModelCheckpoint<float>(In("best.safetensors")), new CsvLogger<float>(In("log.csv"))] });
        string? reason = history.StopReason;
        Assert.Equal(stopping.BestEpoch, history.BestEpoch(EpochResult.ValidationLossName)?.Epoch);
        Assert.Equal(stopping.StoppedEpoch is not null, reason is not null);
        Assert.Equal(network.Fingerprint(), ModelFile.Load<float>(In("best.safetensors")).Fingerprint());

        FitOptions<float> options = new() { Epochs = 20, Checkpoint = new(In("run")) { EverySteps = 500 } };
        Trainer<float> resumable = Checkpoint.Exists(In("run")) ? Trainer<float>.Resume(In("run")) : new(network, Loss.CrossEntropy, new Adam());
        history = resumable.Fit(digits, options);
        Assert.Equal(history.Epochs, Trainer<float>.Resume(In("run")).Fit(digits, options).Epochs);
    }

    [Fact]
    public void Optimizers()
    {
        NetworkSpec spec = NetworkSpec.Parse("64,128:relu:l2=0.0001:max-norm=3,10:softmax");
        LearningRateSchedule schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(2_000));
        Trainer<float> careful = new(spec.Build<float>(), Loss.CrossEntropy, new AdamW { WeightDecay = 0.05 }, new() { Schedule = schedule, ClipGlobalNorm = 1 });
        careful.Network.InputScaler = Scaler<float>.Constant(16, 64);
        Assert.True(careful.Fit(Dataset.Digits<float>(), new() { Epochs = 10 }).Epochs[^1].Accuracy > 0.95);
    }

    [Fact]
    public void Layers()
    {
        Network<float> network = NetworkSpec.Parse("64,128,batchnorm,relu,dropout(0.2),residual(layernorm,64:relu,128),10:softmax").Build<float>(seed: 1);
        NetworkSpec spec = NetworkSpec.Input(64).Dense(128).BatchNorm().Activate(Activation.ReLU).Dropout(0.2)
            .Residual(block => block.LayerNorm().Dense(64, Activation.ReLU).Dense(128)).Dense(3, Activation.Softmax);
        Network<float> small = spec.Build<float>();
        small.CopyLayersFrom(network, 0, 1, 4);
        small.Freeze(0, 1);
        Trainer<float> trainer = new(small, Loss.CrossEntropy, new Adam(), new() { Seed = 7 });
        Assert.Contains(spec.ToString(), File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
        Dataset<float> digits = Dataset.Digits<float>();
        trainer.Step(digits.Inputs.Span[..(5 * 64)], [0, 1, 2, 1, 0]);
        Assert.Equal(network.GetParameter("W1").ToArray(), small.GetParameter("W1").ToArray());
        Assert.NotEqual(network.GetParameter("W2").ToArray(), small.GetParameter("W2").ToArray());
    }

    [Fact]
    public void Threads()
    {
        Network<float> network = NetworkSpec.Input(64).Dense(10, Activation.Softmax).Build<float>(seed: 42);
        Network<float> other = NetworkSpec.Input(64).Dense(10, Activation.Softmax).Build<float>(seed: 42);
        using WorkerTeam team = new(2);
        Trainer<float> first = new(network, Loss.CrossEntropy, new Sgd(), new() { Team = team });
        Trainer<float> second = new(other, Loss.CrossEntropy, new Adam(), new() { Team = team });
        Assert.Equal(network.Fingerprint(), other.Fingerprint());
        Assert.NotEqual(first.Fingerprint(), second.Fingerprint());

        float[] rows = new float[500 * 64];
        float[] outputs = new float[500 * 10];
        Array.Fill(rows, 0.5f);
        Predictor<float> predictor = new(network, new PredictorOptions { Threads = 2 });
        predictor.Predict(rows, outputs);
        Assert.Equal(network.Predict(rows), outputs);
    }

    [Fact]
    public void Checks_and_settings()
    {
        Dataset<float> digits = Dataset.Digits<float>().Take(300);
        Network<float> network = NetworkSpec.Input(64).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax).Build<float>(seed: 42);
        network.InputScaler = Scaler<float>.Constant(16, 64);

        GradientCheckReport report = GradientCheck.Run(network, Loss.CrossEntropy, digits.Take(4));
        Console.WriteLine(report);
        Assert.True(report.Passed, report.ToString());

        NetworkGenerator networks = new() { Losses = [new Quantile(0.9)], MaxUnits = 5 };
        Prop.ForAll(networks.Cases(), sample => GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>()).Failed == 0).QuickCheckThrowOnFailure();

        SearchSpace space = new SearchSpace().Choice("units", 16, 64).LogUniform("rate", 1e-4, 1e-1);
        SearchResult result = RandomSearch.Run(space, trials: 3, digits, values =>
            new TrainingSetup<float>(NetworkSpec.Input(64).Dense(values.Get<int>("units"), Activation.ReLU).Dense(10, Activation.Softmax))
            {
                Optimizer = new Adam { LearningRate = values.Get<double>("rate") },
                InputScaler = _ => Scaler<float>.Constant(16, 64),
                Fit = new() { Epochs = 3 },
            });
        Console.WriteLine(result);
        Assert.Equal(3, result.Trials.Count);
    }

    [Fact]
    public void Numbers()
    {
        ReadOnlySpan<float> x = [1, 2, 3, 4, 5, 6];
        ReadOnlySpan<float> weights = [0.5f, -1, 1, 0, 0, 1];
        Span<float> logits = stackalloc float[2 * 2];
        MatrixPrimitives.Multiply(2, 2, 3, x, weights, logits);
        float[] logSums = new float[2];
        MatrixPrimitives.LogSumExpRows(2, 2, logits, logSums);
        MatrixPrimitives.SoftmaxRows(2, 2, logits, logits);

        TensorSpan<float> table = new(logits, [2, 2]);
        VectorPrimitives.Log(table, table);
        float norm = VectorPrimitives.Norm(x);
        Assert.Equal(Math.Sqrt(91), norm, 1e-6);
        Assert.Equal(2.5 - logSums[0], logits[0], 1e-6);
        Assert.Equal(2 - logSums[1], logits[3], 1e-5);

        using WorkerTeam team = new(2);
        float[] square = new float[512 * 512];
        MatrixPrimitives.Multiply<float>(512, 512, 512, new float[512 * 512], new float[512 * 512], square, team);
        Assert.All(square, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Exam()
    {
        Dataset<double> exam = Dataset.Exam<double>();
        Network<double> network = NetworkSpec.Input(2)
            .Dense(3, Activation.Sigmoid, useBias: false, kernelInitializer: Initializer.Normal())
            .Dense(1, Activation.Sigmoid, useBias: false, kernelInitializer: Initializer.Normal()).Build<double>();
        network.InputScaler = Scaler<double>.ColumnMaximum(exam.Inputs.Span, 2);
        network.TargetScaler = Scaler<double>.Constant(100, 1);
        network.Fit(exam, Loss.HalfSquaredError, new Sgd { LearningRate = 1 }, new() { Epochs = 1_000, BatchSize = FitOptions<double>.FullBatch });
        double points = network.Predict([4, 8])[0];
        WeightFiles.SaveText(network, In("weights"));
        Assert.InRange(points, 80, 100);
        Assert.Equal(2, File.ReadAllLines(In("weights/w1.txt")).Length);
    }

    [Fact]
    public void Exclusive_or()
    {
        Dataset<double> xor = Dataset.Xor<double>();
        Network<double> network = NetworkSpec.Input(2)
            .Dense(2, Activation.Sigmoid, true, Initializer.Normal(), Initializer.Normal())
            .Dense(1, Activation.Sigmoid, true, Initializer.Normal(), Initializer.Normal()).Build<double>(seed: 3);
        network.Fit(xor, Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 }, new() { Epochs = 20_000, BatchSize = 1, Shuffle = false });
        Assert.Equal(1, network.Evaluate(xor).Accuracy);
    }

    [Fact]
    public void Npy_files()
    {
        NpyFile.Write<double>(In("X.npy"), [0, 0, 0, 1, 1, 0, 1, 1], 4, 2);
        NpyFile.Write<double>(In("y.npy"), [0, 1, 1, 0], 4, 1);

        Network<double> network = NetworkSpec.Input(2).Dense(3, Activation.Sigmoid).Dense(1, Activation.Sigmoid).Build<double>();
        network.Fit(Dataset.FromNpy<double>(In("X.npy"), In("y.npy")), Loss.BinaryCrossEntropy, new Sgd { LearningRate = 1 }, new() { Epochs = 5_000, BatchSize = FitOptions<double>.FullBatch });
        double[] probabilities = network.Predict([0, 0, 0, 1, 1, 0, 1, 1]);
        Assert.Equal([false, true, true, false], probabilities.Select(probability => probability > 0.5));
    }

    [Fact]
    public void Imported_weights()
    {
        File.Copy(Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "import", "keras.npz"), In("W.npz"));

        ImportedNetwork<float> imported = WeightImport.Load<float>(In("W.npz"), NetworkSpec.ParseLayers("6:relu,batchnorm,dropout(0.5),6:tanh,2"));
        Network<float> network = imported.Network;
        Assert.Equal(2, network.Outputs);
    }

    [FashionMnistFact]
    public void Digit_recogniser()
    {
        Dataset<float> images = Dataset.FromIdxFolder<float>("/usr/share/datasets/fashion-mnist", test: false).Take(42_000);
        Network<float> network = NetworkSpec.Input(784).Dense(16, Activation.ReLU).Dense(10, Activation.Softmax).Build<float>();
        network.InputScaler = Scaler<float>.Constant(255, 784);
        network.Fit(images, Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, new() { Epochs = 100, BatchSize = FitOptions<float>.FullBatch });
        Assert.True(network.Evaluate(images).Accuracy > 0.6);
    }

    /// <summary>As <see cref="CustomLoss"/> documents it.</summary>
    private sealed record Quantile(double Level) : CustomLoss("quantile", Level)
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            T level = T.CreateChecked(Level);
            T sum = T.Zero;
            for (int i = 0; i < output.Length; i++)
            {
                T error = target[i] - output[i];
                gradient[i] = error > T.Zero ? -level : T.One - level;
                sum -= gradient[i] * error;
            }

            return sum;
        }
    }

    /// <summary>File names of the README lie in a folder of their own here.</summary>
    private static string InFolder(string block) => FileName().Replace(block, "In($0)");

    private string In(string name) => Path.Combine(_folder.Path, name);

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim())).Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("\"(?:weights|run|\\w+\\.\\w+)\"")]
    private static partial Regex FileName();
}

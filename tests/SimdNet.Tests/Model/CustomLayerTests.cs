using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Model;

/// <summary>Users' own layers and activations in specs, texts, files, trainers and predictors. That their gradients are right is a part of the tests of all gradients.</summary>
public sealed class CustomLayerTests
{
    private static readonly NetworkSpec Spec = NetworkSpec.Input(4).Custom(new ParabolaLayer()).Dense(6, Activation.Custom(new SignedSquare(0.25))).Residual(block => block.Dense(5, Activation.Tanh).Custom(new ParabolaLayer()).Dense(6)).Activate(Activation.Custom(new SignedSquare())).Dense(2);

    [Fact]
    public void Text_and_json_name_them_and_a_registry_makes_them()
    {
        Assert.Equal("4,parabola,6:signed-square(0.25),residual(5:tanh,parabola,6),signed-square(0.5),2", Spec.ToString());
        Assert.Equal(Spec, NetworkSpec.Parse(Spec.ToString(), CustomParts.Registry));
        Assert.Equal(Spec, NetworkSpec.FromJson(Spec.ToJson(), CustomParts.Registry));
        Assert.NotEqual(Spec, NetworkSpec.Parse(Spec.ToString().Replace("0.25", "0.125", StringComparison.Ordinal), CustomParts.Registry));
        Assert.Contains("'parabola' is not a layer", Assert.Throws<FormatException>(() => NetworkSpec.Parse(Spec.ToString())).Message, StringComparison.Ordinal);
        Assert.Contains("LayerRegistry", Assert.Throws<FormatException>(() => NetworkSpec.FromJson(Spec.ToJson())).Message, StringComparison.Ordinal);
        Assert.Contains("numbers that do not fit", Assert.Throws<FormatException>(() => NetworkSpec.Parse("4,2:signed-square", CustomParts.Registry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void They_train_predict_and_come_back_from_files()
    {
        Network<float> network = Spec.Build<float>(7);
        Assert.Equal(["parabola1_slope", "parabola1_bend", "W1", "b1", "W2", "b2", "parabola2_slope", "parabola2_bend", "W3", "b3", "W4", "b4"], network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 4, 4], network.Parameters.Select(parameter => parameter.Layer));
        Random random = new(1);
        float[] x = [.. Enumerable.Range(0, 400).Select(_ => random.NextSingle() - 0.5f)];
        Dataset<float> data = new(x, 4, x.Chunk(4).SelectMany(row => new[] { row[0] * row[1], row[2] }).ToArray(), 2);
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Adam { LearningRate = 0.01 });
        History history = trainer.Fit(data, new() { Epochs = 60, BatchSize = 10 });
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss / 4, $"{history.Epochs[0].Loss} became {history.Epochs[^1].Loss}.");
        Assert.NotEqual(Spec.Build<float>(7).GetParameter("parabola2_bend").ToArray(), network.GetParameter("parabola2_bend").ToArray());
        using TemporaryFolder folder = new();
        network.Save(folder.File("m.safetensors"));
        WeightFiles.SaveText(network, folder.File("w"));
        WeightFiles.SaveNpz(network, folder.File("w.npz"));
        Network<float> loaded = ModelFile.Load<float>(folder.File("m.safetensors"), CustomParts.Registry);
        Assert.Equal(network.Predict(x), loaded.Predict(x));
        Assert.Equal(network.Predict(x), new Predictor<float>(loaded).Predict(x));
        foreach (Action<Network<float>> load in (Action<Network<float>>[])[target => WeightFiles.LoadNpz(target, folder.File("w.npz")), target => WeightFiles.LoadText(target, folder.File("w"))])
        {
            Network<float> other = Spec.Build<float>(8);
            load(other);
            Assert.Equal(network.Fingerprint(), other.Fingerprint());
        }

        Assert.Contains("LayerRegistry", Assert.Throws<SimdNetFormatException>(() => ModelFile.Load<float>(folder.File("m.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Contains("parabola 1", network.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_names_numbers_and_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LayerRegistry().AddLayer("Parabola", _ => new ParabolaLayer()));
        Assert.Throws<ArgumentException>(() => new LayerRegistry().AddLayer("relu", _ => new ParabolaLayer()));
        Assert.Throws<ArgumentException>(() => new LayerRegistry().AddLayer("dropout", _ => new ParabolaLayer()));
        Assert.Throws<ArgumentException>(() => new LayerRegistry().AddLayer("a", _ => new ParabolaLayer()).AddActivation("a", _ => new SignedSquare()));
        Assert.Throws<ArgumentException>(() => new SignedSquare(double.NaN));
        Assert.Throws<ArgumentException>(() => NetworkSpec.Input(2).Residual(block => block.Dense(3)));
        Assert.Throws<ArgumentException>(() => NetworkSpec.Input(2).Residual(block => block));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse("2,residual(3:relu,3),1"));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse("2,residual(),1"));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse($"2,{string.Concat(Enumerable.Repeat("residual(", 100_000))}2{new string(')', 100_000)}"));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse("2,dropout(1)"));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse("2,dropout"));
        Assert.Throws<FormatException>(() => NetworkSpec.Parse("2,layernorm(1)"));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkSpec.Input(2).Dropout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkSpec.Input(2).Dropout(double.NaN));
    }

    /// <summary>A model with one of these would be saved, and come back with the library's function in its place.</summary>
    [Theory]
    [InlineData("relu")]
    [InlineData("log-softmax")]
    [InlineData("dropout")]
    [InlineData("residual")]
    [InlineData("no-bias")]
    public void Names_of_the_library_are_refused(string name)
    {
        Assert.Contains("library's own", Assert.Throws<ArgumentException>(() => new NamedActivation(name)).Message, StringComparison.Ordinal);
        Assert.Contains("library's own", Assert.Throws<ArgumentException>(() => new NamedLayer(name)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LayerRegistry().AddActivation(name, _ => new SignedSquare()));
        Assert.Equal($"my-{name}", new NamedActivation($"my-{name}").Name);
        Assert.Equal($"my-{name}", new NamedLayer($"my-{name}").Name);
    }

    private sealed class NamedActivation(string name) : CustomActivation(name)
    {
        public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units) => x.CopyTo(y);

        public override void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units)
        {
        }
    }

    private sealed class NamedLayer(string name) : CustomLayer(name)
    {
        public override void Forward<T>(in LayerContext<T> context, ReadOnlySpan<T> input, Span<T> output) => input.CopyTo(output);

        public override void InputGradient<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}

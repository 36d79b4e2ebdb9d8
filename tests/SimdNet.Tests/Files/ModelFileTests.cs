using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using FsCheck.Xunit;

using SimdNet.Files;
using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Models and weights come back bit for bit, and what does not fit is refused with its reason.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(Arbitrary = [typeof(NetworkCases)], MaxTest = 200)]
    public void A_model_comes_back(NetworkCase sample)
    {
        using TemporaryFolder folder = new();
        RoundTrip(sample.Build<float>(), folder);
        RoundTrip(sample.Build<double>(), folder);
    }

    [Fact]
    public void Scaling_names_and_remarks_come_back()
    {
        Network<double> network = NetworkSpec.Input(2).Dense(3, Activation.Tanh).Dense(1, Activation.Sigmoid).Build<double>();
        network.InputScaler = Scaler<double>.Standard([1, 2, 3, 5, 8, 13], 2);
        network.TargetScaler = Scaler<double>.Constant(100, 1);
        network.ClassNames = ["no", "\"yes\" – ja"];
        network.Metadata["loss"] = "bce";
        network.Metadata["made by"] = "a test";
        network.Save(In("m.safetensors"));
        Network<double> loaded = ModelFile.Load<double>(In("m.safetensors"));
        Assert.Equal(network.Predict([3, 4]), loaded.Predict([3, 4]));
        Assert.Equal(network.InputScaler.ToJson(), loaded.InputScaler!.ToJson());
        Assert.Equal(network.TargetScaler.ToJson(), loaded.TargetScaler!.ToJson());
        Assert.Equal(network.ClassNames, loaded.ClassNames);
        Assert.Equal(network.Metadata.OrderBy(remark => remark.Key), loaded.Metadata.OrderBy(remark => remark.Key));
        ModelInfo info = ModelFile.ReadInfo(In("m.safetensors"));
        Assert.Equal(("float64", network.Spec, "bce"), (info.Precision, info.Spec, info.Metadata["loss"]));
    }

    [Fact]
    public void The_other_precision_is_rounded_or_widened()
    {
        Network<double> network = NetworkSpec.Input(4).Dense(5).Build<double>();
        network.Save(In("d.safetensors"));
        Assert.Equal(network.GetParameter("W1").ToArray().Select(value => (float)value), ModelFile.Load<float>(In("d.safetensors")).GetParameter("W1").ToArray());
        ModelFile.Load<float>(In("d.safetensors")).Save(In("f.safetensors"));
        Assert.Equal("float32", ModelFile.ReadInfo(In("f.safetensors")).Precision);
        Assert.Equal(network.GetParameter("W1").ToArray().Select(value => (double)(float)value), ModelFile.Load<double>(In("f.safetensors")).GetParameter("W1").ToArray());
    }

    [Fact]
    public void Files_that_are_no_model_are_refused_with_the_reason()
    {
        Network<float> network = NetworkSpec.Input(2).Dense(2).Build<float>();
        WeightFiles.SaveSafetensors(network, In("weights.safetensors"));
        Refused("simdnet.spec", "weights.safetensors");

        List<NamedBlock> blocks = WeightBlocks.Of(network);
        Written("newer.safetensors", blocks, ("simdnet.version", "2"), ("simdnet.spec", network.Spec.ToJson()));
        Refused("version '2'", "newer.safetensors");
        Written("spec.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", "{}"));
        Refused("\"inputs\"", "spec.safetensors");
        Written("huge.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", NetworkSpec.Input(30_000).Dense(30_000).ToJson()));
        Refused("900030000 parameters", "huge.safetensors");
        Written("none.safetensors", [], ("simdnet.version", "1"), ("simdnet.spec", NetworkSpec.Input(2).ToJson()));
        Refused("at least one layer", "none.safetensors");
        Written("shape.safetensors", [NamedBlock.Create<float>("W1", new float[4], 4, 1), blocks[1]], ("simdnet.version", "1"), ("simdnet.spec", network.Spec.ToJson()));
        Refused("W1 is 4x1", "shape.safetensors");
        Written("scaler.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", network.Spec.ToJson()), ("simdnet.input_scaler", Scaler<float>.Constant(2, 3).ToJson()));
        Refused("3 columns", "scaler.safetensors");
        Written("names.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", network.Spec.ToJson()), ("simdnet.class_names", "[1,2]"));
        Refused("class_names", "names.safetensors");
        Written("count.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", network.Spec.ToJson()), ("simdnet.class_names", "[\"a\"]"));
        Refused("1 class names", "count.safetensors");
        Written("surrogate.safetensors", blocks, ("simdnet.version", "1"), ("simdnet.spec", network.Spec.ToJson()), ("simdnet.class_names", "[\"\\ud800\",\"b\"]"));
        Refused("metadata is damaged", "surrogate.safetensors");
        Assert.ThrowsAny<IOException>(() => ModelFile.Load<float>(In("missing.safetensors")));

        void Written(string name, List<NamedBlock> tensors, params (string Key, string Value)[] metadata) =>
            SafetensorsFile.Write(In(name), tensors, metadata.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));

        void Refused(string reason, string name)
        {
            SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => ModelFile.Load<float>(In(name)));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Weights_come_back_from_npz_and_text()
    {
        Network<double> network = NetworkSpec.Input(3).Dense(2, Activation.Tanh, true, Initializer.Normal(), Initializer.Normal()).Dense(4, default, true, Initializer.Normal(1e-300), Initializer.Normal(1e300)).Build<double>();
        WeightFiles.SaveNpz(network, In("w.npz"));
        WeightFiles.SaveText(network, In("w"));
        Assert.Equal(["W1", "W2", "b1", "b2"], NpzFile.Read(In("w.npz")).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["b1.txt", "b2.txt", "w1.txt", "w2.txt"], Directory.GetFiles(In("w")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (Action<Network<double>> load in (Action<Network<double>>[])[loaded => WeightFiles.LoadNpz(loaded, In("w.npz")), loaded => WeightFiles.LoadText(loaded, In("w"))])
        {
            Network<double> loaded = network.Spec.Build<double>(7);
            load(loaded);
            Assert.Equal(network.ParameterBlock.ToArray(), loaded.ParameterBlock.ToArray());
        }
    }

    [Fact]
    public void Weights_of_every_layer_come_back_from_npz_and_text()
    {
        Network<double> network = NetworkSpec.Parse("3,4:tanh,layernorm,residual(4,batchnorm,relu,4),batchnorm,2").Build<double>();
        Random random = new(1);
        foreach (ParameterInfo parameter in network.Parameters)
        {
            foreach (ref double value in network.GetParameter(parameter.Name))
            {
                value = random.NextDouble();
            }
        }

        Assert.Equal(["W1", "b1", "gamma1", "beta1", "W2", "b2", "gamma2", "beta2", "running_mean2", "running_var2", "W3", "b3", "gamma3", "beta3", "running_mean3", "running_var3", "W4", "b4"], network.Parameters.Select(parameter => parameter.Name));
        WeightFiles.SaveNpz(network, In("w.npz"));
        WeightFiles.SaveText(network, In("w"));
        Assert.True(File.Exists(In("w/running_var3.txt")) && File.Exists(In("w/w4.txt")) && File.Exists(In("w/beta1.txt")));
        foreach (Action<Network<double>> load in (Action<Network<double>>[])[loaded => WeightFiles.LoadNpz(loaded, In("w.npz")), loaded => WeightFiles.LoadText(loaded, In("w"))])
        {
            Network<double> loaded = network.Spec.Build<double>(7);
            load(loaded);
            Assert.Equal(network.ParameterBlock.ToArray(), loaded.ParameterBlock.ToArray());
        }

        File.WriteAllText(In("w/gamma4.txt"), "1\n");
        Assert.Contains("gamma4.txt", Assert.Throws<SimdNetFormatException>(() => WeightFiles.LoadText(network, In("w"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_layers_of_a_spec_are_refused()
    {
        Network<float> network = NetworkSpec.Input(2).Dense(2).Build<float>();
        List<NamedBlock> blocks = WeightBlocks.Of(network);
        string deep = string.Concat(Enumerable.Repeat("{\"type\":\"residual\",\"layers\":[", 20)) + string.Concat(Enumerable.Repeat("]}", 20));
        foreach ((string layers, string? frozen) in ((string, string?)[])
        [
            ("{\"type\":\"dropout\",\"probability\":1.5}", null), ("{\"type\":\"dropout\"}", null), ("{\"type\":\"residual\",\"layers\":[]}", null), ("{\"type\":\"residual\"}", null), (deep, null),
            ("{\"type\":\"custom\",\"layer\":\"x\"}", null), ("{\"type\":\"activation\",\"activation\":\"no\"}", null),
        ])
        {
            Refused($"{{\"inputs\":2,\"layers\":[{layers}]}}", frozen);
        }

        Refused(network.Spec.ToJson(), "1");
        Refused(network.Spec.ToJson(), "");
        Refused(network.Spec.ToJson(), "99999999999");

        void Refused(string spec, string? frozen)
        {
            Dictionary<string, string> metadata = new() { ["simdnet.version"] = "1", ["simdnet.spec"] = spec };
            if (frozen is not null)
            {
                metadata["simdnet.frozen_layers"] = frozen;
            }

            SafetensorsFile.Write(In("m.safetensors"), blocks, metadata);
            Assert.Contains("metadata is damaged", Assert.Throws<SimdNetFormatException>(() => ModelFile.Load<float>(In("m.safetensors"))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void A_bias_may_be_a_row_or_a_column(int rows, int columns)
    {
        Network<float> network = NetworkSpec.Input(2).Dense(3).Build<float>();
        NpzFile.Write(In("w.npz"), [KeyValuePair.Create("W1", NpyArray.Create<float>(new float[6], 2, 3)), KeyValuePair.Create("b1", NpyArray.Create<float>([1, 2, 3], rows, columns))]);
        WeightFiles.LoadNpz(network, In("w.npz"));
        Assert.Equal([1f, 2, 3], network.GetParameter("b1").ToArray());
    }

    [Fact]
    public void Text_is_a_row_a_line_in_shortest_digits_and_numpys_default_is_read_too()
    {
        Network<double> network = NetworkSpec.Input(2).Dense(3, useBias: false).Dense(1, useBias: false).Build<double>();
        new[] { 1.6243453636632417, -0.6117564136500754, 1e-5, 3, 1e22, -0.5281717522634557 }.CopyTo(network.GetParameter("W1"));
        new[] { 0.1, 0.2, 0.3 }.CopyTo(network.GetParameter("W2"));
        WeightFiles.SaveText(network, In("w"));
        Assert.Equal("1.6243453636632417 -0.6117564136500754 1e-05\n3.0 1e+22 -0.5281717522634557\n", File.ReadAllText(In("w/w1.txt")));
        Assert.Equal("0.1\n0.2\n0.3\n", File.ReadAllText(In("w/w2.txt")));

        File.WriteAllText(In("w/w1.txt"), "# as numpy.savetxt writes\n1.624345363663241715e+00 -6.117564136500754140e-01 1.000000000000000082e-05\n3.000000000000000000e+00 1.000000000000000000e+22 -5.281717522634557104e-01\n");
        Network<double> loaded = network.Spec.Build<double>(7);
        WeightFiles.LoadText(loaded, In("w"));
        Assert.Equal(network.ParameterBlock.ToArray(), loaded.ParameterBlock.ToArray());
    }

    [Fact]
    public void Weights_that_do_not_fit_leave_the_network_as_it_was()
    {
        Network<float> network = NetworkSpec.Input(2).Dense(3).Build<float>();
        float[] before = network.ParameterBlock.ToArray();
        Refused("b1 is missing", ("W1", new float[6], [2, 3]));
        Refused("'W2' is not one", ("W1", new float[6], [2, 3]), ("b1", new float[3], [3]), ("W2", new float[3], [3]));
        Refused("W1 is 3x2, and the network needs 2x3 (inputs x units", ("W1", new float[6], [3, 2]), ("b1", new float[3], [3]));
        Refused("b1 is 3x3", ("W1", new float[6], [2, 3]), ("b1", new float[9], [3, 3]));
        Refused("b1 holds NaN at index 1", ("W1", new float[6], [2, 3]), ("b1", [0, float.NaN, 0], [3]));
        File.WriteAllBytes(In("bad.npz"), Encoding.ASCII.GetBytes("not a zip"));
        Assert.Throws<SimdNetFormatException>(() => WeightFiles.LoadNpz(network, In("bad.npz")));
        Directory.CreateDirectory(In("text"));
        File.WriteAllText(In("text/w1.txt"), "1 2 3\n4 5\n");
        File.WriteAllText(In("text/b7.txt"), "1\n");
        File.WriteAllText(In("text/b1.txt"), "1 2 3\n");
        File.WriteAllText(In("text/w1.txt"), "1 2 3\n4 5 6\n");
        Assert.Contains("b7.txt", Assert.Throws<SimdNetFormatException>(() => WeightFiles.LoadText(network, In("text"))).Message, StringComparison.Ordinal);
        File.WriteAllText(In("text/w1.txt"), "1 2 3\n4 5\n");
        Assert.Contains("line 2", Assert.Throws<SimdNetFormatException>(() => WeightFiles.LoadText(network, In("text"))).Message, StringComparison.Ordinal);
        Assert.Equal(before, network.ParameterBlock.ToArray());

        void Refused(string reason, params (string Name, float[] Values, int[] Shape)[] arrays)
        {
            NpzFile.Write(In("w.npz"), arrays.Select(array => KeyValuePair.Create(array.Name, NpyArray.Create<float>(array.Values, array.Shape))));
            Assert.Contains(reason, Assert.Throws<SimdNetFormatException>(() => WeightFiles.LoadNpz(network, In("w.npz"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_spoilt_network_does_not_replace_a_good_file()
    {
        Network<float> network = NetworkSpec.Input(2).Dense(2).Build<float>();
        network.Save(In("m.safetensors"));
        byte[] good = File.ReadAllBytes(In("m.safetensors"));
        network.GetParameter("b1")[1] = float.PositiveInfinity;
        Assert.Contains("b1", Assert.Throws<InvalidOperationException>(() => network.Save(In("m.safetensors"))).Message, StringComparison.Ordinal);
        network.GetParameter("b1")[1] = 0;
        network.Metadata["simdnet.x"] = "1";
        Assert.Throws<InvalidOperationException>(() => network.Save(In("m.safetensors")));
        network.Metadata.Clear();

        // Half a character would come back as another one.
        network.ClassNames = ["a\ud800", "b"];
        Assert.ThrowsAny<ArgumentException>(() => network.Save(In("m.safetensors")));
        network = NetworkSpec.Of(1, [.. Enumerable.Repeat<LayerSpec>(new ActivationSpec(Activation.Tanh), NetworkSpec.MaxLayersRead - 1), new ResidualSpec(new ActivationSpec(Activation.Tanh))]).Build<float>();
        Assert.Contains("50,001 layers", Assert.Throws<InvalidOperationException>(() => network.Save(In("m.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(In("m.safetensors")));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    /// <summary>Predictions divide by the root of a variance. The bad one is behind the first piece that is looked at.</summary>
    [Fact]
    public void A_variance_below_0_is_refused_by_every_reader_and_not_written()
    {
        const int Features = 600;
        const int Bad = 550;
        Network<float> network = NetworkSpec.Parse($"2,{Features},batchnorm,1").Build<float>();
        string before = network.Fingerprint();
        float[] variances = [.. Enumerable.Repeat(1f, Features)];
        variances[Bad] = -1;
        List<NamedBlock> blocks = WeightBlocks.Of(network).ConvertAll(block => block.Name == "running_var1" ? NamedBlock.Create<float>(block.Name, variances, Features) : block);
        SafetensorsFile.Write(In("m.safetensors"), blocks, ModelFile.Describe(network));
        NpzFile.Write(In("w.npz"), blocks.ConvertAll(block => KeyValuePair.Create(block.Name, block.Values)));
        WeightFiles.SaveText(network, In("w"));
        File.WriteAllText(In("w/running_var1.txt"), string.Join(' ', variances) + "\n");
        foreach (Action load in (Action[])
        [
            () => ModelFile.Load<float>(In("m.safetensors")), () => ModelFile.Load<double>(In("m.safetensors")), () => WeightFiles.LoadSafetensors(network, In("m.safetensors")),
            () => WeightFiles.LoadNpz(network, In("w.npz")), () => WeightFiles.LoadText(network, In("w")), () => WeightImport.Load<float>(In("w.npz"), network.Spec.Layers),
        ])
        {
            Assert.Contains($"running_var1 holds -1 at index {Bad}; a variance is at least 0", Assert.Throws<SimdNetFormatException>(load).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, network.Fingerprint());
        variances.CopyTo(network.GetParameter("running_var1"));
        Assert.Contains($"running_var1 holds -1 at index {Bad}", Assert.Throws<InvalidOperationException>(() => network.Save(In("n.safetensors"))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(In("n.safetensors")));
    }

    /// <summary>Negative control: a feature that never varies, and one that was trained with a smaller epsilon, which is made up for in its variance.</summary>
    [Fact]
    public void Variances_of_0_and_those_of_a_smaller_epsilon_come_back()
    {
        string[] names = ["bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"];
        NpzFile.Write(In("bn.npz"), names.Select((name, i) => KeyValuePair.Create(name, NpyArray.Create<float>([1, i == 3 ? 0 : 1], 2))));
        Network<float> network = WeightImport.Load<float>(In("bn.npz"), NetworkSpec.ParseLayers("batchnorm"), new() { Epsilon = 1e-7 }).Network;
        Assert.InRange(network.GetParameter("running_var1")[1], -1e-5f, -1e-6f);
        network.Save(In("m.safetensors"));
        Assert.Equal(network.Fingerprint(), ModelFile.Load<float>(In("m.safetensors")).Fingerprint());
        network.GetParameter("running_var1").Clear();
        network.Save(In("m.safetensors"));
        Assert.Equal(network.Fingerprint(), ModelFile.Load<float>(In("m.safetensors")).Fingerprint());
    }

    private static void RoundTrip<T>(Network<T> network, TemporaryFolder folder)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        network.Save(folder.File("m.safetensors"));
        Network<T> loaded = ModelFile.Load<T>(folder.File("m.safetensors"), CustomParts.Registry);
        Assert.Equal(network.Spec, loaded.Spec);
        Assert.Equal(network.ParameterBlock.ToArray(), loaded.ParameterBlock.ToArray());
    }

    private string In(string name) => _folder.File(name);
}

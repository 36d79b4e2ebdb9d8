using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Model files of every version that was ever written, which load for ever: the same parameters, predictions, scaling, names and frozen layers.</summary>
/// <remarks>
/// The files of Golden/files are never changed; a new version of the format adds its own, by SIMDNET_GOLDEN_FILES=1 on a machine with fused multiply-add, and a line for each in expected.txt:
/// file, fingerprint, predictions of three rows.
/// </remarks>
public sealed class GoldenFilesTests
{
    private const int Rows = 3;
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "files");

    public static TheoryData<string> Files() => [.. File.ReadAllLines(Path.Combine(Folder, "expected.txt")).Select(line => line.Split(' ')[0])];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_version_is_read(string file)
    {
        string[] expected = File.ReadAllLines(Path.Combine(Folder, "expected.txt")).Select(line => line.Split(' ')).Single(line => line[0] == file);
        string path = Path.Combine(Folder, file);
        if (ModelFile.ReadInfo(path, CustomParts.Registry).Precision == "float64")
        {
            Check(ModelFile.Load<double>(path, CustomParts.Registry), expected, 1e-12);
        }
        else
        {
            Check(ModelFile.Load<float>(path, CustomParts.Registry), expected, 1e-5);
        }
    }

    [Fact]
    public void Every_file_has_its_line() => Assert.Equal(Files().Select<object[], string>(row => (string)row[0]).Order(), Directory.GetFiles(Folder, "*.safetensors").Select(Path.GetFileName).Order());

    [Fact]
    public void Version_1_keeps_everything_beside_the_parameters()
    {
        Network<float> dense = ModelFile.Load<float>(Path.Combine(Folder, "1-dense-float32.safetensors"));
        Assert.Equal(["no", "\"yes\" – ja", "größer\n"], dense.ClassNames!);
        Assert.Equal([0.5f, -1, 2, 0], dense.InputScaler!.Offsets.ToArray());
        Assert.Equal("cross-entropy", dense.Metadata["loss"]);
        Network<double> regression = ModelFile.Load<double>(Path.Combine(Folder, "1-regression-float64.safetensors"));
        Assert.Equal([100.0, 100.0], regression.TargetScaler!.Divisors.ToArray());
        Assert.Equal("3,4:tanh:no-bias:kernel=he-normal:l1=0.001:l2=0.0001:max-norm=3,2:kernel=uniform(-0.5,0.5):bias=normal(0.1)", regression.Spec.ToString());
        Network<float> layers = ModelFile.Load<float>(Path.Combine(Folder, "1-layers-float32.safetensors"));
        Assert.Equal([true, true, false, false, false, false, true], Enumerable.Range(0, layers.Spec.Layers.Count).Select(layers.IsFrozen));
    }

    /// <summary>As long as the version is 1, today's writer gives the files of the first day, byte for byte.</summary>
    [Fact]
    public void Version_1_is_written_as_ever()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Make(folder.Path);
        Assert.All<object[]>(Files(), row =>
        {
            string file = (string)row[0];
            if (file.StartsWith("1-", StringComparison.Ordinal))
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, file)), File.ReadAllBytes(folder.File(file)));
            }
        });
    }

    [Theory]
    [InlineData("2", "format version '2', and this SimdNet reads versions up to 1. Use a newer SimdNet")]
    [InlineData("10", "format version '10'")]
    [InlineData("0", "format version '0'")]
    [InlineData("one", "format version 'one'")]
    [InlineData("99999999999999999999", "format version '99999999999999999999'")]
    public void A_newer_version_is_refused_whatever_else_it_says(string version, string message)
    {
        using TemporaryFolder folder = new(inMemory: true);
        SafetensorsContents contents = SafetensorsFile.Read(Path.Combine(Folder, "1-dense-float32.safetensors"));
        Dictionary<string, string> metadata = new(contents.Metadata) { ["simdnet.version"] = version, ["simdnet.spec"] = "{\"what\":\"this version does not know\"}" };
        SafetensorsFile.Write(folder.File("m.safetensors"), contents.Tensors, metadata);
        Assert.Contains(message, Assert.Throws<SimdNetFormatException>(() => ModelFile.Load<float>(folder.File("m.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<SimdNetFormatException>(() => ModelFile.ReadInfo(folder.File("m.safetensors"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Negative control: another parameter, and another prediction, are noticed.</summary>
    [Fact]
    public void Control_a_changed_file_is_noticed()
    {
        string[] expected = File.ReadAllLines(Path.Combine(Folder, "expected.txt"))[0].Split(' ');
        Network<float> network = ModelFile.Load<float>(Path.Combine(Folder, expected[0]));
        Check(network, expected, 1e-5);
        network.GetParameter("b1")[0] += 0.5f;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(network, expected, 1e-5));
        expected[1] = network.Fingerprint();
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(network, expected, 1e-5));
    }

    [Fact]
    public void Made_where_it_is_asked_for()
    {
        if (Environment.GetEnvironmentVariable("SIMDNET_GOLDEN_FILES") == "1")
        {
            Directory.CreateDirectory(Folder);
            Make(Folder);
        }
    }

    private static void Check<T>(Network<T> network, string[] expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected[1], network.Fingerprint());
        double[] predictions = [.. expected[2].Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        T[] actual = network.Predict(Inputs<T>(network.Inputs));
        Assert.Equal(predictions.Length, actual.Length);
        Assert.All(predictions.Zip(actual), pair => Assert.True(Math.Abs(double.CreateTruncating(pair.Second) - pair.First) <= tolerance * Math.Max(1, Math.Abs(pair.First)), $"{pair.Second} instead of {pair.First}"));
    }

    private static T[] Inputs<T>(int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, Rows * width).Select(i => T.CreateTruncating((i % 5) - 2) / T.CreateTruncating(4))];

    private static void Make(string folder)
    {
        StringBuilder lines = new();
        Network<float> dense = NetworkSpec.Parse("4,5:relu,3:softmax").Build<float>();
        dense.InputScaler = Scaler<float>.FromJson(Scaler<float>.Standard([1, 0, 2, 1, 0, -2, 2, -1], 4).ToJson());
        dense.ClassNames = ["no", "\"yes\" – ja", "größer\n"];
        dense.Metadata["loss"] = "cross-entropy";
        Save(dense, "1-dense-float32");

        Network<double> regression = NetworkSpec.Parse("3,4:tanh:no-bias:kernel=he-normal:l1=0.001:l2=0.0001:max-norm=3,2:kernel=uniform(-0.5,0.5):bias=normal(0.1)").Build<double>();
        regression.InputScaler = Scaler<double>.MinMax([0, -1, 5, 2, 1, 5.5], 3);
        regression.TargetScaler = Scaler<double>.Constant(100, 2);
        Save(regression, "1-regression-float64");

        Network<float> layers = NetworkSpec.Parse("4,6,batchnorm,relu,dropout(0.25),residual(layernorm,5:gelu,dropout(0.1),residual(5:tanh),6),leaky-relu(0.2),3:softmax").Build<float>();
        layers.Freeze(0, 1, 6);
        Save(layers, "1-layers-float32");

        Save(NetworkSpec.Parse($"2,{string.Join(',', Activation.Names.Split(", ").Select(name => $"4:{name}"))},{Activation.Names.Replace(", ", ",", StringComparison.Ordinal)},elu(0.5)").Build<double>(), "1-activations-float64");
        Save(NetworkSpec.Parse("3,parabola,2:signed-square(0.5)", CustomParts.Registry).Build<double>(), "1-custom-float64");
        File.WriteAllText(Path.Combine(folder, "expected.txt"), lines.ToString());

        void Save<T>(Network<T> network, string name)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            // Numbers that every machine makes alike, with both signs; factors and variances are positive.
            int i = 0;
            foreach (ParameterInfo parameter in network.Parameters)
            {
                foreach (ref T value in network.GetParameter(parameter.Name))
                {
                    i++;
                    value = T.CreateTruncating((i * 37 % 101) - (parameter.Kind is ParameterKind.Gamma or ParameterKind.RunningVariance ? -1 : 50)) / T.CreateTruncating(64);
                }
            }

            string file = $"{name}.safetensors";
            network.Save(Path.Combine(folder, file));
            lines.Append(CultureInfo.InvariantCulture, $"{file} {network.Fingerprint()} {string.Join(',', network.Predict(Inputs<T>(network.Inputs)).Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}\n");
        }
    }
}

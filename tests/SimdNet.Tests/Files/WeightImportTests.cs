using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Weights of PyTorch and Keras become networks that predict the same, or are refused with a reason.</summary>
/// <remarks>Golden/import/make.py made the files and what they predict; it says with what.</remarks>
public sealed partial class WeightImportTests : IDisposable
{
    private const string Sequential = "7,batchnorm,relu,dropout(0.3),7,layernorm,tanh,7:relu:no-bias,batchnorm,7,3:softmax";
    private const string Named = "8,batchnorm,relu,7:tanh,layernorm,2:no-bias";
    private const string Keras = "6:relu,batchnorm,dropout(0.5),6:tanh,2";

    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "import");
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pytorch.npz", Sequential, "pytorch", WeightSource.PyTorch)]
    [InlineData("pytorch.safetensors", Sequential, "pytorch", WeightSource.PyTorch)]
    [InlineData("pytorch-named.safetensors", Named, "pytorch-named", WeightSource.PyTorch)]
    [InlineData("pytorch-double.npz", "6:gelu,1", "pytorch-double", WeightSource.PyTorch)]
    [InlineData("pytorch-float16.safetensors", "6:relu,2", "pytorch-float16", WeightSource.PyTorch)]
    [InlineData("pytorch-bfloat16.safetensors", "6:relu,2", "pytorch-bfloat16", WeightSource.PyTorch)]
    [InlineData("pytorch-bfloat16.npz", "6:relu,2", "pytorch-bfloat16", WeightSource.PyTorch)]
    [InlineData("keras.npz", Keras, "keras", WeightSource.Keras)]
    [InlineData("keras-list.npz", Keras, "keras", WeightSource.Keras)]
    public void The_network_predicts_what_the_other_library_does(string file, string layers, string expected, WeightSource source)
    {
        ImportedNetwork<float> imported = WeightImport.Load<float>(Path.Combine(Golden, file), NetworkSpec.ParseLayers(layers));
        Assert.Equal(source, imported.Source);
        AssertPredicts(imported.Network, expected, 1e-6);
        AssertPredicts(WeightImport.Load<double>(Path.Combine(Golden, file), NetworkSpec.ParseLayers(layers)).Network, expected, expected == "pytorch-double" ? 1e-14 : 1e-6);

        // The model is one like any other.
        imported.Network.Save(_folder.File("m.safetensors"));
        AssertPredicts(ModelFile.Load<float>(_folder.File("m.safetensors")), expected, 1e-6);
    }

    [Fact]
    public void What_was_done_with_each_tensor_is_told()
    {
        ImportedNetwork<float> imported = WeightImport.Load<float>(Path.Combine(Golden, "pytorch.npz"), NetworkSpec.ParseLayers(Sequential));
        Assert.Equal(imported.Network.Parameters, imported.Tensors.Select(tensor => tensor.Parameter));
        string[] lines = [.. imported.Tensors.Select(tensor => $"{tensor.Parameter.Name} {tensor.Name} {string.Join('x', tensor.Shape)} {tensor.IsTransposed}")];
        Assert.Equal(["W1 0.weight 7x5 True", "b1 0.bias 7 False", "gamma1 1.weight 7 False", "beta1 1.bias 7 False", "running_mean1 1.running_mean 7 False", "running_var1 1.running_var 7 False"], lines[..6]);
        Assert.Contains("gamma3   False", lines);
        Assert.Contains("running_var3 9.running_var 7 False", lines);
        float[] weights = NpzFile.Read(Path.Combine(Golden, "pytorch.npz"))["0.weight"].ToArray<float>();
        Assert.Equal(weights[1], imported.Network.GetParameter("W1")[7]);
    }

    /// <summary>Negative control: a square matrix that is not transposed is in no shape, and only in the predictions.</summary>
    [Fact]
    public void Control_a_forgotten_transpose_is_noticed()
    {
        Network<float> network = WeightImport.Load<float>(Path.Combine(Golden, "pytorch.npz"), NetworkSpec.ParseLayers(Sequential)).Network;
        AssertPredicts(network, "pytorch", 1e-6);
        NpzFile.Read(Path.Combine(Golden, "pytorch.npz"))["4.weight"].CopyTo(network.GetParameter("W2"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertPredicts(network, "pytorch", 1e-3));
        network = WeightImport.Load<float>(Path.Combine(Golden, "keras.npz"), NetworkSpec.ParseLayers(Keras), new() { Epsilon = 1e-5 }).Network;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertPredicts(network, "keras", 1e-3));
    }

    [TorchFact]
    public void The_scripts_and_the_files_are_those_of_the_library_that_is_installed()
    {
        foreach (string script in Directory.GetFiles(Golden, "*.py"))
        {
            File.Copy(script, _folder.File(Path.GetFileName(script)));
        }

        Numpy.Run("import sys; sys.path.insert(0, '.'); sys.dont_write_bytecode = True\nexec(open('make.py').read())", _folder.Path);
        foreach ((string file, string layers, string expected) in new[] { ("pytorch.npz", Sequential, "pytorch"), ("pytorch.safetensors", Sequential, "pytorch"), ("pytorch-named.safetensors", Named, "pytorch-named"), ("keras.npz", Keras, "keras") })
        {
            AssertPredicts(WeightImport.Load<float>(_folder.File(file), NetworkSpec.ParseLayers(layers)).Network, expected, 1e-6, _folder.Path);
        }
    }

    /// <summary>The scripts that users copy are those that the tests run.</summary>
    [Fact]
    public void The_README_has_the_scripts()
    {
        string[] blocks = [.. PythonBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match => match.Groups[1].Value)];
        Assert.Equal([File.ReadAllText(Path.Combine(Golden, "export_pytorch.py")), File.ReadAllText(Path.Combine(Golden, "export_keras.py"))], blocks);
    }

    [Fact]
    public void Numpys_own_names_are_those_of_this_library()
    {
        Network<double> network = NetworkSpec.Parse("4,3,batchnorm,tanh,residual(layernorm,3:no-bias),2").Build<double>(3);
        WeightFiles.SaveNpz(network, _folder.File("w.npz"));
        WeightFiles.SaveSafetensors(network, _folder.File("w.safetensors"));
        foreach (string file in new[] { "w.npz", "w.safetensors" })
        {
            ImportedNetwork<double> imported = WeightImport.Load<double>(_folder.File(file), network.Spec.Layers);
            Assert.Equal(WeightSource.Numpy, imported.Source);
            Assert.Equal(network.Fingerprint(), imported.Network.Fingerprint());
            Assert.All(imported.Tensors, tensor => Assert.False(tensor.IsTransposed));
        }

        AssertRefused("W1 is missing", Npz("W2", 4, 3), "3", WeightSource.Numpy);
        AssertRefused("weights are inputs x units", Npz("W1", 3, 4, "b1", 3), "3");
        AssertRefused("W1 is missing or empty", Npz("W1", 0, 3, "b1", 3), "3");
    }

    [Theory]
    [InlineData("fc1,fc2,fc3,out")]
    [InlineData("fc3,fc1,fc2,out")]
    public void An_order_that_is_given_is_taken(string order)
    {
        string path = Safetensors(("fc1.weight", [4, 4]), ("fc2.weight", [4, 4]), ("fc3.weight", [4, 4]), ("out.weight", [2, 4]));
        ImportedNetwork<float> imported = WeightImport.Load<float>(path, NetworkSpec.ParseLayers("4:no-bias,4:no-bias,4:no-bias,2:no-bias"), new() { Order = order.Split(',') });
        Assert.Equal(order.Split(',').Select(name => $"{name}.weight"), imported.Tensors.Select(tensor => tensor.Name));
        AssertRefused("the order names the layer 'x' and the file has none of that name; its layers are 'fc1', 'fc2', 'fc3', 'out'", path, "4:no-bias,4:no-bias,4:no-bias,2:no-bias", order: "x");
        AssertRefused("'fc1' twice", path, "4:no-bias,4:no-bias,4:no-bias,2:no-bias", order: "fc1,fc1");
        AssertRefused("leaves out the layer 'fc2'", path, "4:no-bias,4:no-bias,4:no-bias,2:no-bias", order: "fc1,fc3,out");
    }

    [Fact]
    public void Numbers_in_names_are_numbers()
    {
        string path = Safetensors([.. Enumerable.Range(0, 12).Select(i => ($"net.{i * 2}.weight", new[] { 3, 3 }))]);
        ImportedNetwork<float> imported = WeightImport.Load<float>(path, NetworkSpec.ParseLayers(string.Join(',', Enumerable.Repeat("3:no-bias", 12))));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"net.{i * 2}.weight"), imported.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void What_could_be_either_is_never_guessed()
    {
        // Arrays without names: all square, one that tells, none that fits.
        AssertRefused("both as [inputs × units] and as [units × inputs], and they have no names that tell. Say --from keras", Npz("arr_0", 4, 4, "arr_1", 4), "4");
        AssertRefused("as [inputs × units] or as [units × inputs]", Npz("arr_0", 3, 5, "arr_1", 4), "4");
        Assert.Equal(WeightSource.Keras, Load(Npz("arr_0", 4, 4, "arr_1", 4, "arr_2", 4, 2, "arr_3", 2), "4,2").Source);
        Assert.Equal(WeightSource.PyTorch, Load(Npz("arr_0", 4, 4, "arr_1", 4, "arr_2", 2, 4, "arr_3", 2), "4,2").Source);
        Assert.Equal([false, false], Load(Npz("arr_0", 4, 4, "arr_1", 4), "4", WeightSource.Keras).Tensors.Select(tensor => tensor.IsTransposed));
        Assert.Equal([true, false], Load(Npz("arr_0", 4, 4, "arr_1", 4), "4", WeightSource.PyTorch).Tensors.Select(tensor => tensor.IsTransposed));
        AssertRefused("one more than", Npz("arr_0", 4, 4, "arr_1", 4), "4:no-bias");
        AssertRefused("there is no further array", Npz("arr_0", 4, 4), "4");

        // A sorted file: layers that could change places.
        string path = Safetensors(("a.weight", [4, 4]), ("b.weight", [4, 4]), ("out.weight", [2, 4]));
        AssertRefused("does not say which of its layers 'a', 'b' is the network's layer 4:no-bias behind 4 features. Give the order of all layers (Order), for example --order a,b,out", path, "4:no-bias,4:no-bias,2:no-bias");
        Assert.Equal(["a.weight", "out.weight", "b.weight"], Load(Safetensors(("b.weight", [2, 6]), ("out.weight", [6, 5]), ("a.weight", [5, 3])), "5:no-bias,6:no-bias,2:no-bias").Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["fc1.weight", "fc2.weight", "out.weight"], Load(Safetensors(("fc1.weight", [4, 3]), ("fc2.weight", [4, 4]), ("out.weight", [2, 4])), "4:no-bias,4:no-bias,2:no-bias").Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_tensor_shapes_and_advice()
    {
        string dense = Npz("fc.weight", 3, 5, "fc.bias", 3);
        AssertRefused("the tensor 'fc.weight' 3x5 should be 4x5 (units x inputs, as PyTorch has weights), for the network's layer 4:relu behind 5 features, with a bias", dense, "4:relu");
        AssertRefused("has no bias, and the file has 'fc.bias' 3. Leave :no-bias out", dense, "3:no-bias");
        AssertRefused("1 layers with parameters, ('fc.weight' 3x5, 'fc.bias' 3), and the network 2", dense, "3,2");
        AssertRefused("is dense", dense, "layernorm");
        AssertRefused("the tensor 'fc.weight' 3x5 should be 5x5 (units x inputs, as PyTorch has weights), for the network's layer 5:no-bias behind 5 features. Give the layers", Npz("fc.weight", 3, 5), "5:no-bias");
        AssertRefused("needs a bias of 3, and the file's layer has only 'fc.weight' 3x5. A layer without bias is written as", Npz("fc.weight", 3, 5), "3");
        AssertRefused("It would fit as Keras' (inputs x units): say --from keras", Npz("0.weight", 5, 5, "2.weight", 5, 3), "5:no-bias,3:no-bias");
        AssertRefused("It would fit as PyTorch's (units x inputs): say --from pytorch", Npz("d/kernel", 5, 5, "e/kernel", 3, 5), "5:no-bias,3:no-bias");
        AssertRefused("'bn.running_var'", Npz("bn.weight", 4, "bn.bias", 4, "bn.running_mean", 4, "bn.running_var", 5), "batchnorm");
        AssertRefused("needs a running variance of 4", Npz("bn.running_mean", 4), "batchnorm");
        AssertRefused("is a batch normalization", Npz("bn.weight", 4, "bn.running_mean", 4, "bn.running_var", 4), "layernorm");
        AssertRefused("is a layer normalization, or a batch normalization without running statistics", Npz("ln.weight", 4, "ln.bias", 4), "batchnorm");
        AssertRefused("has 4 dimensions where 2 were expected", Npz("conv.weight", 8, 3, 3, 3), "8");
        AssertRefused("'lstm.weight_ih' 8x3 has a name that PyTorch gives to no tensor", Npz("fc.weight", 3, 5, "lstm.weight_ih", 8, 3), "3");
        AssertRefused("neither PyTorch's (0.weight, 0.bias), nor Keras' (dense/kernel, dense/bias), nor W1, b1", Npz("first", 3, 5), "3");
        AssertRefused("PyTorch's and Keras' at once", Npz("a.weight", 3, 5, "b/kernel", 5, 3), "3,3");
        AssertRefused("adds 0.001 to the variance, Keras' number, and layernorm adds 1E-05", Npz("ln/gamma", 4, "ln/beta", 4), "layernorm");
        AssertRefused("has no place for 'fc.running_mean' 3, and the file's layer is 'fc.weight' 3x5, ", Npz("fc.weight", 3, 5, "fc.bias", 3, "fc.running_mean", 3), "3");
        AssertRefused("has no place for 'd/gamma' 3", Npz("d/kernel", 5, 3, "d/gamma", 3), "3:no-bias");
        NpzFile.Write(_folder.File("bn.npz"), new[] { "weight", "bias", "running_mean", "running_var" }.Select(name => KeyValuePair.Create($"bn.{name}", NpyArray.Create<double>([1, name == "running_var" ? -0.5 : 1], 2))));
        AssertRefused("'bn.running_var' 2 holds a variance at index 1 that is below 0", _folder.File("bn.npz"), "batchnorm");
        AssertRefused("do not tell a number of inputs", Npz("fc.weight", 3, 0, "fc.bias", 3), "3");
        NpzFile.Write(_folder.File("nan.npz"), [new("0.weight", NpyArray.Create<double>([1, 1e300], 1, 2)), new("0.bias", NpyArray.Create<double>([double.NaN], 1))]);
        AssertRefused($"'0.weight' 1x2 holds {float.PositiveInfinity} at index 1, as Single", _folder.File("nan.npz"), "1");
        Assert.Contains("'0.bias' 1 holds NaN at index 0", Assert.Throws<SimdNetFormatException>(() => WeightImport.Load<double>(_folder.File("nan.npz"), NetworkSpec.ParseLayers("1"))).Message, StringComparison.Ordinal);
        NpzFile.Write(_folder.File("empty.npz"), []);
        AssertRefused("0 layers with parameters, none", _folder.File("empty.npz"), "3", WeightSource.PyTorch);
        Assert.Throws<ArgumentException>(() => WeightImport.Load<float>(dense, NetworkSpec.ParseLayers("relu,dropout(0.5)")));
        Assert.Throws<ArgumentException>(() => WeightImport.Load<float>(dense, NetworkSpec.ParseLayers("parabola", CustomParts.Registry)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightImportOptions { Epsilon = 0 });
    }

    /// <summary>A layer's number of inputs comes from the file, and with the units that are asked for would take gigabytes.</summary>
    [Fact]
    public void A_file_that_promises_a_large_network_takes_no_memory()
    {
        string path = Npz("0.weight", 0, 2_000_000_000, "0.bias", 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused("should be 16x2000000000", path, "16");
        AssertRefused("holds 0 numbers", Npz("W1", 50_000_000, 0), "16:no-bias");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Normalizations_of_Keras_are_made_to_predict_the_same()
    {
        string[] names = ["bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance"];
        NpzFile.Write(_folder.File("bn.npz"), names.Select((name, i) => KeyValuePair.Create(name, NpyArray.Create<double>([1 + i, 0.25 * i], 2))));
        Network<double> network = WeightImport.Load<double>(_folder.File("bn.npz"), NetworkSpec.ParseLayers("batchnorm")).Network;
        Assert.Equal([4 + 1e-3 - 1e-5, 0.75 + 1e-3 - 1e-5], network.GetParameter("running_var1").ToArray(), new Close());
        Assert.Equal((1 * (5 - 3) / Math.Sqrt(4 + 1e-3)) + 2, network.Predict([5, 6])[0], 1e-14);
        network = WeightImport.Load<double>(_folder.File("bn.npz"), NetworkSpec.ParseLayers("batchnorm"), new() { Epsilon = 1e-5 }).Network;
        Assert.Equal([4, 0.75], network.GetParameter("running_var1").ToArray());
        Assert.Equal(1, Load(Npz("ln/gamma", 4, "ln/beta", 4), "layernorm", WeightSource.Automatic, 1e-5).Network.GetParameter("gamma1")[0]);
        Assert.Equal([1f, 1f], Load(Npz("ln/beta", 2), "layernorm", WeightSource.Automatic, 1e-5).Network.GetParameter("gamma1").ToArray());
    }

    private static ImportedNetwork<float> Load(string path, string layers, WeightSource source = WeightSource.Automatic, double? epsilon = null) =>
        WeightImport.Load<float>(path, NetworkSpec.ParseLayers(layers), new() { Source = source, Epsilon = epsilon });

    private static void AssertRefused(string expected, string path, string layers, WeightSource source = WeightSource.Automatic, string? order = null)
    {
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => WeightImport.Load<float>(path, NetworkSpec.ParseLayers(layers), new() { Source = source, Order = order?.Split(',') }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    private static void AssertPredicts<T>(Network<T> network, string expected, double tolerance, string? folder = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(Path.Combine(folder ?? Golden, "expected.npz"));
        double[] wanted = arrays[expected].ToArray<double>();
        T[] actual = network.Predict(arrays["X"].ToArray<T>());
        Assert.Equal(wanted.Length, actual.Length);
        double worst = wanted.Zip(actual).Max(pair => Math.Abs(double.CreateTruncating(pair.Second) - pair.First) / Math.Max(1, Math.Abs(pair.First)));
        Assert.True(worst <= tolerance, $"{expected} is off by {worst}");
    }

    /// <summary>An .npz of ones: names, each followed by its sizes.</summary>
    private string Npz(params object[] parts)
    {
        List<KeyValuePair<string, NpyArray>> arrays = [];
        foreach ((string name, int[] shape) in Split(parts))
        {
            arrays.Add(new(name, Ones(shape)));
        }

        string path = _folder.File($"{Guid.NewGuid():N}.npz");
        NpzFile.Write(path, arrays);
        return path;
    }

    private string Safetensors(params (string Name, int[] Shape)[] tensors)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsFile.Write(path, tensors.Select(tensor => KeyValuePair.Create(tensor.Name, Ones(tensor.Shape))));
        return path;
    }

    private static NpyArray Ones(int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        Array.Fill(values, 1);
        return NpyArray.Create<float>(values, shape);
    }

    private static IEnumerable<(string Name, int[] Shape)> Split(object[] parts)
    {
        for (int i = 0; i < parts.Length;)
        {
            string name = (string)parts[i++];
            List<int> shape = [];
            while (i < parts.Length && parts[i] is int size)
            {
                shape.Add(size);
                i++;
            }

            yield return (name, [.. shape]);
        }
    }

    private sealed class Close : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= 1e-15 * Math.Abs(x);

        public int GetHashCode(double obj) => 0;
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}

using System;
using System.Collections.Generic;

using FsCheck.Xunit;

using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Model;

/// <summary>A spec says the same in code, in text and in JSON.</summary>
public sealed class NetworkSpecTests
{
    [Fact]
    public void Text_leaves_out_what_is_default()
    {
        NetworkSpec spec = NetworkSpec.Input(784).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax);
        Assert.Equal("784,128:relu,10:softmax", spec.ToString());
        Assert.Equal(spec, NetworkSpec.Parse("784, 128:relu, 10:softmax"));
        Assert.Equal((784, 10, (784 * 128) + 128 + 1290), (spec.Inputs, spec.Outputs, spec.ParameterCount));
        Assert.Equal("3,2:leaky-relu(0.25):no-bias:kernel=uniform(-1,1.5),1:kernel=normal(0.1):bias=constant(2)", NetworkSpec.Input(3)
            .Dense(2, Activation.LeakyReLU(0.25), useBias: false, Initializer.Uniform(-1, 1.5))
            .Dense(1, default, true, Initializer.Normal(0.1), Initializer.Constant(2)).ToString());
        Assert.Equal("5", NetworkSpec.Input(5).ToString());
        Assert.Equal([new DenseSpec(3), new DenseSpec(1, Activation.LeakyReLU())], NetworkSpec.ParseLayers("3,1:leaky-relu"));
    }

    [Fact]
    public void An_activation_has_a_name_and_may_have_a_number()
    {
        foreach (string name in Activation.Names.Split(", "))
        {
            Activation activation = Activation.Parse(name);
            Assert.Equal(activation, Activation.Parse(activation.ToString()));
            Assert.Equal(activation, Activation.Parse(name.ToUpperInvariant()));
        }

        Assert.Equal((Activation.Elu(), Activation.Elu(0.5)), (Activation.Parse("elu"), Activation.Parse("elu(0.5)")));
        Assert.Equal((0.25, 0.25), (Activation.LeakyReLU(0.25).Slope, Activation.LeakyReLU(0.25).Parameter));
        Assert.Equal((0.0, 0.25), (Activation.Elu(0.25).Slope, Activation.Elu(0.25).Parameter));
        Assert.NotEqual(Activation.Elu(1), Activation.Elu(2));
    }

    [Property(Arbitrary = [typeof(NetworkCases)])]
    public bool Text_and_json_read_back(NetworkCase sample) =>
        NetworkSpec.Parse(sample.Spec.ToString(), CustomParts.Registry) == sample.Spec && NetworkSpec.FromJson(sample.Spec.ToJson(), CustomParts.Registry) == sample.Spec
        && NetworkSpec.Parse(sample.Spec.ToString(), CustomParts.Registry).GetHashCode() == sample.Spec.GetHashCode();

    [Fact]
    public void Layers_cannot_be_changed()
    {
        NetworkSpec spec = NetworkSpec.Input(2).Residual(block => block.Dense(2)).Dense(1);
        Assert.False(spec.Layers is LayerSpec[]);
        Assert.False(((ResidualSpec)spec.Layers[0]).Layers is LayerSpec[]);
        Assert.Throws<NotSupportedException>(() => ((IList<LayerSpec>)spec.Layers)[0] = new DenseSpec(3));
    }

    [Fact]
    public void Specs_that_differ_are_not_equal()
    {
        NetworkSpec spec = NetworkSpec.Input(2).Dense(3);
        Assert.NotEqual(spec, NetworkSpec.Input(3).Dense(3));
        Assert.NotEqual(spec, spec.Dense(1));
        Assert.NotEqual(spec, NetworkSpec.Input(2).Dense(3, Activation.Tanh));
    }

    [Theory]
    [InlineData("", "number of inputs")]
    [InlineData("0,1", "number of inputs")]
    [InlineData("2,", "is not a layer")]
    [InlineData("2,0:relu", "is not a layer")]
    [InlineData("2,rule", "is not a layer")]
    [InlineData("2,3:rellu", "'rellu' is not an activation")]
    [InlineData("2,3:relu(1)", "not an activation")]
    [InlineData("2,3:leaky-relu(-1)", "not an activation")]
    [InlineData("2,3:elu(0)", "not an activation")]
    [InlineData("2,3:gelu(1)", "leaky-relu, elu, selu, gelu, gelu-tanh, silu, mish, softplus, softsign, hard-sigmoid, softmax, log-softmax")]
    [InlineData("2,3:relu:bias", "'bias'")]
    [InlineData("2,3:l2=1:l2=2", "'l2' stands twice in the layer '3:l2=1:l2=2'")]
    [InlineData("2,3:tanh: l1=1 :max-norm=2:l1=1", "'l1' stands twice")]
    [InlineData("2,3:max-norm=2:max-norm=2", "'max-norm' stands twice")]
    [InlineData("2,3:kernel=zeros:l2=1:kernel=ones", "'kernel' stands twice")]
    [InlineData("2,3:bias=zeros:bias=constant(1)", "'bias' stands twice")]
    [InlineData("2,3:relu:no-bias:no-bias", "'no-bias' stands twice")]
    [InlineData("2,3:relu:relu", "'relu' stands twice")]
    [InlineData("2,3:kernel=norm(1)", "'norm(1)' is not an initializer")]
    [InlineData("2,3:kernel=normal(-1)", "not an initializer")]
    [InlineData("2,3:kernel=uniform(2,1)", "not an initializer")]
    public void Wrong_text_is_named(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => NetworkSpec.Parse(text)).Message, StringComparison.Ordinal);

    /// <summary>Whoever wrote the text has named no parameter of a method.</summary>
    [Fact]
    public void Text_of_too_large_a_network_is_refused_without_a_parameter()
    {
        Assert.EndsWith("Use fewer units.", Assert.Throws<FormatException>(() => NetworkSpec.Parse("2000000000,2000000000")).Message, StringComparison.Ordinal);
        Assert.EndsWith("Use fewer units.", Assert.Throws<FormatException>(() => NetworkSpec.FromJson(NetworkSpec.Input(2).Dense(3).ToJson().Replace("2,", "2000000000,", StringComparison.Ordinal).Replace("3,", "2000000000,", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_leaves_the_default()
    {
        Assert.False(Activation.TryParse("leaky-relu(-1)", out Activation activation));
        Assert.Equal(default, activation);
        Assert.False(Initializer.TryParse("uniform(2,1)", out Initializer initializer));
        Assert.Equal(default, initializer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"inputs\":2}")]
    [InlineData("{\"inputs\":0,\"layers\":[]}")]
    [InlineData("{\"inputs\":2.5,\"layers\":[]}")]
    [InlineData("{\"inputs\":2,\"inputs\":3,\"layers\":[]}")]
    [InlineData("{\"inputs\":2,\"layers\":[{\"type\":\"conv\"}]}")]
    [InlineData("{\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":-1}]}")]
    [InlineData("{\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":3,\"activation\":\"no\",\"use_bias\":true,\"kernel_initializer\":\"zeros\",\"bias_initializer\":\"zeros\"}]}")]
    [InlineData("{\"inputs\":2000000000,\"layers\":[{\"type\":\"dense\",\"units\":2000000000,\"activation\":\"relu\",\"use_bias\":true,\"kernel_initializer\":\"zeros\",\"bias_initializer\":\"zeros\"}]}")]
    public void Wrong_json_is_refused(string json) => Assert.Throws<FormatException>(() => NetworkSpec.FromJson(json));

    /// <summary>A misspelt key says nothing: what it was meant for would be as if it were left out.</summary>
    [Theory]
    [InlineData("\"units\":4", "\"units\":4,\"l3\":1", "'l3' of layer 1, those", "type, units, activation, use_bias, kernel_initializer, bias_initializer, l1, l2, max_norm.")]
    [InlineData("\"units\":4", "\"unit\":4", "'unit' of layer 1, those", "units")]
    [InlineData("\"units\":4", "\"Units\":4", "'Units' of layer 1, those", "units")]
    [InlineData("\"probability\"", "\"rate\":1,\"probability\"", "'rate' of layer 4, those", "type, probability.")]
    [InlineData("\"type\":\"batchnorm\"", "\"type\":\"batchnorm\",\"momentum\":1", "'momentum' of layer 3, those", "known are type.")]
    [InlineData("\"type\":\"layernorm\"", "\"\\u001b\":1,\"type\":\"layernorm\"", "\\u001b' of layer 5, those", "known are type.")]
    [InlineData("\"type\":\"residual\"", "\"type\":\"residual\",\"layer\":[]", "'layer' of layer 2, those", "type, layers.")]
    [InlineData("\"inputs\":4", "\"inputs\":4,\"name\":\"x\"", "'name' of the network", "inputs, layers.")]
    public void A_key_that_is_not_known_is_named_with_its_place_and_those_that_are(string old, string changed, string place, string known)
    {
        string json = NetworkSpec.Parse("4,4:l1=1,residual(batchnorm,dropout(0.5)),layernorm").ToJson();
        Assert.Equal(4, NetworkSpec.FromJson(json).Outputs);
        string message = Assert.Throws<FormatException>(() => NetworkSpec.FromJson(json.Replace(old, changed, StringComparison.Ordinal))).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(known, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_calls_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkSpec.Input(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkSpec.Input(1).Dense(0));
        Assert.Throws<ArgumentException>(() => NetworkSpec.Input(int.MaxValue).Dense(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Activation.LeakyReLU(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Activation.Elu(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Uniform(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Constant(double.NaN));
        Assert.Contains("layer", Assert.Throws<InvalidOperationException>(() => NetworkSpec.Input(1).Build<float>()).Message, StringComparison.Ordinal);
    }
}

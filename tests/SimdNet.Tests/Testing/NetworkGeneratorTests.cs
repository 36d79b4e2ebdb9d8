using System;
using System.Collections.Generic;
using System.Linq;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Testing;

/// <summary>Generated networks for everybody's tests: all that is promised comes up, what fails shrinks, and a fault is found.</summary>
public sealed class NetworkGeneratorTests
{
    private static readonly NetworkGenerator All = new();

    [Fact]
    public void Every_loss_comes_behind_every_activation_that_it_fits()
    {
        HashSet<(string, string)> pairs = [.. Sample(All, 3_000).Select(sample => (sample.Loss.ToString(), sample.Spec.OutputActivation.ToString()))];
        string[] missing = [.. from loss in All.Losses from activation in All.Activations where Fits(loss, activation) && !pairs.Contains((loss.ToString(), activation.ToString())) select $"{loss} behind {activation}"];
        Assert.Empty(missing);
        Assert.Contains(("kl", "log-softmax"), pairs);
        Assert.Contains(("poisson", "softplus"), pairs);
        Assert.Contains(("bce", "hard-sigmoid"), pairs);
        Assert.Contains(("hinge", "tanh"), pairs);
        Assert.DoesNotContain(("poisson", "tanh"), pairs);
    }

    [Fact]
    public void Every_layer_and_hidden_activation_comes_up()
    {
        LayerSpec[] layers = [.. Sample(All with { CustomLayers = [new ParabolaLayer()] }, 1_000).SelectMany(sample => Within(sample.Spec.Layers))];
        Assert.Equal(
            [typeof(ActivationSpec), typeof(BatchNormSpec), typeof(CustomLayerSpec), typeof(DenseSpec), typeof(DropoutSpec), typeof(LayerNormSpec), typeof(ResidualSpec)],
            layers.Select(layer => layer.GetType()).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));
        Assert.Superset(All.Activations.ToHashSet(), layers.OfType<DenseSpec>().Select(layer => layer.Activation).ToHashSet());
    }

    [Fact]
    public void Sizes_are_as_set()
    {
        NetworkGenerator small = new() { MaxInputs = 2, MaxHiddenLayers = 1, MaxUnits = 3, MaxOutputs = 1, MaxRows = 2, Losses = [Loss.MeanSquaredError] };
        foreach (NetworkCase sample in Sample(small, 300))
        {
            Dataset<float> data = sample.Data<float>();
            Assert.True(sample.Spec.Inputs <= 2 && sample.Spec.Outputs == 1 && Within(sample.Spec.Layers).OfType<DenseSpec>().All(layer => layer.Units <= 3), sample.ToString());
            Assert.InRange(data.Rows, 1, sample.HasBatchNorm ? 5 : 2);
            Assert.Equal((sample.Rows, sample.Spec.Inputs), (data.Rows, data.Features));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkGenerator { MaxUnits = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkGenerator { MaxRows = 0 });
        Assert.Throws<InvalidOperationException>(() => new NetworkGenerator { Losses = [] }.Cases());
        Assert.Contains("kl has none", Assert.Throws<InvalidOperationException>(() => new NetworkGenerator { Activations = [Activation.Tanh], Losses = [Loss.KullbackLeibler] }.Cases()).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is smaller trains, is a case of its own, and comes to an end.</summary>
    [Fact]
    public void What_shrinks_can_be_trained_and_comes_to_an_end()
    {
        Arbitrary<NetworkCase> cases = NetworkCases.Arbitrary();
        foreach (NetworkCase sample in cases.Generator.Sample(30, new Rnd(3), 50))
        {
            NetworkCase least = sample;
            for (int steps = 0; cases.Shrinker(least).FirstOrDefault() is { } smaller; steps++)
            {
                Assert.True(steps < 200 && smaller != least, $"{sample} does not come to an end: {smaller}");
                Assert.All(cases.Shrinker(least), Trains);
                least = smaller;
            }

            Assert.Equal((sample.Loss, sample.Spec.OutputActivation, 1, 1), (least.Loss, least.Spec.OutputActivation, least.Rows, least.Spec.Inputs));
            Assert.True(least.Spec.Layers is [DenseSpec { Units: 1 }] or [DenseSpec { Units: 1 }, ActivationSpec], least.ToString());
        }

        static void Trains(NetworkCase sample) => Assert.True(double.IsFinite(new Trainer<double>(sample.Build<double>(), sample.Loss, new Sgd { LearningRate = 1e-6 }).Step(sample.Data<double>())), sample.ToString());
    }

    /// <summary>The negative control: a property that fails for networks with a wide hidden layer fails, and in the smallest of them.</summary>
    [Fact]
    public void A_property_that_does_not_hold_fails_in_the_smallest_network()
    {
        Config config = Config.QuickThrowOnFailure.WithReplay(7, 11, 50).WithMaxTest(500);
        Exception error = Assert.ThrowsAny<Exception>(() => Check.One(config, Prop.ForAll(All.Specs(), spec => !spec.Layers.SkipLast(2).OfType<DenseSpec>().Any(layer => layer.Units >= 4))));
        string shrunk = error.Message.Split("Shrunk:")[1];
        Assert.Matches(@"1,4(:no-bias)?:kernel=normal\(0\.7\)", shrunk);
    }

    private static NetworkCase[] Sample(NetworkGenerator generator, int count) => generator.Cases().Generator.Sample(count, new Rnd(5), 50);

    private static IEnumerable<LayerSpec> Within(IEnumerable<LayerSpec> layers) => layers.SelectMany(layer => layer is ResidualSpec block ? [layer, .. Within(block.Layers)] : (LayerSpec[])[layer]);

    private static bool Fits(Loss loss, Activation activation) => loss.Fits(NetworkSpec.Input(1).Dense(1, activation));
}

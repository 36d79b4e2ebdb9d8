using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Files;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Parameters go into named blocks and come back, however many there are.</summary>
public sealed class WeightBlocksTests
{
    /// <summary>So many that a search through all names for each of them takes minutes.</summary>
    private const int Layers = 150_000;

    [Fact]
    public void A_network_of_very_many_layers_is_written_read_and_imported_in_a_walk()
    {
        Network<float> network = Deep(Layers, 1).Build<float>(3);
        Network<float> other = Deep(Layers, 1).Build<float>(4);
        Watchdog.Within(() => WeightBlocks.Set(other, WeightBlocks.Of(network), "file"));
        Assert.Equal(network.Fingerprint(), other.Fingerprint());

        List<TensorGroup> groups = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            if (parameter.Kind == ParameterKind.Weights)
            {
                groups.Add(new($"{groups.Count}"));
            }

            groups[^1].TryAdd(parameter.Kind, NamedBlock.Create<float>($"{groups.Count}", network.TensorOf(parameter), [.. parameter.Shape]));
        }

        other = Deep(Layers, 1).Build<float>(4);
        Watchdog.Within(() => new LayerImport(groups, ImportSlot.Of(network.Spec.Layers, 1), WeightSource.PyTorch, "file").Fill(other, BatchNormSpec.Epsilon));
        Assert.Equal(network.Fingerprint(), other.Fingerprint());
    }

    /// <summary>What a message lists has an end.</summary>
    [Fact]
    public void What_does_not_fit_is_told_by_the_first_names()
    {
        Network<float> network = Deep(100, 2).Build<float>();
        List<NamedBlock> blocks = WeightBlocks.Of(network);
        string message = Assert.Throws<SimdNetFormatException>(() => WeightBlocks.Set(network, blocks[1..], "file")).Message;
        Assert.Contains("the array W1 is missing", message, StringComparison.Ordinal);
        Assert.Contains("needs W1 2x2, b1 2, ", message, StringComparison.Ordinal);
        Assert.Contains("the file has 'b1', 'W2', ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("W20 ", message, StringComparison.Ordinal);
    }

    /// <summary>A number that is not finite is found behind the first piece, in a type that is converted too, and nothing is set then.</summary>
    [Fact]
    public void A_number_that_is_not_finite_is_found_wherever_it_is()
    {
        Network<float> network = Deep(2, 60).Build<float>(1);
        string before = network.Fingerprint();
        double[] values = new double[3600];
        foreach (int index in (int[])[0, 511, 512, 3599])
        {
            values.AsSpan().Clear();
            values[index] = 1e300;
            List<NamedBlock> blocks = WeightBlocks.Of(network);
            blocks[2] = NamedBlock.Create<double>("W2", values, 60, 60);
            Assert.Contains($"W2 holds {float.PositiveInfinity} at index {index}", Assert.Throws<SimdNetFormatException>(() => WeightBlocks.Set(network, blocks, "file")).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, network.Fingerprint());
    }

    private static NetworkSpec Deep(int layers, int units) => NetworkSpec.Of(units, [.. Enumerable.Repeat<LayerSpec>(new DenseSpec(units, Activation.Identity), layers)]);
}

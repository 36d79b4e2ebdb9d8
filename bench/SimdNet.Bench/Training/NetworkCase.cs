using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>Work on a small fully connected network.</summary>
/// <param name="Name">Begins with the network's widths.</param>
/// <param name="Spec">Architecture and activations.</param>
/// <param name="Rows">Samples in a call.</param>
/// <param name="FlopsOfSample">Of one sample: <see cref="Forward"/>, or <see cref="Step"/>.</param>
/// <param name="Element">float, unless it is said.</param>
public abstract record NetworkCase(string Name, NetworkSpec Spec, int Rows, double FlopsOfSample, Type? Element = null)
    : Case(Name, Element ?? typeof(float), new(Rows * FlopsOfSample, 0, Rows, "sample"))
{
    /// <summary>Bytes of all parameters.</summary>
    protected double ParameterBytes => Marshal.SizeOf(Element) * (double)Spec.ParameterCount;

    /// <summary>Bytes of the inputs of one sample.</summary>
    protected double SampleBytes => Marshal.SizeOf(Element) * Spec.Inputs;

    /// <summary>What a forward pass cannot do without: all weights and the samples, each read once.</summary>
    /// <param name="pool">Samples that are taken in turn.</param>
    /// <param name="share">Of the inputs that are not 0, whose rows of the first layer may be skipped.</param>
    /// <param name="kept">The share of a weight's bytes that are read.</param>
    protected Demand ForwardDemand(int pool, double share = 1, double kept = 1) => new(
        share * Work.Flops,
        ForwardChain,
        new("weights", Access.Read, share * kept * ParameterBytes, (kept * ParameterBytes) + (Rows * SampleBytes)),
        new("samples", Access.Read, Rows * SampleBytes, (kept * ParameterBytes) + (pool * SampleBytes)));

    /// <summary>What a training step cannot do without: the forward reads the weights, the update reads and writes them, since none is known before the last output is.</summary>
    /// <param name="pool">Samples that are taken in turn.</param>
    /// <param name="blocks">Blocks of the parameters' size that are updated: the parameters, and each moment of the optimizer.</param>
    /// <param name="share">Of the inputs that are not 0.</param>
    protected Demand StepDemand(int pool, int blocks, double share = 1) => new(
        share * Work.Flops,
        2 * ForwardChain,
        new("weights, forward", Access.Read, share * ParameterBytes, (blocks * ParameterBytes) + (Rows * SampleBytes)),
        new("weights and moments, update", Access.Update, 2 * blocks * share * ParameterBytes, (blocks * ParameterBytes) + (Rows * SampleBytes)),
        new("samples", Access.Read, Rows * SampleBytes, (blocks * ParameterBytes) + (pool * SampleBytes)));

    /// <summary>What steps on one sample after the other cannot do without: one pass over the weights may update them and compute the next sample's forward.</summary>
    /// <param name="share">Of the inputs that are not 0.</param>
    protected Demand SequenceDemand(double share) => new(
        share * Work.Flops,
        2 * Rows * ForwardChain,
        new("weights, update and next forward", Access.Update, 2 * Rows * share * ParameterBytes, ParameterBytes + SampleBytes),
        new("samples", Access.Read, Rows * SampleBytes, ParameterBytes + (Rows * SampleBytes)));

    /// <summary>The longest chain of one sample through all dense layers: a sum of k products takes at least log₂ k + 1 steps one after the other, an activation about <see cref="ActivationChain"/>. As many lead back.</summary>
    private double ForwardChain
    {
        get
        {
            double chain = 0;
            foreach ((int inputs, DenseSpec layer) in DenseLayers(Spec.Inputs, Spec.Layers))
            {
                chain += Math.Ceiling(Math.Log2(inputs)) + 1 + (layer.Activation.Kind is ActivationKind.ReLU or ActivationKind.Identity ? 1 : ActivationChain);
            }

            return chain;
        }
    }

    /// <summary>An exponential (reduction, polynomial, scaling: 10 steps) and a division (13 cycles, as long as 3 steps).</summary>
    private const double ActivationChain = 13;

    /// <summary>Widths with one activation in all layers.</summary>
    protected static NetworkSpec Uniform(Activation activation, int inputs, params ReadOnlySpan<int> units)
    {
        NetworkSpec spec = NetworkSpec.Input(inputs);
        foreach (int width in units)
        {
            spec = spec.Dense(width, activation);
        }

        return spec;
    }

    /// <summary>A classifier of digits: 784 pixels, ReLU, 10 classes.</summary>
    protected static NetworkSpec Digits(int hidden) => NetworkSpec.Input(784).Dense(hidden, Activation.ReLU).Dense(10, Activation.Softmax);

    /// <summary>One multiplication and one addition for each weight.</summary>
    protected static double Forward(NetworkSpec network)
    {
        double flops = 0;
        foreach ((int inputs, DenseSpec layer) in DenseLayers(network.Inputs, network.Layers))
        {
            flops += 2.0 * inputs * layer.Units;
        }

        return flops;
    }

    /// <summary>Forward, the weights' gradient, and the inputs' gradient of every layer but the first.</summary>
    protected static double Step(NetworkSpec network)
    {
        double flops = 0;
        foreach ((int inputs, DenseSpec layer) in DenseLayers(network.Inputs, network.Layers))
        {
            flops += (flops == 0 ? 4.0 : 6.0) * inputs * layer.Units;
        }

        return flops;
    }

    /// <summary>The layers that multiply matrices, those of residual blocks too, with their inputs.</summary>
    private static IEnumerable<(int Inputs, DenseSpec Layer)> DenseLayers(int inputs, IEnumerable<LayerSpec> layers)
    {
        foreach (LayerSpec layer in layers)
        {
            if (layer is DenseSpec dense)
            {
                yield return (inputs, dense);
                inputs = dense.Units;
            }
            else if (layer is ResidualSpec block)
            {
                foreach ((int, DenseSpec) inner in DenseLayers(inputs, block.Layers))
                {
                    yield return inner;
                }
            }
        }
    }
}

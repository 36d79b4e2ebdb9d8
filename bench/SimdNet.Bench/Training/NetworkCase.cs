using System;

namespace SimdNet.Bench.Training;

/// <summary>Work on a small fully connected network in single precision.</summary>
/// <param name="Name">Begins with the network's widths.</param>
/// <param name="Spec">Architecture and activations.</param>
/// <param name="Rows">Samples in a call.</param>
/// <param name="FlopsOfSample">Of one sample: <see cref="Forward"/>, or <see cref="Step"/>.</param>
public abstract record NetworkCase(string Name, NetworkSpec Spec, int Rows, double FlopsOfSample)
    : Case(Name, typeof(float), new(Rows * FlopsOfSample, 0, Rows, "sample"))
{
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
        ForEachProduct(network, (inputs, units, _) => flops += 2.0 * inputs * units);
        return flops;
    }

    /// <summary>Forward, the weights' gradient, and the inputs' gradient of every layer but the first.</summary>
    protected static double Step(NetworkSpec network)
    {
        double flops = 0;
        ForEachProduct(network, (inputs, units, isFirst) => flops += (isFirst ? 4.0 : 6.0) * inputs * units);
        return flops;
    }

    private static void ForEachProduct(NetworkSpec network, Action<int, int, bool> product)
    {
        int inputs = network.Inputs;
        bool isFirst = true;
        foreach (DenseSpec layer in network.Layers)
        {
            product(inputs, layer.Units, isFirst);
            inputs = layer.Units;
            isFirst = false;
        }
    }
}

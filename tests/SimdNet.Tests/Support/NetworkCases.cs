using System;
using System.Linq;
using System.Numerics;

using FsCheck;

using SimdNet.Kernels;
using SimdNet.Testing;
using SimdNet.Tests.Reference;

namespace SimdNet.Tests.Support;

/// <summary>The generated networks with the tests' own layer and activation among them, and what the tests of the library's inside need beside what everybody has.</summary>
public static class NetworkCases
{
    /// <summary>All of the library's, and the tests' own.</summary>
    public static NetworkGenerator Generator { get; } = new() { Activations = [.. new NetworkGenerator().Activations, Activation.Custom(new SignedSquare())], CustomLayers = [new ParabolaLayer()] };

    /// <summary>FsCheck takes its cases from here.</summary>
    public static Arbitrary<NetworkCase> Arbitrary() => Generator.Cases();

    /// <summary>Whether a part of the tests' own squares its input, and so doubles the relative error that it has.</summary>
    public static bool Squares(this NetworkCase sample) => sample.Spec.ToString().Contains("parabola", StringComparison.Ordinal) || sample.Spec.ToString().Contains("signed-square", StringComparison.Ordinal);

    /// <summary>
    /// Whether the loss takes a logarithm of an output so close to 0, or of what one so close to 1 leaves, that its slope has more rounding error or curvature than differences bear: ε / (1 − p) / h. Outputs of exactly 0 and 1 have none.
    /// </summary>
    /// <param name="sample">The network.</param>
    /// <param name="least">How close to 0 an output may come that is not made of an exponential: its rounding error does not shrink with it.</param>
    public static bool IsSteep(this NetworkCase sample, double least)
    {
        ActivationKind last = sample.Spec.OutputActivation.Kind;
        bool isLinear = last is ActivationKind.ReLU or ActivationKind.HardSigmoid;
        bool isProbability = sample.Loss.Name == "bce" && last != ActivationKind.Sigmoid;
        if (!isProbability && !(isLinear && sample.Loss.Name == "poisson"))
        {
            return false;
        }

        Network<double> network = sample.Build<double>();
        double[][] outputs = new NaiveNetwork(sample.Spec) { Parameters = Parameters(network, network.ParameterBlock) }.Train(sample.Inputs);
        return outputs.SelectMany(row => row).Any(p => isLinear ? (p > 0 && p < least) || (isProbability && p > 0.98 && p < 1) : p is > 0.98 or < 1e-9);
    }

    /// <summary>The network with kernels of choice.</summary>
    internal static Network<T> Build<T>(this NetworkCase sample, KernelSet<T> kernels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => sample.WithoutDefaults(new Network<T>(sample.Spec, (ulong)sample.Seed, kernels));

    /// <summary>The parameters of a network in the order of the files.</summary>
    public static double[] Parameters<T>(Network<T> network, Span<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] all = new double[network.ParameterCount];
        int next = 0;
        foreach (ParameterInfo parameter in network.Parameters)
        {
            foreach (T value in block.Slice(parameter.Start, parameter.Length))
            {
                all[next++] = double.CreateChecked(value);
            }
        }

        return all;
    }
}

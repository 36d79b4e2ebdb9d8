using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>Reference numbers that numpy and PyTorch computed in double precision: the arrays of one file of the folder Golden.</summary>
internal sealed class Golden
{
    private readonly Dictionary<string, NpyArray> _arrays;

    private Golden(string path) => _arrays = new(NpzFile.Read(path));

    public static Golden Load(string name) => new(PathOf(name));

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name + ".npz");

    public IReadOnlyList<int> Shape(string name) => [.. _arrays[name].Shape];

    public double[] this[string name] => _arrays[name].ToArray<double>();

    public int[] Labels(string name) => _arrays[name].ToLabels();

    /// <summary>Sets every parameter of a network to the arrays NAME + suffix.</summary>
    public void Initialize(Network<double> network, string suffix, string prefix = "")
    {
        foreach (ParameterInfo parameter in network.Parameters)
        {
            this[prefix + parameter.Name + suffix].CopyTo(network.GetParameter(parameter.Name));
        }
    }

    /// <summary>Compares every parameter with the arrays NAME + suffix.</summary>
    public void AssertParameters(Network<double> network, string suffix, double tolerance, string prefix = "")
    {
        foreach (ParameterInfo parameter in network.Parameters)
        {
            AssertClose(this[prefix + parameter.Name + suffix], network.GetParameter(parameter.Name), tolerance, prefix + parameter.Name + suffix);
        }
    }

    public void AssertClose(string name, ReadOnlySpan<double> actual, double tolerance) => AssertClose(this[name], actual, tolerance, name);

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual, double tolerance, string name)
    {
        double worst = LargestDifference(expected, actual);
        Assert.True(worst <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{name} is off by {worst:E2}, more than {tolerance:E0}"));
    }

    /// <summary>Largest |actual − expected| / max(1, |expected|); NaN counts as infinite.</summary>
    private static double LargestDifference(double[] expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double[] values = actual.ToArray();
        return expected.Zip(values, (e, a) => double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(a - e) / Math.Max(1, Math.Abs(e))).Max();
    }
}

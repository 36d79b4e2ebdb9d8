using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Kernels;

using Xunit;

namespace SimdNet.Tests.Kernels;

[Trait("Suite", "Isa")]
public class KernelSetsTests
{
    private static readonly string[] Order = ["vector512", "vector256", "vector128", "vectort", "scalar"];

    [Fact]
    public void The_list_is_ordered_and_ends_with_the_scalar_form()
    {
        string[] names = [.. KernelSets.Supported<float>().Select(set => set.Name)];
        Assert.Equal(Order.Where(names.Contains), names);
        Assert.Equal("scalar", names[^1]);
        Assert.Equal(names, KernelSets.Supported<double>().Select(set => set.Name));
    }

    /// <summary>Whoever runs the suite for an instruction set says which one it meant: a switch that is ignored must not pass.</summary>
    [Fact]
    public void The_active_set_is_the_expected_one()
    {
        string expected = Environment.GetEnvironmentVariable("SIMDNET_EXPECT_ISA")
            ?? Environment.GetEnvironmentVariable(KernelSets.Variable)
            ?? KernelSets.Supported<float>()[0].Name;
        Assert.Equal(expected, KernelSets.Active<float>().Name);
        Assert.Equal(expected, KernelSets.Active<double>().Name);
    }

    [Fact]
    public void A_name_selects_its_set()
    {
        IReadOnlyList<KernelSet<float>> supported = KernelSets.Supported<float>();
        foreach (KernelSet<float> set in supported)
        {
            Assert.Same(set, KernelSets.Choose(supported, set.Name));
        }

        Assert.Same(supported[0], KernelSets.Choose(supported, null));
        Assert.Same(supported[0], KernelSets.Choose(supported, ""));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_names_that_would_do()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => KernelSets.Choose(KernelSets.Supported<float>(), "avx9"));
        Assert.Contains("SIMDNET_ISA=avx9", error.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
    }
}

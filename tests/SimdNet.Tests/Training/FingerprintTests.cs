using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A training ends in the same bits at every vector width and with any number of threads, in this version as in the last.</summary>
public sealed class FingerprintTests
{
    private const int GoldenSeed = 1;

    /// <summary>
    /// The fingerprints that this version promises. A change of one breaks what users have recorded: it belongs into the notes of the release, beside the reason. With SIMDNET_WRITE_GOLDEN=1 the test writes the file into
    /// the folder of its sources, and fails.
    /// </summary>
    [FusedFact]
    public void Ten_trainings_end_in_their_golden_fingerprints()
    {
        string[] actual = [.. TrainingCase.All.Select(training => $"{training.Run<float>(GoldenSeed, threads: 1)} {training.Run<double>(GoldenSeed, threads: 2)} {training.Name}")];
        if (Environment.GetEnvironmentVariable("SIMDNET_WRITE_GOLDEN") == "1")
        {
            File.WriteAllLines(Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "fingerprints.txt"), actual);
            Assert.Fail("The golden fingerprints were written anew. Look at the difference, and run the test without SIMDNET_WRITE_GOLDEN.");
        }

        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "fingerprints.txt")), actual);
    }

    [FusedFact]
    public void Widths_and_threads_change_no_bit_in_float() => SameBits<float>();

    [FusedFact]
    public void Widths_and_threads_change_no_bit_in_double() => SameBits<double>();

    /// <summary>Negative control: a dot product with as many lanes as a vector has, as TensorPrimitives.Dot is made, has other bits at every width.</summary>
    [Fact]
    public void A_dot_product_whose_lanes_follow_the_width_is_seen()
    {
        Random random = new(1);
        float[] x = [.. Enumerable.Range(0, 1000).Select(_ => random.NextSingle() - 0.5f)];
        HashSet<string> fingerprints = [];
        foreach (int lanes in (ReadOnlySpan<int>)[1, 4, 8, 16])
        {
            Network<float> network = NetworkSpec.Parse("1,1:identity").Build<float>(1);
            float[] sums = new float[lanes];
            for (int i = 0; i < x.Length; i++)
            {
                sums[i % lanes] = MathF.FusedMultiplyAdd(x[i], x[i], sums[i % lanes]);
            }

            network.GetParameter("W1")[0] = sums.Sum();
            fingerprints.Add(network.Fingerprint());
        }

        Assert.True(fingerprints.Count > 1, "Lanes change bits, and this is seen.");
    }

    private static void SameBits<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] threads = [1, 2, 3, 4, 8];
        for (int seed = 1; seed <= Long.Count(2, 50); seed++)
        {
            foreach (TrainingCase training in TrainingCase.All)
            {
                string expected = training.Run<T>(seed, threads: 1, KernelSets.Supported<T>()[0]);
                foreach (KernelSet<T> kernels in KernelSets.Supported<T>().Where(kernels => kernels.Name is "vector512" or "vector256" || Long.Enabled))
                {
                    foreach (int count in threads)
                    {
                        string actual = training.Run(seed, count, kernels);
                        Assert.True(expected == actual, $"{training}, seed {seed}, {count} threads, {kernels.Name}: {actual}, not {expected}");
                    }
                }
            }
        }
    }
}

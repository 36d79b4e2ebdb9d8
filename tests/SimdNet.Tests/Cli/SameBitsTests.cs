using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The tool in processes of their own prints the same fingerprint however the runtime compiles it, at every vector width and with any number of threads.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What the runtime is told, and threads.</summary>
    private static readonly (string Variable, string Value, int Threads)[] Ways =
    [
        ("DOTNET_TieredCompilation", "0", 2),
        ("DOTNET_TieredCompilation", "1", 3),
        ("DOTNET_TieredPGO", "0", 1),
        ("DOTNET_ReadyToRun", "0", 4),
        ("DOTNET_EnableAVX512", "0", 8),
        ("SIMDNET_ISA", "vector256", 1),
        ("SIMDNET_ISA", "vectort", 2),
        ("SIMDNET_ISA", "vector128", 3),
    ];

    /// <summary>Steps on one row, on minibatches and on all rows, in tiles and shards.</summary>
    private static readonly string[] Trainings =
    [
        "train digits --layers 16:relu,10:softmax --optimizer sgd --batch-size 1 --epochs 1 --rows 500",
        "train digits --epochs 1",
        "train digits --layers 12:tanh,10:softmax --batch-size 5000 --epochs 5 --optimizer sgd --momentum 0.9 --precision float64",
    ];

    [FusedFact]
    public void Compilation_width_and_threads_do_not_change_a_fingerprint()
    {
        for (int seed = 1; seed <= Long.Count(2, 50); seed++)
        {
            foreach (string training in Trainings)
            {
                string expected = Fingerprint(training, seed, 1, []);
                foreach ((string variable, string value, int threads) in Ways.Where(way => way.Variable != "SIMDNET_ISA" || KernelSets.Supported<float>().Any(kernels => kernels.Name == way.Value)))
                {
                    string actual = Fingerprint(training, seed, threads, [KeyValuePair.Create(variable, value)]);
                    Assert.True(expected == actual, $"{training}, seed {seed}, {variable}={value}, {threads} threads: {actual}, not {expected}");
                }
            }
        }
    }

    /// <summary>Negative control, and what a fingerprint looks like.</summary>
    [Fact]
    public void Another_seed_has_another_fingerprint()
    {
        string first = Fingerprint(Trainings[1], 1, 1, []);
        Assert.Matches("^[0-9a-f]{64}$", first);
        Assert.NotEqual(first, Fingerprint(Trainings[1], 2, 1, []));
    }

    public void Dispose() => _folder.Dispose();

    private string Fingerprint(string training, int seed, int threads, IEnumerable<KeyValuePair<string, string>> environment) =>
        CliProcess.Succeed(_folder.Path, environment, [.. training.Split(' '), "--seed", $"{seed}", "--threads", $"{threads}", "--json"]).TrainJson().GetProperty("fingerprint").GetString()!;
}

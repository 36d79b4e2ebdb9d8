using System.Collections.Generic;

using SimdNet.Kernels;
using SimdNet.Tests.Support;
using SimdNet.Training.Steps;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>Processes that differ in vector width, in how the runtime compiles and in threads train to the same bits.</summary>
public sealed class SameBitsProcessTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Compilations = ["DOTNET_TieredCompilation=0", "DOTNET_TieredCompilation=1", "DOTNET_TieredPGO=0", "DOTNET_TieredPGO=1", "DOTNET_EnableAVX512=0"];

    private static readonly string[] Threads = ["1", "2", "3", "4", "8"];

    [FusedTheory]
    [InlineData("--optimizer adam --batch-size 128 --layers 70:relu,10:softmax")]
    [InlineData("--optimizer sgd --momentum 0.9 --nesterov --batch-size 1 --layers 12:tanh,10:softmax --precision float64")]
    [InlineData("--optimizer sgd --weight-decay 0.001 --batch-size 100000 --layers 80:sigmoid,10:softmax --precision float64")]
    public void Processes_train_to_the_same_bits(string options)
    {
        for (int seed = 1; seed <= Long.Count(2, 50); seed++)
        {
            HashSet<string> fingerprints = [];
            int turn = seed;
            foreach (string width in Widths())
            {
                foreach (string compilation in Compilations)
                {
                    // With the first seeds all of them, then every other: a process takes longer to start than to train.
                    turn++;
                    if (seed > 2 && turn % 2 == 0)
                    {
                        continue;
                    }

                    // Without AVX-512 the runtime has no vector512 to choose.
                    string[] environment = compilation == "DOTNET_EnableAVX512=0" ? [compilation, "SIMDNET_ISA=vector256"] : [compilation, $"SIMDNET_ISA={width}"];
                    fingerprints.Add(Fingerprint(options, seed, Threads[(turn + (turn / Compilations.Length)) % Threads.Length], environment));
                }
            }

            foreach (string threads in seed > 2 ? Threads[^1..] : Threads)
            {
                fingerprints.Add(Fingerprint(options, seed, threads, []));
            }

            Assert.Single(fingerprints);
        }
    }

    /// <summary>The first and the last of these trainings are work for several threads, by units and in shards: with less, the number of threads would make no difference that could be seen.</summary>
    [Fact]
    public void The_trainings_are_cut()
    {
        Network<float> network = NetworkSpec.Parse("64,70:relu,10:softmax").Build<float>();
        Assert.True(network.Layers[0].Operations * 128 >= 2 * LayerTeam<float>.LeastOperations);

        // 600 rows without the fifth that is held out.
        Assert.True(Shards.Of(NetworkSpec.Parse("64,80:sigmoid,10:softmax").Build<double>(), 480) > 1);
    }

    private static IEnumerable<string> Widths()
    {
        foreach (KernelSet<float> kernels in KernelSets.Supported<float>())
        {
            if (kernels.Name is "vector512" or "vector256")
            {
                yield return kernels.Name;
            }
        }
    }

    private string Fingerprint(string options, int seed, string threads, string[] environment)
    {
        CliResult result = CliProcess.Run(files.Path, environment, ["train", "digits", "--epochs", "1", "--rows", "600", "--seed", seed.ToString(System.Globalization.CultureInfo.InvariantCulture), "--threads", threads, .. options.Split(' '), "--json"]);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', environment)}: {result.Error}");
        return result.TrainJson().GetProperty("fingerprint").GetString()!;
    }
}

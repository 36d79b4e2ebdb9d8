using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>kill -9 loses nothing: a process that writes checkpoints is killed at random moments, and every one that it acknowledged loads.</summary>
[Collection(nameof(Alone))]
public sealed class CheckpointKillTests
{
    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    [Fact]
    public void A_killed_writer_loses_no_checkpoint_that_it_acknowledged()
    {
        int kills = Long.Count(50, 1_000);
        using TemporaryFolder folder = new();
        Random random = new(1);
        int inside = 0;
        long saved = 0;
        // How many fall inside a write is up to the disk and to what else runs: where it is few, more are made.
        for (int kill = 0; kill < kills || (inside < kills / 5 && kill < 6 * kills); kill++)
        {
            long acknowledged = Kill(folder.Path, "atomic", random);
            string[] temporary = Directory.GetFiles(folder.Path, ".simdnet-*.tmp");
            inside += temporary.Length > 0 ? 1 : 0;
            Array.ForEach(temporary, File.Delete);
            if (acknowledged == 0 && !Checkpoint.Exists(folder.Path))
            {
                continue;
            }

            CheckpointInfo info = Checkpoint.ReadInfo(folder.Path);
            Assert.Null(info.Damage);
            Assert.InRange(info.Steps, acknowledged, acknowledged + 1);
            Assert.True(acknowledged >= saved, "The next process went on with it.");
            Assert.InRange(Directory.GetFiles(folder.Path).Length, 1, 3);
            saved = acknowledged;
        }

        Assert.True(inside >= kills / 5, $"{inside} kills fell inside a write; a fifth of {kills} should.");
        Assert.True(saved > kills, $"{saved} steps were saved.");
    }

    [Fact]
    public void Control_a_writer_without_the_rename_loses_some()
    {
        int lost = 0;
        int kills = Long.Count(8, 100);
        Random random = new(2);
        for (int kill = 0; kill < kills; kill++)
        {
            using TemporaryFolder folder = new();
            Kill(folder.Path, CheckpointWriter.InPlace, random);
            try
            {
                Checkpoint.ReadInfo(folder.Path);
            }
            catch (SimdNetFormatException)
            {
                lost++;
            }
        }

        Assert.True(lost > 0, $"Of {kills} kills none left a damaged file.");
    }

    /// <summary>Starts a writer and kills it a moment after one of its first acknowledgements.</summary>
    /// <returns>The last number that it acknowledged.</returns>
    private static long Kill(string folder, string way, Random random)
    {
        ProcessStartInfo start = new(Host) { RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "SimdNet.Tests.dll"), CheckpointWriter.Name, folder, way])
        {
            start.ArgumentList.Add(argument);
        }

        // Methods that run for a moment need no second version.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0";
        using Process process = Process.Start(start)!;
        string last = "";
        for (int line = random.Next(1, 4); line > 0; line--)
        {
            last = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The writer ended.");
        }

        Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * 20));
        process.Kill();
        string[] rest = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();

        // The last line may be cut, and is then no acknowledgement.
        string final = rest.Length > 1 ? rest[^2] : last;
        return long.Parse(final, CultureInfo.InvariantCulture);
    }
}

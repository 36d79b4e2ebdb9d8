using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;

using SimdNet.Tests.Support;
using SimdNet.Tests.Support.Mutation;

using Xunit;
using Xunit.Abstractions;

namespace SimdNet.Tests.Files;

/// <summary>Whatever is in a file, a reader returns or throws the one documented exception, soon and in bounded memory.</summary>
/// <remarks>SIMDNET_MUTANTS sets how many damaged files each reader gets (some a part of them, see <see cref="HostileReader.Share"/>), SIMDNET_MUTANT_SECONDS for how long at most.</remarks>
public sealed class HostileFilesTests(ITestOutputHelper output)
{
    private static readonly long MutantCount = Setting("SIMDNET_MUTANTS") ?? Long.Count(200_000, 40_000_000);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(Setting("SIMDNET_MUTANT_SECONDS") ?? 86_400);

    private static string Corpus => Path.Combine(Repository.Root, "tests", "SimdNet.Fuzz", "corpus");

    public static TheoryData<string> Fuzzed() => ["npy", "npz", "idx", "safetensors", "model", "checkpoint"];

    public static TheoryData<string> Readers() => [.. HostileReaders.All.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_truncation_is_refused_or_read(string name)
    {
        using HostileReader reader = HostileReaders.All[name]();
        MutantRun run = new(reader.Read, reader.Mutate, reader.Documented);
        int refused = 0;
        int total = 0;
        foreach (byte[] seed in reader.Seeds)
        {
            reader.Read(seed);
            for (int length = 0; length < seed.Length; length++)
            {
                Assert.Null(run.FaultWith(seed[..length], out bool wasRefused));
                refused += wasRefused ? 1 : 0;
                total++;
            }
        }

        output.WriteLine($"{name}: {refused} of {total} refused");

        // Only text may be sound when it is cut, between two numbers.
        Assert.InRange(refused, reader.IsText ? 1 : total, total);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_mutant_is_refused_or_read(string name)
    {
        using HostileReader reader = HostileReaders.All[name]();
        MutantRun run = new(reader.Read, reader.Mutate, reader.Documented);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        run.Run(MutantCount / reader.Share, Budget);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {run.Refused} of {run.Done} refused, {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
        Assert.True(run.Fault is null, run.Fault);

        // Mutants that all pass, or none, would test nothing.
        Assert.InRange(run.Refused, run.Done / 20, run.Done - (run.Done / 200));
    }

    /// <summary>What AFL++ kept of its runs, since each file reaches a place that no other does.</summary>
    [Theory]
    [MemberData(nameof(Fuzzed))]
    public void Every_file_that_the_fuzzer_kept_is_refused_or_read(string name)
    {
        using HostileReader reader = HostileReaders.All[name]();
        MutantRun run = new(reader.Read, reader.Mutate, reader.Documented);
        string[] files = Directory.GetFiles(Path.Combine(Corpus, name));
        int refused = 0;
        foreach (string file in files)
        {
            string? fault = run.FaultWith(File.ReadAllBytes(file), out bool wasRefused);
            Assert.True(fault is null, $"{file}: {fault}");
            refused += wasRefused ? 1 : 0;
        }

        // Files that are all sound, or all refused, would reach little.
        Assert.InRange(refused, 1, files.Length - 1);
    }

    [Fact]
    public void Mutants_are_the_same_for_the_same_seed() =>
        Assert.All(HostileReaders.All, entry =>
        {
            using HostileReader one = entry.Value();
            using HostileReader other = entry.Value();
            Assert.Equal(one.Mutate(new Random(7)), other.Mutate(new Random(7)));
        });

    [Fact]
    public void Control_a_reader_that_believes_what_is_declared_is_caught() =>
        Assert.Contains("allocates", FaultOf(Mutants("npy"), bytes =>
        {
            string header = Encoding.Latin1.GetString(bytes);
            int open = header.IndexOf('(', StringComparison.Ordinal);
            int comma = header.IndexOf(',', open + 1);
            if (open < 0 || comma < 0 || !long.TryParse(header[(open + 1)..comma], out long rows) || rows < 0)
            {
                throw new SimdNetFormatException("no header");
            }

            GC.KeepAlive(new byte[Math.Min(rows, 16L << 20) * 8]);
        }), StringComparison.Ordinal);

    [Fact]
    public void Control_a_reader_without_the_check_of_UTF8_is_caught() =>
        Assert.Contains("UTF-8", FaultOf(random => ByteMutant.Of(SafetensorsFileTests.Safetensors("{\"größe\":{}}"), random), bytes =>
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(Math.Min(8, bytes.Length)));
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new SimdNetFormatException("no object");
                }

                foreach (JsonProperty property in document.RootElement.EnumerateObject())
                {
                    GC.KeepAlive(property.Name);
                }
            }
            catch (JsonException)
            {
                throw new SimdNetFormatException("no JSON");
            }
        }), StringComparison.Ordinal);

    [Fact]
    public void Control_a_reader_that_hangs_or_lets_other_exceptions_through_is_caught()
    {
        Assert.Contains("takes", FaultOf(Mutants("idx"), bytes => System.Threading.Thread.Sleep(bytes.Length % 7 == 0 ? 1_100 : 0)), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidDataException), FaultOf(Mutants("idx"), bytes => throw new InvalidDataException()), StringComparison.Ordinal);
        Assert.Contains("terminal", FaultOf(Mutants("idx"), bytes => throw new SimdNetFormatException("\u001b[2J", new InvalidDataException())), StringComparison.Ordinal);
    }

    private static Func<Random, byte[]> Mutants(string name) => HostileReaders.All[name]().Mutate;

    private static string FaultOf(Func<Random, byte[]> mutants, Action<byte[]> read)
    {
        MutantRun run = new(read, mutants, typeof(SimdNetFormatException));
        run.Run(4_000, Budget);
        return Assert.IsType<string>(run.Fault);
    }

    private static long? Setting(string name) => long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}

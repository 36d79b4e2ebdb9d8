using System;
using System.IO.Compression;

using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.Tests.Data;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Named attacks and accidents: each file is refused with its own error, naming the file, before memory is taken for what it declares.</summary>
public sealed class AttackCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names() => [.. AttackCorpus.All.Keys];

    [Fact]
    public void There_are_as_many_as_were_promised() => Assert.InRange(AttackCorpus.All.Count, 60, 400);

    [Fact]
    public void Control_the_sound_files_that_the_others_are_made_from_are_read()
    {
        Assert.Equal(6, NpyFile.Read(_folder.File("npy", AttackCorpus.SoundNpy)).Length);
        Assert.Single(NpzFile.Read(_folder.File("npz", AttackCorpus.Zip(("a.npy", AttackCorpus.SoundNpy, CompressionLevel.Fastest)))));
        Assert.Equal(6, IdxFile.Read(_folder.File("idx", IdxFileTests.Idx(8, [2, 3], new byte[6]))).Length);
        Assert.Single(SafetensorsFile.Read(_folder.File("st", SafetensorsFileTests.Safetensors("{" + AttackCorpus.Tensor("a", "[2]", 0, 8) + "}", 8))).Blocks);
        Assert.Equal(1, CsvFile.Read<float>(_folder.Text("csv", "a,y\n1,2\n")).Rows);
        Assert.Equal(2, TextWeights.Read<float>(_folder.Text("txt", "1 2\n")).Columns);
        Assert.Equal(3, NetworkSpec.Parse("2,3:relu").Outputs);
        Assert.Equal(1, Scaler<float>.FromJson("{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[1]}").Columns);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_refused_with_its_own_error(string name) => Assert.Null(Fault(AttackCorpus.All[name]));

    [Fact]
    public void Control_a_reader_that_takes_the_file_allocates_or_says_something_else_is_noticed()
    {
        Attack attack = AttackCorpus.All["npy: data cut"];
        Assert.Contains("is read", Fault(attack with { Read = _ => { } }), StringComparison.Ordinal);
        Assert.Contains("or none", Fault(attack with { Read = _ => throw new SimdNetFormatException(attack.Expected) }), StringComparison.Ordinal);
        Assert.Contains("or none", Fault(attack with { Read = _ => throw new SimdNetFormatException(attack.Expected, "another") }), StringComparison.Ordinal);
        Assert.Contains("allocates", Fault(attack with { Read = path => Allocating(() => attack.Read(path)) }), StringComparison.Ordinal);
        Assert.Contains("says", Fault(attack with { Expected = "something else" }), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidCastException), Fault(attack with { Read = _ => throw new InvalidCastException() }), StringComparison.Ordinal);

        static void Allocating(Action read)
        {
            GC.KeepAlive(new byte[2 << 20]);
            read();
        }
    }

    private string? Fault(Attack attack)
    {
        string path = _folder.File("file", attack.Bytes);
        Record.Exception(() => attack.Read(path));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(() => attack.Read(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return error is null ? "is read"
            : error.GetType() != attack.Documented ? error.ToString()
            : !error.Message.Contains(attack.Expected, StringComparison.Ordinal) || error.Message.Contains('\n', StringComparison.Ordinal) ? $"says '{error.Message}'"
            : attack.NamesFile && !(error is SimdNetFormatException { Path: string named } && named.StartsWith(path, StringComparison.Ordinal) && error.Message.StartsWith(path, StringComparison.Ordinal)) ? $"names another file, or none: '{error.Message}'"
            : allocated > attack.MaxAllocation ? $"allocates {allocated} bytes"
            : null;
    }
}

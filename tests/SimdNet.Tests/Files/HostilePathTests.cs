using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;

using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Paths that name no sound file: each reader says so with the documented exception, soon, whatever is behind the name.</summary>
public sealed class HostilePathTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["npy"] = path => NpyFile.Read(path),
        ["npz"] = path => NpzFile.Read(path),
        ["idx"] = path => IdxFile.Read(path),
        ["safetensors"] = path => SafetensorsFile.Read(path),
        ["model"] = path => ModelFile.Load<float>(path),
        ["model info"] = path => ModelFile.ReadInfo(path),
        ["text"] = path => TextWeights.Read<float>(path),
        ["csv"] = path => CsvFile.Read<float>(path),
        ["csv inputs"] = path => CsvFile.ReadInputs<float>(path, 2),
        ["npz import"] = path => WeightImport.Load<float>(path, NetworkSpec.ParseLayers("3:relu,1")),
        ["text with a delimiter"] = path => TextFile.Read<float>(path, new() { Delimiter = ';', Comments = "//" }),
        ["npy data"] = path => Dataset.FromNpy<float>(path, path),
        ["npz data"] = path => Dataset.FromNpz<float>(path),
        ["idx data of one path"] = path => Dataset.FromIdx<float>(path, path),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names() => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Paths_without_a_sound_file_are_refused(string name)
    {
        Action<string> read = Readers[name];
        string empty = _folder.File("empty", []);
        string loop = _folder.File("loop");
        string dangling = _folder.File("dangling");
        File.CreateSymbolicLink(loop, loop);
        File.CreateSymbolicLink(dangling, _folder.File("nothing"));
        Refused<SimdNetFormatException>(read, empty);
        Refused<FileNotFoundException>(read, _folder.File("nothing"));
        Refused<FileNotFoundException>(read, dangling);
        Refused<FileNotFoundException>(read, Path.Combine(_folder.File("no folder"), "file"));
        Refused<IOException>(read, _folder.Path);
        Refused<IOException>(read, loop);
        Refused<IOException>(read, Path.Combine(empty, "below a file"));
        Refused<IOException>(read, _folder.File(new string('n', 300)));
        Assert.ThrowsAny<ArgumentException>(() => read(null!));
        Assert.ThrowsAny<ArgumentException>(() => read(""));
        Assert.ThrowsAny<ArgumentException>(() => read("a\0b"));
    }

    [UnixTheory]
    [MemberData(nameof(Names))]
    public void Devices_and_pipes_are_refused_and_not_waited_for(string name)
    {
        Action<string> read = Readers[name];
        string pipe = _folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
        }

        string link = _folder.File("link");
        File.CreateSymbolicLink(link, pipe);
        foreach (string path in (string[])[pipe, link, "/dev/zero", "/dev/null", "/dev/urandom"])
        {
            Exception? error = null;
            Thread thread = new(() => error = Record.Exception(() => read(path))) { IsBackground = true };
            thread.Start();
            Assert.True(Watchdog.Wait(thread.Join, Watchdog.Limit), $"{name} hangs on {path}");
            Assert.True(error is IOException, $"{name} on {path}: {error}");
            Assert.Contains(path, error!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sound_file_behind_a_link_is_read(string name)
    {
        if (!HostileReaders.All.TryGetValue(name, out Func<HostileReader>? make))
        {
            return;
        }

        using HostileReader reader = make();
        string link = _folder.File("link");
        File.CreateSymbolicLink(link, _folder.File("file", reader.Seeds[0]));
        Readers[name](link);
    }

    /// <summary>Another program truncates the file between two reads.</summary>
    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_refused()
    {
        foreach ((string name, Func<HostileReader> make) in HostileReaders.All)
        {
            using HostileReader reader = make();
            Action<Stream>? read = name switch
            {
                "npy" => stream => NpyFile.Read(BoundedReader.Over(stream, name)),
                "npz" => stream => NpzFile.Read(stream, name),
                "idx" or "idx.gz" => stream => IdxFile.Read(BoundedReader.OverFileOrGzip(stream, name)),
                "safetensors" => stream => SafetensorsFile.Read(BoundedReader.Over(stream, name)),
                "model" => stream => ModelFile.Load<float>(BoundedReader.Over(stream, name)),
                _ => null,
            };
            if (read is null)
            {
                continue;
            }

            foreach (byte[] seed in reader.Seeds)
            {
                int refused = 0;
                for (int reads = 0; reads < 12; reads++)
                {
                    using ShrinkingStream stream = new(seed, reads);
                    Exception? error = Record.Exception(() => read(stream));
                    Assert.True(error is null or SimdNetFormatException, $"{name} after {reads} reads: {error}");
                    refused += error is null ? 0 : 1;
                }

                Assert.True(refused > 0, $"{name}: nothing was refused");
            }
        }
    }

    private static void Refused<TException>(Action<string> read, string path)
        where TException : IOException
    {
        Exception? error = Record.Exception(() => read(path));
        Assert.True(error is TException, $"{path}: {error}");
        Assert.Contains(path, error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>A file that ends where it stands from the n-th read on, and says the length that it had.</summary>
    private sealed class ShrinkingStream(byte[] bytes, int reads) : MemoryStream(bytes, writable: false)
    {
        private int _left = reads;

        public override int Read(Span<byte> buffer) => _left-- > 0 ? base.Read(buffer) : 0;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int ReadByte()
        {
            byte[] one = new byte[1];
            return Read(one, 0, 1) == 1 ? one[0] : -1;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

using SimdNet.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Interop;

/// <summary>Event files of TensorBoard, read back by a reader of their formats' rules.</summary>
public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    /// <summary>The test vectors of RFC 3720, appendix B.4, and the check value of the catalogues.</summary>
    [Fact]
    public void The_readers_checksum_is_CRC_32C()
    {
        Assert.Equal(0xE3069283, EventReader.Crc(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AA, EventReader.Crc(new byte[32]));
        Assert.Equal(0x62A8AB43u, EventReader.Crc(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, EventReader.Crc(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        Assert.Equal(0x113FDB5Cu, EventReader.Crc(Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray()));
    }

    [Fact]
    public void Epochs_are_read_back()
    {
        Network<float> network = Fit(out History history, new TensorBoardCallback<float>(Runs));
        List<EventReader.Event> events = EventReader.Read(File());
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal([0, 1, 2, 3], events.Select(read => read.Step));
        Assert.All(events, read => Assert.InRange(read.Time, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 600, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1));
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            EpochResult result = history.Epochs[epoch - 1];
            Assert.Equal(["accuracy", "learning_rate", "loss", "own", "val_accuracy", "val_loss"], events[epoch].Scalars.Keys.Order(StringComparer.Ordinal));
            Assert.All(events[epoch].Scalars, scalar => Assert.Equal((float)result[scalar.Key]!.Value, scalar.Value));
        }

        Assert.Equal(network.Parameters.Select(parameter => $"parameters/{parameter.Name}"), events[3].Histograms.Keys);
        foreach (ParameterInfo parameter in network.Parameters)
        {
            AssertIsHistogram([.. network.GetParameter(parameter.Name).ToArray().Select(value => (double)value)], events[3].Histograms[$"parameters/{parameter.Name}"]);
        }
    }

    /// <summary>After each epoch what was measured is in the file, and each training has its own.</summary>
    [Fact]
    public void A_record_is_there_when_its_epoch_is_over()
    {
        List<int> counts = [];
        Fit(out _, new TensorBoardCallback<float>(Runs) { Histograms = false }, new LambdaCallback<float> { EpochEnd = _ => counts.Add(EventReader.Read(File()).Count) });
        Assert.Equal([2, 3, 4], counts);
        Assert.Empty(EventReader.Read(File())[3].Histograms);
        Fit(out _, new TensorBoardCallback<float>(Runs));
        Assert.Equal(2, Directory.GetFiles(Runs, "events.out.tfevents.*").Length);
    }

    /// <summary>Negative control: any bit that is turned over is noticed by a checksum.</summary>
    [Fact]
    public void A_damaged_file_is_noticed()
    {
        Fit(out _, new TensorBoardCallback<float>(Runs));
        byte[] bytes = System.IO.File.ReadAllBytes(File());
        for (int i = 0; i < bytes.Length; i += 7)
        {
            bytes[i] ^= 16;
            Assert.Throws<InvalidDataException>(() => EventReader.Read(bytes));
            bytes[i] ^= 16;
        }

        EventReader.Read(bytes);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_before_the_first_step()
    {
        string file = _folder.Text("file", "");
        Assert.Contains("file", Assert.Throws<IOException>(() => Fit(out _, new TensorBoardCallback<float>(file))).Message, StringComparison.Ordinal);
    }

    /// <summary>The names of the folder and of those above it are on the disk, whoever made them.</summary>
    [Fact]
    public void The_folder_is_on_the_disk()
    {
        // The callback has the writers of files compiled in, whose interface is another than the tests'.
        TensorBoardCallback<float> callback = new(Runs);
        PropertyInfo disk = typeof(TensorBoardCallback<float>).GetProperty("Disk", BindingFlags.Instance | BindingFlags.NonPublic)!;
        SyncsAreNoted noted = (SyncsAreNoted)DispatchProxy.Create(disk.PropertyType, typeof(SyncsAreNoted));
        noted.Real = disk.GetValue(callback);
        disk.SetValue(callback, noted);
        Fit(out _, callback);
        Assert.Equal([_folder.File("runs"), _folder.Path], noted.Synced[..2]);
        Assert.Equal(Path.GetPathRoot(_folder.Path), noted.Synced[^1]);
        EventReader.Read(File());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A disk that notes which folders are synced.</summary>
    public class SyncsAreNoted : DispatchProxy
    {
        internal object? Real { get; set; }

        internal List<string> Synced { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == "SyncDirectory")
            {
                Synced.Add((string)args![0]!);
            }

            return targetMethod.Invoke(Real, args);
        }
    }

    private string Runs => _folder.File("runs/1");

    private string File() => Assert.Single(Directory.GetFiles(Runs, "events.out.tfevents.*"));

    /// <summary>The sums, and that each number lies in the interval that counts it.</summary>
    private static void AssertIsHistogram(double[] values, EventReader.Histogram histogram)
    {
        Assert.Equal((values.Min(), values.Max(), values.Length), (histogram.Min, histogram.Max, histogram.Count));
        Assert.Equal(values.Sum(), histogram.Sum, 1e-9);
        Assert.Equal(values.Sum(value => value * value), histogram.SumOfSquares, 1e-9);
        Assert.Equal(histogram.Max, histogram.Limits[^1]);
        Assert.Equal(histogram.Limits.Order(), histogram.Limits);
        Assert.Equal(values.Length, histogram.Counts.Sum());
        double below = 0;
        double width = (histogram.Max - histogram.Min) / histogram.Limits.Length;
        for (int i = 0; i < histogram.Limits.Length; i++)
        {
            // Up to what rounding leaves open at the ends of the interval.
            below += histogram.Counts[i];
            Assert.InRange(below, values.Count(value => value < histogram.Limits[i] - (1e-9 * width)), values.Count(value => value <= histogram.Limits[i] + (1e-9 * width)));
        }
    }

    private static Network<float> Fit(out History history, params Callback<float>[] callbacks)
    {
        Random random = new(3);
        Dataset<float> data = new(Enumerable.Range(0, 60).Select(_ => random.NextSingle()).ToArray(), 3, Enumerable.Range(0, 20).Select(i => i % 2).ToArray());
        Network<float> network = NetworkSpec.Parse("3,20:tanh,2:softmax").Build<float>();
        LambdaCallback<float> logs = new() { EpochEnd = context => context.Log("own", context.Epoch / 3.0) };
        history = network.Fit(data, options: new() { Epochs = 3, ValidationSplit = 0.25, Callbacks = [logs, .. callbacks] });
        return network;
    }
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.Cli;

/// <summary>Small data of every kind that the tool reads, and a model; made once for a class of tests.</summary>
public sealed class CliFiles : IDisposable
{
    public const int Rows = 40;
    public const int Features = 3;

    private static readonly string[] Colours = ["red", "green", "blue"];

    private readonly TemporaryFolder _folder = new();

    public CliFiles()
    {
        double[] inputs = new double[Rows * Features];
        int[] labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            labels[row] = row % 3;
            for (int column = 0; column < Features; column++)
            {
                // A class lies around the unit vector of its number: easy to learn.
                inputs[(row * Features) + column] = (column == labels[row] ? 1 : 0) + (0.1 * Math.Sin((7 * row) + column));
            }
        }

        NpyArray x = NpyArray.Create<double>(inputs, Rows, Features);
        NpyFile.Write(File("X.npy"), x);
        NpyFile.Write(File("y.npy"), NpyArray.Create<int>(labels, Rows));
        NpyFile.Write(File("float.npy"), NpyArray.Create<double>([.. labels.Select(label => (double)label)], Rows));
        NpyFile.Write(File("half.npy"), NpyArray.Create<double>([.. labels.Select(label => label + 0.5)], Rows));
        NpyFile.Write(File("binary.npy"), NpyArray.Create<int>([.. labels.Select(label => label / 2)], Rows));
        NpyFile.Write(File("onehot.npy"), NpyArray.Create<int>([.. labels.SelectMany(label => Enumerable.Range(0, 3).Select(c => c == label ? 1 : 0))], Rows, 3));
        NpyFile.Write(File("real.npy"), NpyArray.Create<double>([.. inputs.Select(value => 2 * value)], Rows, Features));
        NpyFile.Write(File("short.npy"), NpyArray.Create<int>(labels.AsSpan(1), Rows - 1));
        NpyFile.Write(File("wide.npy"), NpyArray.Create<double>(new double[Rows * 5], Rows, 5));
        NpyFile.Write(File("nan.npy"), NpyArray.Create<double>([1, double.NaN, 1], 1, 3));
        NpzFile.Write(File("both.npz"), [KeyValuePair.Create("X", x), KeyValuePair.Create("y", NpyArray.Create<int>(labels, Rows))]);
        NpzFile.Write(File("inputs.npz"), [KeyValuePair.Create("X", x)]);
        NpzFile.Write(File("nothing.npz"), [KeyValuePair.Create("Z", x)]);
        System.IO.File.WriteAllText(File("damaged.npy"), "this is no array");
        System.IO.File.WriteAllText(File("damaged.safetensors"), "this is no model");
        System.IO.File.WriteAllText(File("notes.txt"), "this is no data");
        Csv("names.csv", inputs, "a,b,c,colour", row => $",{Colours[labels[row]]}");
        Csv("REVERSED.CSV", inputs, "colour,a,b,c", _ => "", row => $"{Colours[labels[Rows - 1 - row]]},", row => Rows - 1 - row);
        Csv("numbers.csv", inputs, null, row => $",{labels[row]}");
        Csv("prices.csv", inputs, "a,b,c,price", row => $",{(1000 * labels[row]) - 500}");
        Csv("inputs.csv", inputs, "a,b,c", _ => "");
        Directory.CreateDirectory(File("idx"));
        Directory.CreateDirectory(File("empty"));
        Idx("train", 30);
        Idx("t10k", 12);
        CliProcess.Succeed(Path, "train", "names.csv", "--layers", "4:tanh,3:softmax", "--learning-rate", "0.05", "--epochs", "60", "--scale", "minmax", "--output", "colours.safetensors");
        CliProcess.Succeed(Path, "train", "X.npy", "--labels", "real.npy", "--layers", "3", "--precision", "float64", "--epochs", "3", "--output", "real.safetensors");
        CliProcess.Succeed(Path, "train", "X.npy", "--labels", "binary.npy", "--layers", "1:sigmoid", "--learning-rate", "0.1", "--epochs", "60", "--output", "binary.safetensors");
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    private void Csv(string name, double[] inputs, string? header, Func<int, string> after, Func<int, string>? before = null, Func<int, int>? order = null)
    {
        StringBuilder text = new();
        text.Append(header is null ? "" : header + "\n");
        for (int row = 0; row < Rows; row++)
        {
            int source = order?.Invoke(row) ?? row;
            string values = string.Join(',', inputs.AsSpan(source * Features, Features).ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            text.Append(before?.Invoke(row)).Append(values).Append(after(row)).Append('\n');
        }

        System.IO.File.WriteAllText(File(name), text.ToString());
    }

    /// <summary>Pictures of 2 × 2 pixels whose brightest corner is their label: images plain, labels in gzip.</summary>
    private void Idx(string prefix, int count)
    {
        byte[] images = new byte[16 + (4 * count)];
        byte[] labels = new byte[8 + count];
        int[] sizes = [0x803, count, 2, 2];
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4 * i), sizes[i]);
        }

        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 4);
            images[16 + (4 * i) + (i % 4)] = (byte)(200 + i);
        }

        System.IO.File.WriteAllBytes(File($"idx/{prefix}-images-idx3-ubyte"), images);
        using GZipStream zip = new(System.IO.File.Create(File($"idx/{prefix}-labels-idx1-ubyte.gz")), CompressionMode.Compress);
        zip.Write(labels);
    }
}

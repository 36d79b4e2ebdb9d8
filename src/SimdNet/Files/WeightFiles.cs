using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using System.Text.RegularExpressions;

using SimdNet.Files;
using SimdNet.IO;

namespace SimdNet;

/// <summary>Weights alone, without the spec, for exchange with numpy and others. Files are written whole or not at all, each by itself.</summary>
/// <remarks>Names and shapes are those of <see cref="Network{T}.Parameters"/>: W1 [inputs × units], b1 [units], …, C order, in the network's precision; what is read may have either precision and is rounded to the network's. Writing and reading allocate about twice the size of the file (of text: the text, and its numbers twice), and nothing on the word of the file alone.</remarks>
public static partial class WeightFiles
{
    /// <summary>Writes the arrays W1, b1, W2, b2, … as an .npz that <c>numpy.load</c> reads.</summary>
    /// <param name="network">What is written.</param>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="compressed">Whether the arrays are deflated; not by default, since weights hardly shrink.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or a running variance below 0.</exception>
    /// <exception cref="ArgumentException">There are more than 10,000 arrays, or one of more than 2 GiB.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before still is.</exception>
    public static void SaveNpz<T>(Network<T> network, string path, bool compressed = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        NpzFile.Write(path, WeightBlocks.Of(network).ConvertAll(block => KeyValuePair.Create(block.Name, block.Values)), compressed);
    }

    /// <summary>Sets the parameters from an .npz that holds exactly W1, b1, W2, b2, …</summary>
    /// <typeparam name="T">float or double; numbers of the other precision are rounded or widened.</typeparam>
    /// <param name="network">What is set, with the shapes of <see cref="Network{T}.Parameters"/>; a bias may be a row or a column.</param>
    /// <param name="path">The file to read.</param>
    /// <exception cref="SimdNetFormatException">The file is damaged, or an array is missing, extra, of another shape or not finite, or a running variance is below 0; the network is as it was.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void LoadNpz<T>(Network<T> network, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        WeightBlocks.Set(network, WeightImport.BlocksOf(NpzFile.Read(path)), path);
    }

    /// <summary>Writes the tensors W1, b1, … as .safetensors without anything else. <see cref="ModelFile"/> keeps the spec and the scaling too.</summary>
    /// <inheritdoc cref="SaveNpz" path="/exception"/>
    public static void SaveSafetensors<T>(Network<T> network, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile.Write(path, WeightBlocks.Of(network));
    }

    /// <summary>Sets the parameters from a .safetensors that holds exactly the tensors W1, b1, W2, b2, …: one that <see cref="SaveSafetensors"/> wrote, or a model file of the same network. Other people's names and layouts are for <see cref="WeightImport"/>.</summary>
    /// <inheritdoc cref="LoadNpz" path="/exception"/>
    public static void LoadSafetensors<T>(Network<T> network, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        WeightBlocks.Set(network, SafetensorsFile.Read(path).Blocks, path);
    }

    /// <summary>Writes a folder of text, w1.txt, b1.txt, …: a row of the array a line, blanks between, the shortest digits that bring each value back, as numpy's <c>savetxt(…, fmt="%s")</c>. A bias is one line.</summary>
    /// <param name="network">What is written.</param>
    /// <param name="folder">Made where it is not there; other files in it stay, and those of a deeper network make <see cref="LoadText"/> refuse the folder.</param>
    /// <param name="options">The layout; null for numpy's defaults.</param>
    /// <remarks>Each file is written whole or not at all, and all are on the disk before the first takes its name. No file system renames several at once: the last one, that of the network's last parameter, is removed before and comes
    /// back after all others, so that <see cref="LoadText"/> refuses what a crash or a failure in that moment leaves, rather than to take new weights with old ones for a network. For a model that survives it, use <see cref="ModelFile"/>.</remarks>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or a running variance below 0.</exception>
    /// <exception cref="IOException">A file cannot be written; what was there before still is, but where the disk fails while names change.</exception>
    public static void SaveText<T>(Network<T> network, string folder, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SaveText(network, folder, options, DiskOperations.Instance);

    /// <summary>The same on a file system of the caller's.</summary>
    internal static void SaveText<T>(Network<T> network, string folder, TextOptions? options, IFileOperations operations)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        List<NamedBlock> blocks = WeightBlocks.Of(network);
        DurableFolder.Make(folder, operations);
        AtomicFile.WriteAll(
            blocks.ConvertAll(block => TextPath(folder, block.Name)),
            (i, stream) =>
            {
                using MemoryStream text = TextWeights.Format<T>(blocks[i].Values.ToArray<T>(), blocks[i].Shape[^1], options);
                text.WriteTo(stream);
            },
            operations);
    }

    /// <summary>Sets the parameters from a folder of text, as <see cref="SaveText{T}(Network{T}, string, TextOptions?)"/> writes it and <c>numpy.savetxt</c> with any format of numbers. A bias may be a line or a column.</summary>
    /// <param name="network">What is set.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The layout; null for numpy's defaults.</param>
    /// <inheritdoc cref="LoadNpz" path="/exception"/>
    public static void LoadText<T>(Network<T> network, string folder, TextOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        List<NamedBlock> blocks = [];
        HashSet<string> expected = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            expected.Add(TextPath(folder, parameter.Name));
            (T[] values, int rows, int columns) = TextWeights.Read<T>(TextPath(folder, parameter.Name), options);
            bool isVector = parameter.Shape.Count == 1 && (rows == 1 || columns == 1);
            blocks.Add(isVector ? NamedBlock.Create<T>(parameter.Name, values, values.Length) : NamedBlock.Create<T>(parameter.Name, values, rows, columns));
        }

        foreach (string path in FilesOf(folder))
        {
            if (WeightText().IsMatch(Path.GetFileName(path)) && !expected.Contains(path))
            {
                throw new SimdNetFormatException($"the network {network.Spec.Short} has no such parameter. Load a folder that holds the weights of this network alone.", path);
            }
        }

        WeightBlocks.Set(network, blocks, folder);
    }

    private static string[] FilesOf(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{folder}: the folder may not be listed, and may hold files of another network; check its permissions.", error);
        }
    }

    [GeneratedRegex("^((w|b|gamma|beta|running_mean|running_var)[0-9]+|[a-z][a-z0-9-]*[0-9]+_[a-z][a-z0-9-]*)\\.txt$")]
    private static partial Regex WeightText();

    private static string TextPath(string folder, string name) => Path.Combine(folder, $"{(name[0] == 'W' ? 'w' : name[0])}{name.AsSpan(1)}.txt");
}

using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Cli.Reports;

/// <summary>The tensors of a file that is no model.</summary>
internal static class TensorList
{
    /// <summary>The tensors of an .npz, or of a .safetensors that has no network in it; null for another file.</summary>
    public static IReadOnlyList<TensorInfo>? TryRead(string path)
    {
        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            List<TensorInfo> tensors = [];
            foreach ((string name, NpyArray array) in NpzFile.Read(path))
            {
                tensors.Add(new(name, array.Type.ToString(), [.. array.Shape]));
            }

            return tensors;
        }

        if (!path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        SafetensorsInfo info = SafetensorsFile.ReadHeader(path);
        return info.Metadata.ContainsKey("simdnet.spec") ? null : info.Tensors;
    }

    /// <summary>Name and shape, on one line: what a file calls its tensors must not steer a terminal.</summary>
    public static string Describe(string name, IReadOnlyList<int> shape)
    {
        char[] characters = name.ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            characters[i] = char.IsControl(characters[i]) ? '\uFFFD' : characters[i];
        }

        return shape.Count == 0
            ? $"{new string(characters)} (one number)"
            : $"{new string(characters)} {string.Join('x', Array.ConvertAll([.. shape], size => size.ToString(CultureInfo.InvariantCulture)))}";
    }
}

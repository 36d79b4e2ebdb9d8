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
        return info.Metadata.ContainsKey(ModelFile.SpecKey) ? null : info.Tensors;
    }

    /// <summary>Name and shape, for <see cref="TextReport"/>, which lets no name steer a terminal.</summary>
    public static string Describe(string name, IReadOnlyList<int> shape) => shape.Count == 0
        ? $"{name} (one number)"
        : $"{name} {string.Join('x', Array.ConvertAll([.. shape], size => size.ToString(CultureInfo.InvariantCulture)))}";
}

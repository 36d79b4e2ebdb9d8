using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.IO;

namespace SimdNet.Training.Checkpoints;

/// <summary>What a call of <see cref="Trainer{T}.Fit"/> must have in common with the one that it goes on from, in words: rows, order and who is told. The number of epochs is not among it.</summary>
internal static class FitIdentity
{
    public static List<(string Name, string Value)> Of<T>(Dataset<T> data, Dataset<T>? held, FitOptions<T> options, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<(string, string)> identity =
        [
            ("training rows", Rows(data)),
            ("validation rows", held is null ? "none" : Rows(held)),
            ("BatchSize", batch.ToString(CultureInfo.InvariantCulture)),
            ("Shuffle", options.Shuffle ? "true" : "false"),
            ("Seed", options.Seed.ToString(CultureInfo.InvariantCulture)),
            ("Metrics", List(options.Metrics, metric => metric.Name)),
            ("Callbacks", List(options.Callbacks, callback => callback.Identity)),
        ];
        return identity;
    }

    /// <exception cref="ArgumentException">The two differ.</exception>
    public static void Check(IReadOnlyList<(string Name, string Value)> saved, IReadOnlyList<(string Name, string Value)> given)
    {
        for (int i = 0; i < given.Count; i++)
        {
            if (i >= saved.Count || saved[i] != given[i])
            {
                throw new ArgumentException($"The fit that goes on from a checkpoint had {given[i].Name}: {(i < saved.Count ? saved[i].Value : "?")}, and this call has {given[i].Value}. Give the same; or train the network anew, by a trainer of its own: new(trainer.Network, …).");
            }
        }
    }

    private static string Rows<T>(Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        uint checksum = Crc32.AppendValues(0, data.Inputs.Span);
        checksum = Crc32.AppendValues(checksum, data.Targets.Span);
        checksum = Crc32.AppendValues(checksum, data.Labels.Span);
        checksum = Crc32.AppendValues(checksum, data.Weights.Span);
        string targets = data.HasLabels ? "labels" : string.Create(CultureInfo.InvariantCulture, $"{data.Outputs} targets");
        return string.Create(CultureInfo.InvariantCulture, $"{data.Rows} rows of {data.Features} features and {targets}{(data.HasWeights ? ", weighted" : "")}, checksum {checksum:x8}");
    }

    private static string List<TItem>(IReadOnlyList<TItem> items, Func<TItem, string> name)
    {
        string[] names = new string[items.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = name(items[i]);
        }

        return names.Length == 0 ? "none" : string.Join(", ", names);
    }
}

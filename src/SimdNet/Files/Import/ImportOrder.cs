using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>Which of a file's layers is which of the network's.</summary>
internal static partial class ImportOrder
{
    /// <summary>The file's layers in the order that the user gave.</summary>
    /// <exception cref="SimdNetFormatException">A name is not in the file, or one of the file's is not among them.</exception>
    public static List<TensorGroup> Named(List<TensorGroup> groups, IReadOnlyList<string> names, string path)
    {
        List<TensorGroup> left = [.. groups];
        List<TensorGroup> ordered = [];
        foreach (string name in names)
        {
            int at = left.FindIndex(group => group.Name == name);
            if (at < 0)
            {
                throw new SimdNetFormatException($"the order names the layer {Quoted.Of(name)} {(groups.Exists(group => group.Name == name) ? "twice" : "and the file has none of that name")}; its layers are {Names(groups)}.", path);
            }

            ordered.Add(left[at]);
            left.RemoveAt(at);
        }

        return left.Count == 0 ? ordered : throw new SimdNetFormatException($"the order leaves out the layer {Quoted.Of(left[0].Name)} of the file; its layers are {Names(groups)}.", path);
    }

    /// <summary>The layers of a file that is sorted by name. Names that differ in their numbers alone are in the order of the numbers; others are told apart by their shapes.</summary>
    /// <exception cref="SimdNetFormatException">Two layers could change places.</exception>
    public static List<TensorGroup> Sorted(List<TensorGroup> groups, List<ImportSlot> slots, WeightSource source, string path)
    {
        if (DifferInNumbers(groups))
        {
            List<TensorGroup> byNumber = [.. groups];
            byNumber.Sort(CompareNumbers);
            return byNumber;
        }

        TensorGroup?[] ordered = new TensorGroup?[slots.Count];
        List<TensorGroup> left = [.. groups];

        // Layers whose inputs only the file knows come last: they would take what belongs to others.
        foreach (bool isKnown in (ReadOnlySpan<bool>)[true, false])
        {
            for (int i = 0; i < ordered.Length; i++)
            {
                if (slots[i].Inputs.HasValue == isKnown && ordered[i] is null)
                {
                    Place(i);
                }
            }
        }

        return [.. ordered.OfType<TensorGroup>()];

        void Place(int first)
        {
            List<TensorGroup> candidates = left.FindAll(group => slots[first].Takes(group, source));
            List<int> places = [];
            for (int i = first; i < slots.Count; i++)
            {
                if (slots[i].Inputs == slots[first].Inputs && ordered[i] is null && candidates.Count > 0 && slots[i].Takes(candidates[0], source))
                {
                    places.Add(i);
                }
            }

            if (candidates.Count == 0)
            {
                throw new SimdNetFormatException($"the network needs the layer {slots[first]}, and the file has {Describe(left)}.", path);
            }

            if (candidates.Count != places.Count || (candidates.Count > 1 && !DifferInNumbers(candidates)))
            {
                throw new SimdNetFormatException(
                    $"the file, which is sorted by name, does not say which of its layers {Names(candidates)} is the network's layer {slots[first]}. Give the order of all layers (Order), for example --order {string.Join(',', groups.ConvertAll(group => group.Name))}.", path);
            }

            candidates.Sort(CompareNumbers);
            for (int i = 0; i < places.Count; i++)
            {
                ordered[places[i]] = candidates[i];
                left.Remove(candidates[i]);
            }
        }
    }

    /// <summary>Layers for a message: the first few of them with their tensors.</summary>
    public static string Describe(List<TensorGroup> groups)
    {
        const int Most = 6;
        List<string> texts = groups[..Math.Min(groups.Count, Most)].ConvertAll(group => $"({group})");
        return groups.Count == 0 ? "none" : $"{string.Join(", ", texts)}{(groups.Count > Most ? ", …" : "")}";
    }

    private static string Names(List<TensorGroup> groups)
    {
        const int Most = 12;
        List<string> texts = groups[..Math.Min(groups.Count, Most)].ConvertAll(group => Quoted.Of(group.Name));
        return $"{string.Join(", ", texts)}{(groups.Count > Most ? ", …" : "")}";
    }

    private static bool DifferInNumbers(List<TensorGroup> groups) => groups.TrueForAll(group => Digits().Replace(group.Name, "#") == Digits().Replace(groups[0].Name, "#"));

    private static int CompareNumbers(TensorGroup a, TensorGroup b)
    {
        MatchCollection left = Digits().Matches(a.Name);
        MatchCollection right = Digits().Matches(b.Name);
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            int difference = double.Parse(left[i].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture).CompareTo(double.Parse(right[i].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            if (difference != 0)
            {
                return difference;
            }
        }

        return string.CompareOrdinal(a.Name, b.Name);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}

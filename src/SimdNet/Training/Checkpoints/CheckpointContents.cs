using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;
using SimdNet.Files;

namespace SimdNet.Training.Checkpoints;

/// <summary>What a checkpoint holds, by name: texts, and arrays, in which every bit of a number comes back.</summary>
/// <remarks>Of a file, the names that begin with <see cref="TextPrefix"/> and <see cref="ArrayPrefix"/> are seen without them; the others are the model's.</remarks>
internal sealed class CheckpointContents
{
    public const string TextPrefix = "simdnet.checkpoint.";
    public const string ArrayPrefix = "checkpoint/";

    private readonly OrderedDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, NamedBlock> _arrays = new(StringComparer.Ordinal);

    /// <summary>An empty one, to be filled.</summary>
    public CheckpointContents()
    {
    }

    /// <summary>That of a file.</summary>
    public CheckpointContents(SafetensorsContents file, string path)
    {
        Path = path;
        foreach ((string key, string value) in file.Metadata)
        {
            _texts.Add(key, value);
        }

        foreach (NamedBlock block in file.Blocks)
        {
            _arrays.Add(block.Name, block);
        }
    }

    /// <summary>The file; empty where there is none yet.</summary>
    public string Path { get; } = "";

    /// <summary>Its number in its folder.</summary>
    public long Generation { get; set; }

    /// <summary>What is wrong with a newer one; null for nothing.</summary>
    public string? Damage { get; set; }

    /// <summary>All texts with their whole keys, in their order.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>All arrays with their whole names, in their order.</summary>
    public IReadOnlyList<NamedBlock> Arrays => [.. _arrays.Values];

    /// <summary>The model's arrays alone, with all texts.</summary>
    public SafetensorsContents Model => new([.. Array.FindAll([.. _arrays.Values], block => !block.Name.StartsWith(ArrayPrefix, StringComparison.Ordinal))], _texts);

    public void AddModel(IEnumerable<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        foreach (NamedBlock block in blocks)
        {
            _arrays.Add(block.Name, block);
        }

        foreach ((string key, string value) in metadata)
        {
            _texts.Add(key, value);
        }
    }

    public void Set(string name, string text) => _texts[TextPrefix + name] = text;

    public void Set(string name, long number) => Set(name, number.ToString(CultureInfo.InvariantCulture));

    public void Set<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged => _arrays[ArrayPrefix + name] = NamedBlock.Create(ArrayPrefix + name, values, shape.IsEmpty ? [values.Length] : shape);

    public bool Has(string name) => _texts.ContainsKey(TextPrefix + name);

    public bool HasArray(string name) => _arrays.ContainsKey(ArrayPrefix + name);

    /// <exception cref="SimdNetFormatException">There is none.</exception>
    public string Text(string name) => _texts.TryGetValue(TextPrefix + name, out string? text) ? text : throw Error($"{TextPrefix}{name} is missing");

    /// <exception cref="SimdNetFormatException">There is none, or it is no number from 0 to <paramref name="greatest"/>.</exception>
    public long Number(string name, long greatest = long.MaxValue) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= greatest
        ? number
        : throw Error($"{TextPrefix}{name} is no number from 0 to {greatest}");

    /// <summary>An array of so many values; of any number where <paramref name="length"/> is null.</summary>
    /// <exception cref="SimdNetFormatException">There is none, or it is of another length or type.</exception>
    public T[] Values<T>(string name, int? length = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Block<T>(name, length).Values.ToArray<T>();

    /// <summary>The same, not copied.</summary>
    /// <exception cref="SimdNetFormatException">There is none, or it is of another length or type.</exception>
    public NamedBlock Block<T>(string name, int? length = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _arrays.TryGetValue(ArrayPrefix + name, out NamedBlock? block) && block.Type == ElementTypes.Of<T>() && block.Length == (length ?? block.Length)
        ? block
        : throw Error(block is null ? $"the array {ArrayPrefix}{name} is missing" : $"the array {ArrayPrefix}{name} has {block.Length} elements of {block.Type}, and {length?.ToString(CultureInfo.InvariantCulture) ?? "some"} of {ElementTypes.Of<T>()} were expected");

    /// <summary>The texts whose names begin so, with the rest of their names.</summary>
    public IEnumerable<(string Name, string Text)> TextsUnder(string prefix)
    {
        foreach ((string key, string value) in _texts)
        {
            if (key.StartsWith(TextPrefix + prefix, StringComparison.Ordinal))
            {
                yield return (key[(TextPrefix.Length + prefix.Length)..], value);
            }
        }
    }

    /// <summary>The names of the arrays that begin so, without what they begin with.</summary>
    public IEnumerable<string> NamesUnder(string prefix)
    {
        foreach (string name in _arrays.Keys)
        {
            if (name.StartsWith(ArrayPrefix + prefix, StringComparison.Ordinal))
            {
                yield return name[(ArrayPrefix.Length + prefix.Length)..];
            }
        }
    }

    /// <summary>A part is not what it must be.</summary>
    public SimdNetFormatException Error(string what, Exception? inner = null) => Damaged(what, Path, inner);

    /// <summary>The same where only the file's name is left.</summary>
    public static SimdNetFormatException Damaged(string what, string? path, Exception? inner = null) => new($"the checkpoint is damaged: {what}. Resume from another one.", path, null, inner);
}

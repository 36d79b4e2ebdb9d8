using System;
using System.Collections.Generic;

using SimdNet.IO;
using SimdNet.Model;

namespace SimdNet;

/// <summary>Makes users' own layers and activations from their names, for whoever reads a text or a file. It is passed in: there is no list of the process, and nothing is found by reflection.</summary>
/// <remarks>To be filled by one thread; once nobody adds any more, any number of threads may read with it at once, and its functions are called on theirs.</remarks>
/// <example>
/// <code>
/// LayerRegistry registry = new LayerRegistry().AddLayer("scale", _ =&gt; new Scale()).AddActivation("square", _ =&gt; new Square());
/// Network&lt;float&gt; network = ModelFile.Load&lt;float&gt;("model.safetensors", registry);
/// </code>
/// </example>
public sealed class LayerRegistry
{
    /// <summary>What texts have in the places of names, beside the activations.</summary>
    private static readonly string[] Reserved = ["residual", "dropout", "layernorm", "batchnorm", "no-bias"];

    private readonly Dictionary<string, Func<IReadOnlyList<double>, CustomLayer>> _layers = [];
    private readonly Dictionary<string, Func<IReadOnlyList<double>, CustomActivation>> _activations = [];

    /// <summary>Adds a layer.</summary>
    /// <param name="name">The name that it has in texts and files.</param>
    /// <param name="make">Makes it from its numbers; an ArgumentException says what is wrong with them.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is no name, is the library's, or was added before.</exception>
    public LayerRegistry AddLayer(string name, Func<IReadOnlyList<double>, CustomLayer> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        _layers.Add(NewName(name), make);
        return this;
    }

    /// <summary>Adds an activation.</summary>
    /// <inheritdoc cref="AddLayer"/>
    public LayerRegistry AddActivation(string name, Func<IReadOnlyList<double>, CustomActivation> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        _activations.Add(NewName(name), make);
        return this;
    }

    /// <summary>The layer of a text such as <c>scale</c> or <c>noise(0.1)</c>.</summary>
    /// <returns>Null where the text names none of them.</returns>
    /// <exception cref="FormatException">Its numbers are wrong.</exception>
    internal CustomLayer? FindLayer(string text) => Find(_layers, text);

    /// <summary>The activation of a text.</summary>
    /// <inheritdoc cref="FindLayer"/>
    internal CustomActivation? FindActivation(string text) => Find(_activations, text);

    /// <summary>What a text makes of those that are known by their names.</summary>
    /// <inheritdoc cref="FindLayer"/>
    internal static TMade? Find<TMade>(Dictionary<string, Func<IReadOnlyList<double>, TMade>> known, string text)
        where TMade : class
    {
        if (!CallText.TryParse(text, out string name, out double[] arguments) || !known.TryGetValue(name, out Func<IReadOnlyList<double>, TMade>? make))
        {
            return null;
        }

        try
        {
            return make(arguments);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException($"{Quoted.Of(text)} has numbers that do not fit: {ArgumentText.Of(e)}", e);
        }
    }

    /// <summary>A name for a layer or an activation of the user's: a file with one of the library's would come back as the library's.</summary>
    /// <exception cref="ArgumentException">It is no name, or the library's.</exception>
    internal static string OwnName(string name) => Array.IndexOf(Reserved, CallText.CheckedName(name)) < 0 && !Activation.TryParse(name, out _)
        ? name
        : throw new ArgumentException($"The name '{name}' is the library's own. Choose another one.", nameof(name));

    private string NewName(string name) => !_layers.ContainsKey(OwnName(name)) && !_activations.ContainsKey(name)
        ? name
        : throw new ArgumentException($"The name '{name}' was added before. Choose another one.", nameof(name));
}

using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli.Training;

/// <summary>The options about layers that come from another model, and about layers that stay as they are.</summary>
internal sealed class TransferOptions
{
    private const string Wanted = "layers counted from 1, with commas between them, or ranges such as 1-3";

    private readonly Option<string?> _from = OptionOf.Text("--init-from", "MODEL.safetensors", "Start from a model's layers, and its input scaling where --scale is not given: transfer learning. Without --layers, its own.");
    private readonly Option<IReadOnlyList<int>?> _layers = LayersOption("--init-layers", "Which layers start from it, counted from 1. [default: from the first on, as long as they are alike]");
    private readonly Option<IReadOnlyList<int>?> _freeze = LayersOption("--freeze", "Leave the parameters of these layers as they are, counted from 1.");

    public IEnumerable<Option> All => [_from, _layers, _freeze];

    /// <summary>What was chosen.</summary>
    /// <exception cref="ToolException">Layers of no model were chosen.</exception>
    public TransferChoices Read(ParseResult parsed)
    {
        TransferChoices choices = new(parsed.GetValue(_from), parsed.GetValue(_layers), parsed.GetValue(_freeze));
        return choices is { Layers: not null, From: null }
            ? throw ToolException.Usage($"{_layers.Name} goes with {_from.Name}. Add {_from.Name} MODEL.safetensors, or leave it out.")
            : choices;
    }

    private static Option<IReadOnlyList<int>?> LayersOption(string name, string description) => OptionOf.Value<IReadOnlyList<int>?>(name, "1,2|1-3", description, Wanted, TryRead);

    /// <summary>Numbers from 1 as places from 0, in order.</summary>
    private static bool TryRead(string text, out IReadOnlyList<int>? places)
    {
        SortedSet<int> all = [];
        places = null;
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !OptionOf.TryReadCount(ends[0], out int? first) || !OptionOf.TryReadCount(ends[^1], out int? last) || last < first || last > TransferChoices.MostLayers)
            {
                return false;
            }

            all.UnionWith(Enumerable.Range(first!.Value - 1, last!.Value - first.Value + 1));
        }

        places = [.. all];
        return true;
    }
}

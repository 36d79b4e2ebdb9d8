using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SimdNet;

/// <summary>What led to a number that is NaN or infinite: the batch, and the norms of every layer on it, computed once more with the parameters as they are.</summary>
public sealed record NonFiniteReport
{
    internal NonFiniteReport()
    {
    }

    /// <summary>What became non-finite, as the exception says it.</summary>
    public required string Message { get; init; }

    /// <summary>The epoch, from 1; 0 for a pass of <see cref="Trainer{T}.PartialFit(Dataset{T}, int)"/>.</summary>
    public required int Epoch { get; init; }

    /// <summary>The batch in the epoch or pass, from 1: the one whose loss it is, or the last one before it was noticed.</summary>
    public required int Batch { get; init; }

    /// <summary>The batch's rows, as numbers of rows of the training data.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>The batch's loss with the parameters as they are.</summary>
    public required double Loss { get; init; }

    /// <summary>The learning rate of the steps that led to it.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Every layer of the spec, in the order of the data; a residual block is one.</summary>
    public required IReadOnlyList<LayerNorms> Layers { get; init; }

    /// <summary>The first layer with a weight or an activation that is not finite, or, where there is none, the last with such a gradient, which is where the way back meets it first. Null where all are finite.</summary>
    public LayerNorms? Culprit
    {
        get
        {
            LayerNorms? found = null;
            foreach (LayerNorms layer in Layers)
            {
                if (!double.IsFinite(layer.Weights) || !double.IsFinite(layer.Activations))
                {
                    return layer;
                }

                found = double.IsFinite(layer.Gradients) ? found : layer;
            }

            return found;
        }
    }

    /// <summary>The report as a table of a few lines.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        string rows = Rows.Count == 1 ? $"row {Rows[0]}" : $"{Rows.Count} rows from row {Rows[0]} on";
        text.AppendLine(CultureInfo.InvariantCulture, $"{(Epoch > 0 ? $"epoch {Epoch}, " : "")}batch {Batch} ({rows}), loss {Loss:G4}, learning rate {LearningRate:G4}{(Culprit is { } culprit ? $"; layer {culprit.Number} comes first" : "")}");
        text.Append(CultureInfo.InvariantCulture, $"{"layer",-24}{"weights",12}{"activations",13}{"gradients",12}");
        foreach (LayerNorms layer in Layers)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{$"{layer.Number} {layer.Name}",-24}{layer.Weights,12:G4}{layer.Activations,13:G4}{layer.Gradients,12:G4}");
        }

        return text.ToString();
    }
}

/// <summary>Euclidean norms of one layer; NaN or infinite where one of the numbers is.</summary>
/// <param name="Number">Its place among <see cref="NetworkSpec.Layers"/>, from 1.</param>
/// <param name="Name">Its units and activation, or its kind.</param>
/// <param name="Weights">Of all its parameters; 0 where it has none.</param>
/// <param name="Activations">Of its outputs over the batch.</param>
/// <param name="Gradients">Of the loss' gradient with respect to its parameters.</param>
public sealed record LayerNorms(int Number, string Name, double Weights, double Activations, double Gradients);

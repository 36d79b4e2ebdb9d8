using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;

using SimdNet.Model;

namespace SimdNet;

/// <summary>Training in one call, in the manner of Keras' compile and fit.</summary>
public static class NetworkTraining
{
    /// <summary>Trains a network with a trainer made for this call. To train on, or step by step, make a <see cref="Trainer{T}"/>.</summary>
    /// <inheritdoc cref="Trainer{T}.Fit"/>
    /// <param name="network">What is trained.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="loss">What is made smaller; the loss that fits the last layer where null.</param>
    /// <param name="optimizer">How; Adam with its defaults where null.</param>
    /// <param name="options">Epochs, batch size, order, validation, reports; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public static History Fit<T>(this Network<T> network, Dataset<T> data, Loss? loss = null, Optimizer? optimizer = null, FitOptions<T>? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        int room = network.TakesWholeBatches ? Math.Max(Tiles.DefaultWholeBatch(network), Math.Min(options.BatchSize, data.Rows)) : int.MaxValue;
        return new Trainer<T>(network, loss ?? Loss.Auto(network.Spec), optimizer ?? new Adam(), new() { MaxBatch = room }).Fit(data, options, cancellationToken);
    }

    /// <summary>The loss, accuracy and mean absolute error of a network over a data set.</summary>
    /// <param name="network">What is evaluated.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="loss">What is measured; the loss that it was trained with, where it is noted and fits, else the one that fits the last layer, where null. The model's note stays as it is.</param>
    /// <param name="team">A team that helps; null for none. It changes no bit.</param>
    /// <param name="metrics">What else is measured, each for as many outputs as the network has; null for nothing. They forget what they had.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or the loss or a metric does not fit the network.</exception>
    /// <exception cref="NonFiniteException">There are metrics, and an output is NaN.</exception>
    /// <remarks>It makes a trainer for this call, with its memory; <see cref="Trainer{T}.Evaluate(Dataset{T})"/> of a trainer that is there allocates nothing.</remarks>
    public static Evaluation Evaluate<T>(this Network<T> network, Dataset<T> data, Loss? loss = null, WorkerTeam? team = null, IReadOnlyList<Metric>? metrics = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new Trainer<T>(network, loss ?? Loss.Of(network), new Sgd(), new() { Team = team }, notesLoss: false).Evaluate(data, [.. metrics ?? []]);
}

using System;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Training.Losses;

namespace SimdNet.Training.Steps;

/// <summary>Forward of a tile of rows and its loss: what steps of every kind and evaluation have in common.</summary>
internal sealed class LossPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Loss _loss;
    private readonly bool _reshapesTargets;

    /// <param name="network">What is run.</param>
    /// <param name="loss">What is summed.</param>
    /// <param name="trained">What is trained of the network.</param>
    /// <param name="workspaces">For training: the outputs of all layers are kept. The first holds the batch, the others lend their scratch to the team's workers.</param>
    /// <param name="team">Who helps; null for nobody.</param>
    public LossPass(Network<T> network, Loss loss, TrainableParts<T> trained, Workspace<T>[] workspaces, WorkerTeam? team)
    {
        _loss = loss;
        Trained = trained;
        Network = network;
        Loss = loss.Bind(network);
        _reshapesTargets = Loss.ReshapesTargets;
        Workspace = workspaces[0];
        Layers = new(network, trained, team, workspaces);
        SmallBatches = IsDense && network.Small is { } small && small.TakesBatches(Loss.TakesLogits) ? small : null;
    }

    public Network<T> Network { get; }

    public LossFunction<T> Loss { get; }

    /// <summary>What is trained of the network.</summary>
    public TrainableParts<T> Trained { get; }

    public Workspace<T> Workspace { get; }

    public LayerTeam<T> Layers { get; }

    /// <summary>Whether all layers are dense and trained: what single steps of plain descent and the kernels of small networks take.</summary>
    public bool IsDense => Network.IsDense && Trained.IsAll;

    /// <summary>The network where the kernels of small networks run it on batches; null where its layers do.</summary>
    public SmallNetwork<T>? SmallBatches { get; }

    /// <summary>A tile of inputs, which a pass begins with; those that are scaled only now are looked at once more, since a quotient can overflow.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlyMatrixView<T> Inputs(in RowSource<T> source, int start, int rows)
    {
        Workspace.Reserve(rows);
        ReadOnlyMatrixView<T> input = Layers.Inputs(source, start, rows);
        if (source.ScalesInputs)
        {
            CheckFinite(input.Elements, "Scaled input", start);
        }

        return input;
    }

    /// <summary>A tile of targets; those that are scaled only now are looked at here.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlyMatrixView<T> Targets(in RowSource<T> source, int start, int rows)
    {
        ReadOnlyMatrixView<T> target = source.Targets(start, rows, Workspace);
        return source.ScalesTargets && Loss.Check(target.Elements) is { } wrong
            ? throw new ArgumentException($"The scaled targets do not fit the loss: {wrong}. No parameter was changed.", nameof(source))
            : target;
    }

    /// <summary>Looks at all rows that are scaled only when they are taken, before the first step on one of them.</summary>
    /// <exception cref="ArgumentException">Scaled targets are outside the loss' domain.</exception>
    /// <exception cref="NonFiniteException">A scaled input is not finite.</exception>
    [MethodImpl(Compiled.Entry)]
    public void CheckScaled(in RowSource<T> source)
    {
        bool takesTargets = source.ScalesTargets && !(Loss.TakesLabels && source.HasLabels && !source.IsWeighted && !_reshapesTargets);
        if (!source.ScalesInputs && !takesTargets)
        {
            return;
        }

        int tile = Workspace.Rows;
        for (int row = 0; row < source.Rows; row += tile)
        {
            int rows = Math.Min(tile, source.Rows - row);
            if (source.ScalesInputs)
            {
                Inputs(source, row, rows);
            }

            if (takesTargets)
            {
                Targets(source, row, rows);
            }
        }
    }

    /// <summary>A sum is finite where all its terms are, unless they are huge: then they are looked at one by one.</summary>
    /// <param name="x">[rows × inputs].</param>
    /// <param name="what">What an element of it is.</param>
    /// <param name="firstRow">Which of the caller's rows comes first.</param>
    [MethodImpl(Compiled.Entry)]
    public void CheckFinite(ReadOnlySpan<T> x, string what, int firstRow = 0)
    {
        if (Layers.HasFiniteSum(x))
        {
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (!T.IsFinite(x[i]))
            {
                throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"{what} {i % Network.Inputs} of row {firstRow + (i / Network.Inputs)} is {x[i]}; no parameter was changed."));
            }
        }
    }

    /// <summary>Forward of a tile, its loss, and the loss' gradient in the workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    public double Run(in RowSource<T> source, int start, ReadOnlyMatrixView<T> input, in PassPlace place, T scale, AccuracyKind accuracy, ref double right)
    {
        return Terms(source, start, Forward(input, place), scale, accuracy, ref right);
    }

    [MethodImpl(Compiled.Entry)]
    private MatrixView<T> Forward(ReadOnlyMatrixView<T> input, in PassPlace place)
    {
        if (input.Rows == 1 && Network.IsDense)
        {
            return InferencePass<T>.ForwardSample(Network, Workspace, input.Row(0), Loss.TakesLogits);
        }

        if (SmallBatches is { } small)
        {
            Network.Kernels.SmallForward(small, Network.ParameterBlock, input, Workspace.Rows, Workspace.Outputs, Loss.TakesLogits);
            return Workspace.Output(Network.Layers.Length - 1, input.Rows);
        }

        MatrixView<T> output = default;
        for (int i = 0, last = Network.Layers.Length - 1; i <= last; i++)
        {
            output = Workspace.Output(i, input.Rows);
            Layers.Forward(i, place, input, output, Loss.TakesLogits && i == last);
            input = output;
        }

        return output;
    }

    /// <summary>The loss of a tile whose forward is done, and the loss' gradient in the workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    public double Terms(in RowSource<T> source, int start, MatrixView<T> output, T scale, AccuracyKind accuracy, ref double right)
    {
        int rows = output.Rows;
        MatrixView<T> gradient = Workspace.OutputGradient(Network.Layers.Length - 1, rows);
        if (source.IsWeighted || _reshapesTargets)
        {
            return WeightedTerms(source, start, output, scale, gradient, accuracy, ref right);
        }

        if (Loss.TakesLabels && source.HasLabels)
        {
            ReadOnlySpan<int> labels = source.Labels(start, rows, Workspace);
            double loss = double.CreateTruncating(Loss.Sum(output, labels, scale, gradient));
            right += accuracy == AccuracyKind.None ? 0 : Accuracy.Count<T>(output, labels);
            return loss;
        }

        ReadOnlyMatrixView<T> target = Targets(source, start, rows);
        double sum = double.CreateTruncating(Loss.Sum(output, target, scale, gradient));
        right += accuracy == AccuracyKind.None ? 0 : Accuracy.Count<T>(accuracy, output, target);
        return sum;
    }

    /// <summary><see cref="Terms"/> where rows do not count alike, or targets are not used as they are given. The rows predicted right are counted without weights.</summary>
    [MethodImpl(Compiled.Loop)]
    private double WeightedTerms(in RowSource<T> source, int start, MatrixView<T> output, T scale, MatrixView<T> gradient, AccuracyKind accuracy, ref double right)
    {
        int rows = output.Rows;
        MatrixView<T> target = Workspace.Target(rows);
        ReadOnlySpan<T> given = Targets(source, start, rows).Elements;
        if (!given.Overlaps(target.Elements))
        {
            given.CopyTo(target.Elements);
        }

        Span<T> weights = default;
        if (source.IsWeighted)
        {
            weights = Workspace.Weights(rows);
            source.Weights(start, weights);
        }

        double sum = Loss.WeightedSum(output, target, weights, scale, gradient);
        if (accuracy != AccuracyKind.None)
        {
            right += accuracy == AccuracyKind.Categorical && source.HasLabels
                ? Accuracy.Count<T>(output, source.Labels(start, rows, Workspace))
                : Accuracy.Count<T>(accuracy, output, source.Targets(start, rows, Workspace));
        }

        return sum;
    }

    /// <summary>The loss' sum over some rows of a batch, tile by tile, and their part of its gradient.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="place">Of the first of them.</param>
    /// <param name="scale">Factor of the gradient, for the whole batch.</param>
    /// <param name="gradient">A block of the parameters' layout, overwritten.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    [MethodImpl(Compiled.Entry)]
    public double LossAndGradient(in RowSource<T> source, int start, int count, in PassPlace place, T scale, Span<T> gradient, AccuracyKind accuracy, ref double right)
    {
        int tile = Tiles.Balanced(count, Workspace.Rows);
        double sum = 0;
        for (int row = start, end = start + count; row < end; row += tile)
        {
            ReadOnlyMatrixView<T> input = Inputs(source, row, Math.Min(tile, end - row));
            PassPlace tilePlace = place with { FirstRow = place.FirstRow + row - start };
            sum += Run(source, row, input, tilePlace, scale, accuracy, ref right);
            Backward(input, tilePlace, gradient, accumulate: row > start);
        }

        return sum;
    }

    /// <summary>Backward of a tile whose forward and loss are in the workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Backward(ReadOnlyMatrixView<T> input, in PassPlace place, Span<T> gradients, bool accumulate)
    {
        int last = Network.Layers.Length - 1;
        int rows = input.Rows;
        if (SmallBatches is { } small && rows > 1)
        {
            Network.Kernels.SmallBackward(
                small, Network.ParameterBlock, gradients, input, Workspace.Rows, Workspace.Outputs, Workspace.Gradients(last), Workspace.Gradients(last + 1), Loss.TakesLogits, accumulate, Workspace.Scratch);
            return;
        }

        if (!Loss.TakesLogits)
        {
            Network.Layers[last].ActivateGradient(Workspace.Output(last, rows), Workspace.OutputGradient(last, rows));
        }

        for (int i = last; i >= Trained.Lowest; i--)
        {
            Layers.Backward(
                i,
                place,
                gradients,
                i == 0 ? input : Workspace.Output(i - 1, rows),
                Workspace.Output(i, rows),
                Workspace.OutputGradient(i, rows),
                i == 0 ? default : Workspace.OutputGradient(i - 1, rows),
                accumulate,
                Loss.TakesLogits && i == last);
        }
    }

    /// <summary>Sums over some rows: the loss' terms, the rows predicted right, and, where it is wanted, the absolute errors in the targets' own scale.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="end">The first that is not of them.</param>
    /// <param name="tile">Rows at a time.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="withError">Whether the errors are wanted.</param>
    /// <param name="metrics">What collects the rows, in the targets' own scale.</param>
    [MethodImpl(Compiled.Entry)]
    public (double Sum, double Right, double Error) Evaluate(in RowSource<T> source, int start, int end, int tile, AccuracyKind accuracy, bool withError, ReadOnlySpan<Metric> metrics = default)
    {
        double sum = 0;
        double right = 0;
        double error = 0;
        for (; start < end; start += tile)
        {
            int rows = Math.Min(tile, end - start);
            sum += Run(source, start, Inputs(source, start, rows), default, T.One, accuracy, ref right);
            if (withError || !metrics.IsEmpty)
            {
                Span<T> output = Workspace.Output(Network.Layers.Length - 1, rows).Elements;
                ReadOnlySpan<T> target = source.Targets(start, rows, Workspace).Elements;
                if (Network.TargetScaler is { } scaler)
                {
                    Span<T> raw = Workspace.Target(rows).Elements;
                    scaler.Inverse(target, raw);
                    scaler.Inverse(output, output);
                    target = raw;
                }

                error += double.CreateTruncating(Network.Kernels.AbsoluteError(output, target));
                foreach (Metric metric in metrics)
                {
                    if (source.HasLabels)
                    {
                        metric.Update<T>(output, source.Labels(start, rows, Workspace));
                    }
                    else
                    {
                        metric.Update<T>(output, target);
                    }
                }
            }
        }

        return (sum, right, error);
    }

    /// <summary>Refuses a loss that is NaN or infinite, before anything is changed.</summary>
    /// <param name="sum">Of the loss' terms.</param>
    /// <param name="learningRate">The one that led to it.</param>
    /// <param name="row">The row, where it is a single one; else −1.</param>
    [MethodImpl(Compiled.Entry)]
    public void CheckLoss(double sum, double learningRate, int row = -1)
    {
        if (!double.IsFinite(sum))
        {
            throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"The loss {_loss} became {(double.IsNaN(sum) ? "NaN" : "infinite")}; the step was not made. Lower the learning rate (now {learningRate}), or scale the inputs.")) { Row = row };
        }
    }
}

using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model.Layers;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps on batches of any size, made of matrix products, tile by tile, with what help a team gives.</summary>
internal sealed class BatchStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass;
    private readonly OptimizerState<T> _optimizer;
    private readonly ShardedPass<T> _shards;
    private readonly WeightRules<T>? _rules;
    private readonly Clipping<T>? _clipping;
    private readonly LbfgsState<T>? _lbfgs;
    private readonly StepCount _steps;

    /// <summary>True where an input that is not finite shows in a gradient: a weight's is a sum of inputs times something, and is not finite where one of these inputs is not, even if what it is multiplied by is 0. A first layer that
    /// is frozen forms none, and one of another kind may make a finite number of such an input.</summary>
    private readonly bool _showsInputs;

    /// <param name="pass">With the team's help within a tile.</param>
    /// <param name="optimizer">What makes the step.</param>
    /// <param name="shards">With the team's help between tiles.</param>
    /// <param name="rules">What layers ask of their weights; null for nothing.</param>
    /// <param name="clipping">What bounds the gradient; null for nothing.</param>
    /// <param name="steps">How many were made before.</param>
    public BatchStep(LossPass<T> pass, OptimizerState<T> optimizer, ShardedPass<T> shards, WeightRules<T>? rules, Clipping<T>? clipping, StepCount steps)
    {
        _steps = steps;
        _pass = pass;
        _optimizer = optimizer;
        _shards = shards;
        _rules = rules;
        _clipping = clipping;
        _lbfgs = optimizer as LbfgsState<T>;
        if (_lbfgs is not null)
        {
            _lbfgs.Trained = pass.Trained.TrainedRanges.ToArray();
        }

        _showsInputs = pass.Trained.Lowest == 0 && pass.Network.Layers[0] is DenseLayer<T>;
        IsPlain = optimizer.IsPlain && rules is null && clipping is null;
    }

    /// <summary>True where a step is p −= rate · g and nothing else, so that it can be fused with the backward pass.</summary>
    public bool IsPlain { get; }

    /// <summary>Steps that were not made, since their gradient was not finite.</summary>
    public long Skipped { get; set; }

    /// <summary>True where the last step found nothing to improve: of <see cref="Lbfgs"/> alone.</summary>
    public bool HasConverged
    {
        get => _lbfgs is { HasConverged: true };
        set
        {
            if (_lbfgs is not null)
            {
                _lbfgs.HasConverged = value;
            }
        }
    }

    /// <summary>The penalties' part of the last step's loss.</summary>
    public double Penalty { get; private set; }

    /// <summary>The gradient of the last step that formed one, a block of the parameters' layout.</summary>
    public Span<T> Gradient => _shards.Gradient;

    /// <summary>One step on rows start to start + count − 1 as a batch.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="start">The first of the batch.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    /// <param name="checksInputs">True where nobody has looked whether the inputs are finite; they are all of the source's.</param>
    /// <returns>The sum of the loss' terms before the step, without <see cref="Penalty"/>.</returns>
    [MethodImpl(Compiled.Entry)]
    public double Step(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right, bool checksInputs)
    {
        T scale = _pass.Loss.GradientScale(source.Weight(start, count));
        if (IsPlain && count <= _pass.Workspace.Rows)
        {
            // The whole batch's loss is known before any weight changes, and no later tile needs the weights as they were: the step is made by the products themselves.
            ReadOnlyMatrixView<T> input = _pass.Inputs(source, start, count);
            PassPlace place = _steps.Next;
            double loss = _pass.Run(source, start, input, place, -T.CreateTruncating(_optimizer.LearningRate) * scale, accuracy, ref right);
            if (checksInputs)
            {
                // Only now: forward has brought them into L2, where they are read in a third of the time.
                _pass.CheckFinite(source.AllInputs, "Input");
            }

            _pass.CheckLoss(loss, _optimizer.LearningRate);
            _pass.Backward(input, place, _pass.Network.ParameterBlock, accumulate: true);
            _pass.Layers.EndStep(place, count);
            return loss;
        }

        double sum = LossAndGradient(source, start, count, accuracy, ref right, out double penalty);
        Penalty = penalty;
        if (checksInputs && !(_showsInputs && count > _pass.Workspace.Rows && double.IsFinite(sum) && _pass.Layers.HasFiniteSum(Gradient)))
        {
            // One tile is in L2 still; of several the gradient tells it.
            _pass.CheckFinite(source.AllInputs, "Input");
        }

        _pass.CheckLoss(sum + penalty, _optimizer.LearningRate);
        if (_clipping is not null && !_clipping.Clip(Gradient))
        {
            Skipped++;
            return sum;
        }

        if (_lbfgs is not null)
        {
            Objective objective = new() { Step = this, Source = source, Start = start, Count = count };
            if (!_lbfgs.Step(objective, _pass.Loss.Mean(sum, source.Weight(start, count), penalty), _pass.Network.ParameterBlock, Gradient))
            {
                return sum;
            }
        }
        else
        {
            _pass.Layers.Update(_optimizer, Gradient);
        }

        _rules?.Limit();
        _pass.Layers.EndStep(_steps.Next, count);
        return sum;
    }

    /// <summary>The sum of the loss' terms over a batch, tile by tile, and the gradient of its loss, penalties included.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="start">The first of the batch.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    /// <param name="penalty">What the loss of the batch has beside its terms.</param>
    [MethodImpl(Compiled.Entry)]
    public double LossAndGradient(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right, out double penalty)
    {
        int shards = Shards.Of(_pass.Network, count);
        double sum = shards > 1
            ? _shards.LossAndGradient(source, start, count, _steps.Next, shards, accuracy, ref right)
            : _pass.LossAndGradient(source, start, count, _steps.Next, _pass.Loss.GradientScale(source.Weight(start, count)), Gradient, accuracy, ref right);
        penalty = _rules is null ? 0 : _rules.AddPenalty(Gradient);
        return sum;
    }

    /// <summary>The loss of a batch as a function of the parameters.</summary>
    private ref struct Objective : IObjective
    {
        public BatchStep<T> Step;
        public RowSource<T> Source;
        public int Start;
        public int Count;

        [MethodImpl(Compiled.Entry)]
        public readonly double Evaluate()
        {
            double right = 0;
            double sum = Step.LossAndGradient(Source, Start, Count, AccuracyKind.None, ref right, out double penalty);
            return Step._pass.Loss.Mean(sum, Source.Weight(Start, Count), penalty);
        }
    }
}

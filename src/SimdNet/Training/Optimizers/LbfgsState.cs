using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Training.Optimizers;

/// <summary>A function of the network's parameters, and its gradient, wherever the parameters are.</summary>
internal interface IObjective
{
    /// <summary>The value at the parameters as they are now; the gradient is left in its block.</summary>
    double Evaluate();
}

/// <summary>L-BFGS at work.</summary>
/// <remarks>The pairs are s = α·d, how far a step went, and y, how much that changed the gradient. One whose s·y is not clearly positive, or so small that its quotients overflow, says nothing about a minimum and is not kept.</remarks>
internal sealed class LbfgsState<T> : OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Count = 0;
    private const int Newest = 1;
    private const int Gamma = 2;
    private const int FirstRho = 3;

    private readonly KernelSet<T> _kernels;
    private readonly int _history;
    private readonly double _tolerance;
    private readonly double _decay;
    private readonly AlignedBuffer<T>[] _steps;
    private readonly AlignedBuffer<T>[] _changes;
    private readonly AlignedBuffer<T> _origin;
    private readonly AlignedBuffer<T> _before;
    private readonly AlignedBuffer<T> _direction;
    private readonly double[] _alpha;

    /// <summary>Pairs, the newest one's place, s·y / y·y of that, and 1 / s·y of each.</summary>
    private readonly double[] _scalars;

    public LbfgsState(Lbfgs options, KernelSet<T> kernels, int length)
        : base(options.LearningRate)
    {
        _kernels = kernels;
        _history = options.History;
        _tolerance = options.GradientTolerance;
        _decay = options.WeightDecay;
        _steps = new AlignedBuffer<T>[_history];
        _changes = new AlignedBuffer<T>[_history];
        for (int i = 0; i < _history; i++)
        {
            _steps[i] = new(length);
            _changes[i] = new(length);
        }

        _origin = new(length);
        _before = new(length);
        _direction = new(length);
        Trained = [(0, length)];
        _alpha = new double[_history];
        _scalars = new double[FirstRho + _history];
    }

    /// <summary>The parts of the block that are trained, which decay: all of it at first.</summary>
    public (int Start, int Count)[] Trained { get; set; }

    /// <summary>True where the last step found nothing to improve.</summary>
    public bool HasConverged { get; set; }

    public override IReadOnlyList<AlignedBuffer<T>> Moments => [.. _steps, .. _changes];

    public override Span<double> Scalars => _scalars;

    public override bool Accepts(ReadOnlySpan<double> scalars) =>
        base.Accepts(scalars) && double.IsInteger(scalars[Count]) && scalars[Count] <= _history && double.IsInteger(scalars[Newest]) && scalars[Newest] < _history;

    public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) => throw new NotSupportedException("A step of L-BFGS needs its objective.");

    /// <summary>One iteration.</summary>
    /// <param name="objective">What is made smaller, evaluated at the parameters.</param>
    /// <param name="value">What it was there, finite.</param>
    /// <param name="parameters">The block, updated.</param>
    /// <param name="gradient">The block that the objective leaves its gradient in.</param>
    /// <returns>False where no better point was found: the parameters are as they were, and what layers hold is of a point that was tried.</returns>
    /// <exception cref="NonFiniteException">The gradient is not finite; no parameter was changed.</exception>
    /// <remarks>Where the objective throws at a point that is tried, the parameters are as they were too.</remarks>
    [MethodImpl(Compiled.Entry)]
    public bool Step<TObjective>(TObjective objective, double value, Span<T> parameters, Span<T> gradient)
        where TObjective : struct, IObjective, allows ref struct
    {
        value += Decay(parameters, gradient);
        double largest = double.CreateTruncating(T.Abs(TensorPrimitives.MaxMagnitude<T>(gradient)));
        if (!double.IsFinite(largest))
        {
            throw new NonFiniteException("A gradient of L-BFGS became NaN or infinite; the step was not made. Scale the inputs, or start from smaller weights.");
        }

        HasConverged = largest <= _tolerance;
        if (HasConverged)
        {
            return true;
        }

        Span<T> direction = _direction.Span;
        parameters.CopyTo(_origin.Span);
        gradient.CopyTo(_before.Span);
        Turn(direction);
        double slope = Dot(gradient, direction);
        if (!(slope < 0) || !double.IsFinite(slope))
        {
            Forget();
            Turn(direction);
            slope = Dot(gradient, direction);
        }

        double first = _scalars[Count] > 0 ? LearningRate : LearningRate * Math.Min(1, 1 / Magnitude(gradient));
        Line<TObjective> line = new() { Objective = objective, State = this, Parameters = parameters, Gradient = gradient };
        LineStep found;
        double reached;
        try
        {
            found = StrongWolfe.Search(ref line, value, slope, first);
            reached = found.Slope;
            if (found.Step != 0 && !found.IsLast)
            {
                line.At(found.Step, out reached);
            }
        }
        catch
        {
            _origin.Span.CopyTo(parameters);
            throw;
        }

        if (found.Step == 0)
        {
            // Along a direction that the curvature chose, steepest descent may still find something; where that was it, nothing does in this precision.
            _origin.Span.CopyTo(parameters);
            HasConverged = _scalars[Count] == 0;
            Forget();
            return false;
        }

        Remember(found.Step, found.Step * (reached - slope), gradient);
        return true;
    }

    /// <summary>The penalty's part of the value; its gradient is added.</summary>
    private double Decay(ReadOnlySpan<T> parameters, Span<T> gradient)
    {
        if (_decay == 0)
        {
            return 0;
        }

        double sum = 0;
        foreach ((int start, int count) in Trained)
        {
            ReadOnlySpan<T> part = parameters.Slice(start, count);
            _kernels.AddScaled(T.CreateTruncating(_decay), part, gradient.Slice(start, count));
            sum += Dot(part, part);
        }

        return _decay * sum / 2;
    }

    /// <summary>Algorithm 7.4, the two loops: direction = −H·g, with the gradient in its copy.</summary>
    private void Turn(Span<T> direction)
    {
        direction.Clear();
        _kernels.AddScaled(-T.One, _before.Span, direction);
        int count = (int)_scalars[Count];
        if (count == 0)
        {
            return;
        }

        for (int age = 0; age < count; age++)
        {
            int pair = Pair(age);
            _alpha[pair] = _scalars[FirstRho + pair] * Dot(_steps[pair].Span, direction);
            _kernels.AddScaled(T.CreateTruncating(-_alpha[pair]), _changes[pair].Span, direction);
        }

        TensorPrimitives.Multiply(direction, T.CreateTruncating(_scalars[Gamma]), direction);
        for (int age = count - 1; age >= 0; age--)
        {
            int pair = Pair(age);
            double beta = _scalars[FirstRho + pair] * Dot(_changes[pair].Span, direction);
            _kernels.AddScaled(T.CreateTruncating(_alpha[pair] - beta), _steps[pair].Span, direction);
        }
    }

    /// <summary>Keeps a pair in the place of the oldest.</summary>
    /// <param name="step">α.</param>
    /// <param name="curvature">s·y.</param>
    /// <param name="gradient">At the new point.</param>
    private void Remember(double step, double curvature, ReadOnlySpan<T> gradient)
    {
        // The gradient before is not needed any more: it becomes −y.
        Span<T> change = _before.Span;
        _kernels.AddScaled(-T.One, gradient, change);
        double square = Dot(change, change);
        double gamma = curvature / square;
        double rho = 1 / curvature;
        if (!(curvature > double.CreateTruncating(T.BitIncrement(T.One) - T.One) * square) || !double.IsFinite(gamma) || !double.IsFinite(rho))
        {
            return;
        }

        int pair = _scalars[Count] == 0 ? 0 : ((int)_scalars[Newest] + 1) % _history;
        _steps[pair].Span.Clear();
        _kernels.AddScaled(T.CreateTruncating(step), _direction.Span, _steps[pair].Span);
        _changes[pair].Span.Clear();
        _kernels.AddScaled(-T.One, change, _changes[pair].Span);
        _scalars[Count] = Math.Min(_scalars[Count] + 1, _history);
        _scalars[Newest] = pair;
        _scalars[Gamma] = gamma;
        _scalars[FirstRho + pair] = rho;
    }

    private void Forget() => _scalars[Count] = 0;

    /// <summary>The place of a pair by its age, 0 for the newest.</summary>
    private int Pair(int age) => ((int)_scalars[Newest] - age + _history) % _history;

    private double Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y) => double.CreateTruncating(_kernels.Dot(x, y));

    /// <summary>Σ|x|.</summary>
    private static double Magnitude(ReadOnlySpan<T> x)
    {
        double sum = 0;
        foreach (T value in x)
        {
            sum += Math.Abs(double.CreateTruncating(value));
        }

        return sum;
    }

    /// <summary>The objective along the direction.</summary>
    private ref struct Line<TObjective> : ILine
        where TObjective : struct, IObjective, allows ref struct
    {
        public TObjective Objective;
        public LbfgsState<T> State;
        public Span<T> Parameters;
        public Span<T> Gradient;

        [MethodImpl(Compiled.Entry)]
        public double At(double step, out double slope)
        {
            State._origin.Span.CopyTo(Parameters);
            State._kernels.UpdateSgd(Parameters, State._direction.Span, T.CreateTruncating(-step), T.Zero);
            double value = Objective.Evaluate();
            value += State.Decay(Parameters, Gradient);
            slope = State.Dot(Gradient, State._direction.Span);
            return value;
        }
    }
}

using System;
using System.Numerics;

namespace SimdNet;

/// <summary>A callback of functions, for what is too small for a class of its own. In the manner of Keras' <c>LambdaCallback</c>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <example>
/// <code>
/// LambdaCallback&lt;float&gt; log = new() { EpochEnd = context => Console.WriteLine(context.Result.Loss) };
/// </code>
/// </example>
public sealed class LambdaCallback<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Called before the first epoch; null for nothing.</summary>
    public Action<FitContext<T>>? TrainBegin { get; init; }

    /// <summary>Called before each epoch; null for nothing.</summary>
    public Action<FitContext<T>>? EpochBegin { get; init; }

    /// <summary>Called after each batch; null for nothing.</summary>
    public Action<FitContext<T>>? BatchEnd { get; init; }

    /// <summary>Called after each epoch; null for nothing.</summary>
    public Action<FitContext<T>>? EpochEnd { get; init; }

    /// <summary>Called after the training, however it ends; null for nothing.</summary>
    public Action<FitContext<T>>? TrainEnd { get; init; }

    /// <inheritdoc/>
    public override bool WantsBatches => BatchEnd is not null;

    /// <inheritdoc/>
    public override void OnTrainBegin(FitContext<T> context) => TrainBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext<T> context) => EpochBegin?.Invoke(context);

    /// <inheritdoc/>
    public override void OnBatchEnd(FitContext<T> context) => BatchEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext<T> context) => EpochEnd?.Invoke(context);

    /// <inheritdoc/>
    public override void OnTrainEnd(FitContext<T> context) => TrainEnd?.Invoke(context);
}

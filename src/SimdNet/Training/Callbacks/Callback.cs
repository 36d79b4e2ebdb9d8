using System.Numerics;

namespace SimdNet;

/// <summary>What is told of a training and may act on it, in the manner of Keras' <c>Callback</c>: override what is wanted.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>Calls come on the thread of <see cref="Trainer{T}.Fit"/>, between steps. A callback may allocate, change the learning rate or the parameters, and stop the training; an exception of its own ends it.</remarks>
public abstract class Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="OnBatchEnd"/> is wanted, asked before the first epoch. False by default: batches can be shorter than such a call, and single steps are then made several in one go, to the same bits.</summary>
    public virtual bool WantsBatches => false;

    /// <summary>Before the first epoch.</summary>
    /// <param name="context">Where the training is.</param>
    public virtual void OnTrainBegin(FitContext<T> context)
    {
    }

    /// <summary>Before an epoch. <see cref="FitContext{T}.Result"/> is still that of the epoch before.</summary>
    /// <param name="context">Where the training is.</param>
    public virtual void OnEpochBegin(FitContext<T> context)
    {
    }

    /// <summary>After a step, where <see cref="WantsBatches"/> says so.</summary>
    /// <param name="context">Where the training is.</param>
    public virtual void OnBatchEnd(FitContext<T> context)
    {
    }

    /// <summary>After an epoch, its validation and its entry in the history. Every parameter is finite.</summary>
    /// <param name="context">Where the training is.</param>
    public virtual void OnEpochEnd(FitContext<T> context)
    {
    }

    /// <summary>A loss, a parameter or a moment became NaN or infinite, and the step that would have used it was not made. The first callback that does not answer <see cref="NonFinitePolicy.Throw"/> decides.</summary>
    /// <param name="context">Where the training is.</param>
    /// <param name="report">What led to it.</param>
    /// <returns>What to do; to run the epoch again makes sense only after the parameters were changed.</returns>
    public virtual NonFinitePolicy OnNonFinite(FitContext<T> context, NonFiniteReport report) => NonFinitePolicy.Throw;

    /// <summary>Writes down what the callback remembers, for a checkpoint between two steps or epochs: as much as it takes to go on as if nothing had come between. Nothing by default.</summary>
    /// <param name="context">Where the training is.</param>
    /// <param name="state">Empty, to be filled.</param>
    public virtual void SaveState(FitContext<T> context, CallbackState<T> state)
    {
    }

    /// <summary>Takes back what <see cref="SaveState"/> wrote down, after <see cref="OnTrainBegin"/> of a training that goes on from a checkpoint.</summary>
    /// <param name="context">Where the training is; <see cref="FitContext{T}.IsResumed"/> is true.</param>
    /// <param name="state">What was written down by the callback at this place of the list.</param>
    public virtual void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
    }

    /// <summary>What must be as it was for a training to go on from a checkpoint: the callback's type, and its choices where they are known.</summary>
    internal virtual string Identity => GetType().Name.Split('`')[0];

    /// <summary>After the last epoch, however the training ends: by itself, stopped, cancelled, or by an exception, which <see cref="FitContext{T}.Error"/> then is. One that throws keeps no other from its end; its exception leaves <see cref="Trainer{T}.Fit"/> unless another ended the training.</summary>
    /// <param name="context">Where the training is.</param>
    public virtual void OnTrainEnd(FitContext<T> context)
    {
    }
}

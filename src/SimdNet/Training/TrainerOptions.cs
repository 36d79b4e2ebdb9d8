using System;

namespace SimdNet;

/// <summary>What a trainer is made with.</summary>
public sealed record TrainerOptions
{
    /// <summary>The most rows that a step will be given, at least 1: it bounds the workspace. Any number by default, since a batch is worked through in tiles whose size follows from the network; 1,024 for networks with batch normalization, which take a batch as a whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxBatch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>Threads that a step and an evaluation compute on, the caller among them: 1 to <see cref="WorkerTeam.MaxSize"/>. 1, the default, starts none. More make a team of the trainer's own, whose threads end when the trainer is collected; to end them at a time of your own, give a <see cref="Team"/> and dispose it. Results are the same bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Threads
    {
        get;
        init => field = WorkerTeam.CheckedSize(value);
    } = 1;

    /// <summary>The greatest magnitude of a gradient's values, positive; larger ones are cut to it. PyTorch's <c>clip_grad_value_</c>, Keras' <c>clipvalue</c>. Null, the default, for none.</summary>
    /// <remarks>
    /// Bounds of the gradient are a trainer's, not an optimizer's: they need to know its tensors, hold for every optimizer alike, and decide whether a step is made at all. Where several are set, they apply in the order value, norm, global norm;
    /// the layers' penalties are within the gradient that is bounded, the optimizer's weight decay is not, as in PyTorch. With any of them, a step whose gradient is not finite is not made, but counted in <see cref="Trainer{T}.SkippedSteps"/>:
    /// parameters and moments stay as they are. A loss that is not finite is refused as without.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double? ClipValue
    {
        get;
        init => field = Bound(value, nameof(ClipValue));
    }

    /// <summary>The greatest Euclidean norm of each tensor's gradient, positive; a longer one is multiplied by bound / norm. Keras' <c>clipnorm</c>. Null, the default, for none.</summary>
    /// <inheritdoc cref="ClipValue" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double? ClipNorm
    {
        get;
        init => field = Bound(value, nameof(ClipNorm));
    }

    /// <summary>The greatest Euclidean norm of the whole gradient, positive; a longer one is multiplied by bound / (norm + 1e-6). PyTorch's <c>clip_grad_norm_</c>; Keras' <c>global_clipnorm</c> adds nothing to the norm. Null, the default, for none.</summary>
    /// <inheritdoc cref="ClipValue" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double? ClipGlobalNorm
    {
        get;
        init => field = Bound(value, nameof(ClipGlobalNorm));
    }

    /// <summary>How the learning rate changes. Null, the default, and <see cref="LearningRateSchedule.Constant"/> leave it as the optimizer has it.</summary>
    /// <remarks>A schedule is a trainer's, since it goes on from one <see cref="Trainer{T}.Fit"/> or step to the next; see <see cref="Trainer{T}.LearningRate"/> for a rate that is set by hand meanwhile.</remarks>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>Decides which units a dropout leaves out: a function of the seed, the step, the layer, the row of the batch and the unit alone. 42, as that of <see cref="FitOptions{T}.Seed"/>.</summary>
    public ulong Seed { get; init; } = DefaultSeed;

    internal const ulong DefaultSeed = 42;

    /// <summary>A team that helps, which may be shared with others; it takes the place of <see cref="Threads"/>, and is its maker's to dispose. Null, the default, for none.</summary>
    public WorkerTeam? Team { get; init; }

    private static double? Bound(double? value, string name) => value is null || (value > 0 && double.IsFinite(value.Value))
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is positive and finite, or null for no bound.");
}

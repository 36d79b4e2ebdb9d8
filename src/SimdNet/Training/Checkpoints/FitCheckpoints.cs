using System;
using System.Numerics;

namespace SimdNet.Training.Checkpoints;

/// <summary>When a fit writes its checkpoints, and the writing.</summary>
internal sealed class FitCheckpoints<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Trainer<T> _trainer;
    private readonly CheckpointOptions _options;
    private readonly CheckpointFolder _folder;
    private readonly long _interval;
    private long _nextStep;
    private long _nextTime;

    public FitCheckpoints(Trainer<T> trainer, CheckpointOptions options, CheckpointFolder folder)
    {
        _trainer = trainer;
        _options = options;
        _folder = folder;
        _interval = (long)Math.Ceiling(options.Interval?.TotalMilliseconds ?? 0);
        Schedule();
    }

    /// <inheritdoc cref="CheckpointFolder.HasOwn"/>
    public bool HasOwn => _folder.HasOwn;

    /// <summary>Steps that may be made in one call, at least 1.</summary>
    public long StepsUntilDue => Math.Max(1, _nextStep - _trainer.Steps);

    /// <summary>Whether one is due by the number of steps or by the clock, which is looked at each time.</summary>
    public bool IsDue => _trainer.Steps >= _nextStep || (_options.Interval is not null && Environment.TickCount64 >= _nextTime);

    /// <summary>Whether one is due after an epoch.</summary>
    public bool IsDueAfter(int epoch) => (_options.EveryEpochs is { } every && epoch % every == 0) || IsDue;

    /// <exception cref="NonFiniteException">A parameter or a moment is NaN or infinite; nothing was written.</exception>
    /// <exception cref="System.IO.IOException">It could not be written; those before are as they were.</exception>
    public void Write(FitState<T> state)
    {
        CheckpointContents contents = _trainer.Checkpointed(_options.Remarks);
        state.Save(contents);
        _folder.Write(contents);
        Schedule();
    }

    private void Schedule()
    {
        _nextStep = _options.EverySteps is { } every ? ((_trainer.Steps / every) + 1) * every : long.MaxValue;
        _nextTime = Environment.TickCount64 + _interval;
    }
}

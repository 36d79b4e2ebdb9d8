using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Interop;

namespace SimdNet.Cli.Training;

/// <summary>The callbacks that were chosen.</summary>
internal sealed class TrainingCallbacks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Callback<T>> _all = [];
    private readonly TerminateOnNaN<T>? _guard;
    private readonly EarlyStopping<T>? _stopping;
    private readonly string _watched;

    /// <param name="choices">What was chosen.</param>
    /// <param name="hasValidation">Whether rows are held out.</param>
    public TrainingCallbacks(CallbackChoices choices, bool hasValidation)
    {
        _watched = hasValidation ? "held-out loss" : "training loss";
        if (choices.Monitoring is { } option && !hasValidation)
        {
            Console.Error.WriteLine($"No rows are held out: {option} goes by the training loss. Add --validation-split 0.2 or --test to go by theirs.");
        }

        if (choices.OnNaN is { } onNaN)
        {
            _guard = onNaN.Callback<T>();
            _all.Add(_guard);
        }

        if (choices.EarlyStopping is not null || choices.RestoreBest)
        {
            _stopping = new(choices.EarlyStopping ?? int.MaxValue) { RestoreBestWeights = choices.RestoreBest };
            _all.Add(_stopping);
        }

        if (choices.CheckpointBest is { } best)
        {
            _all.Add(new ModelCheckpoint<T>(best));
        }

        if (choices.CsvLog is { } log)
        {
            _all.Add(new CsvLogger<T>(log));
        }

        if (choices.TensorBoard is { } directory)
        {
            _all.Add(new TensorBoardCallback<T>(directory));
        }
    }

    public IReadOnlyList<Callback<T>> All => _all;

    /// <summary>Numbers that went bad and did not end in an error; null where none was looked for.</summary>
    public int? BadNumbers => _guard?.Reports.Count;

    /// <summary>What led to each, for a person: a line for one that was rolled back, a table for one that stopped the training.</summary>
    public IEnumerable<string> BadNumberReports
    {
        get
        {
            foreach (NonFiniteReport report in _guard?.Reports ?? [])
            {
                string text = report.ToString();
                yield return _guard!.Policy == NonFinitePolicy.RollBack ? $"rolled back: {text.Split('\n', 2)[0].TrimEnd()}" : text;
            }
        }
    }

    /// <summary>Which epoch's weights were restored; null where none were.</summary>
    public string? Restored => _stopping is { RestoreBestWeights: true, BestEpoch: { } epoch, BestValue: { } value }
        ? string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, the best {_watched} ({value:G4})")
        : null;
}

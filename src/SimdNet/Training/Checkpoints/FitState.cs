using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

namespace SimdNet.Training.Checkpoints;

/// <summary>Where a call of <see cref="Trainer{T}.Fit"/> is, between two steps: with the trainer's state, all that the next step depends on.</summary>
internal sealed class FitState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string IdentityPrefix = "fit.is.";
    private const string EpochName = "fit.epoch";
    private const string StopReasonName = "fit.stop_reason";
    private const string SumsName = "fit/sums";
    private const string PenaltyName = "fit/penalty";
    private const string CallbackPrefix = "callback/";
    private const string NumberKind = "number/";
    private const string ArrayKind = "array/";
    private const string TextKind = "text/";
    private const string CallbacksName = "fit.callbacks";
    private const string RowsName = "fit.rows_done";
    private const string TicksName = "fit.training_ticks";
    private const int Sums = 3;
    private const int MostCallbacks = 1_000;

    /// <summary>Of time, to which more can be added.</summary>
    private const long MostTicks = long.MaxValue / 2;

    /// <summary>What the call that goes on must have in common.</summary>
    public required IReadOnlyList<(string Name, string Value)> Identity { get; init; }

    /// <summary>The epoch that comes next, or runs where rows of it are done.</summary>
    public required EpochProgress Progress { get; init; }

    /// <summary>What the epochs before it measured.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    public TimeSpan TrainingTime { get; init; }

    /// <summary>Why a callback stops the training; null where none does.</summary>
    public string? StopReason { get; init; }

    /// <summary>One for each callback.</summary>
    public required CallbackState<T>[] Callbacks { get; init; }

    /// <summary>Epochs that were completed and rows of the next one that were trained on, as a file says; zeros where it is of no fit.</summary>
    public static (int Epochs, int Rows) PlaceOf(CheckpointContents contents) =>
        !IsIn(contents) ? (0, 0)
        : contents.Number(EpochName, int.MaxValue) is > 0 and long epoch ? ((int)epoch - 1, (int)contents.Number(RowsName, int.MaxValue))
        : throw contents.Error("its epoch is 0");

    public void Save(CheckpointContents contents)
    {
        contents.Set(EpochName, Progress.Epoch);
        contents.Set(RowsName, Progress.Done);
        contents.Set<double>(SumsName, [Progress.Sum, Progress.Weight, Progress.Right]);
        if (Progress.Penalty != 0)
        {
            contents.Set<double>(PenaltyName, [Progress.Penalty]);
        }

        contents.Set(TicksName, TrainingTime.Ticks);
        if (StopReason is not null)
        {
            contents.Set(StopReasonName, StopReason);
        }

        foreach ((string name, string value) in Identity)
        {
            contents.Set(IdentityPrefix + name, value);
        }

        HistoryTable.Save(contents, Epochs);
        contents.Set(CallbacksName, Callbacks.Length);
        for (int i = 0; i < Callbacks.Length; i++)
        {
            foreach ((string name, double number) in Callbacks[i].Numbers)
            {
                contents.Set<double>(Callback(i, NumberKind) + name, [number]);
            }

            foreach ((string name, T[] values) in Callbacks[i].Arrays)
            {
                contents.Set<T>(Callback(i, ArrayKind) + name, values);
            }

            foreach ((string name, string text) in Callbacks[i].Texts)
            {
                contents.Set(Callback(i, TextKind) + name, text);
            }
        }
    }

    /// <returns>Null where the checkpoint is of no fit.</returns>
    /// <exception cref="SimdNetFormatException">A part is missing, or is not what it must be.</exception>
    public static FitState<T>? Load(CheckpointContents contents, IReadOnlyList<ParameterInfo> parameters)
    {
        if (!IsIn(contents))
        {
            return null;
        }

        double[] sums = contents.Values<double>(SumsName, Sums);

        // Only where there is one; older checkpoints have it in their sum.
        double penalty = contents.HasArray(PenaltyName) ? contents.Values<double>(PenaltyName, 1)[0] : 0;
        CallbackState<T>[] callbacks = CallbacksOf(contents, parameters);
        List<(string, string)> identity = [.. contents.TextsUnder(IdentityPrefix)];
        (int epochs, int rows) = PlaceOf(contents);
        return new()
        {
            Identity = identity,
            Progress = new() { Epoch = epochs + 1, Done = rows, Sum = sums[0], Weight = sums[1], Right = sums[2], Penalty = penalty },
            Epochs = HistoryTable.Load(contents, epochs),
            TrainingTime = TimeSpan.FromTicks(contents.Number(TicksName, MostTicks)),
            StopReason = contents.Has(StopReasonName) ? contents.Text(StopReasonName) : null,
            Callbacks = callbacks,
        };
    }

    /// <summary>Whether the state can be one of a call that has the same identity: a file may say anything.</summary>
    /// <param name="rows">Rows that are trained on.</param>
    /// <param name="batch">Rows of a step, but for the last.</param>
    /// <param name="callbacks">How many are told.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="SimdNetFormatException">It cannot.</exception>
    public void Check(int rows, int batch, int callbacks, string path)
    {
        if (Progress.Done >= rows || Progress.Done % batch != 0)
        {
            throw CheckpointContents.Damaged(string.Create(CultureInfo.InvariantCulture, $"{CheckpointContents.TextPrefix}{RowsName} is {Progress.Done}, and no batch of {batch} among {rows} rows begins there"), path);
        }

        if (Callbacks.Length != callbacks)
        {
            throw CheckpointContents.Damaged(string.Create(CultureInfo.InvariantCulture, $"{CheckpointContents.TextPrefix}{CallbacksName} is {Callbacks.Length}, and the fit had {callbacks}"), path);
        }
    }

    private static bool IsIn(CheckpointContents contents) => contents.Has(EpochName);

    /// <summary>What each has, in one pass over all names: there may be as many as a file has room for.</summary>
    private static CallbackState<T>[] CallbacksOf(CheckpointContents contents, IReadOnlyList<ParameterInfo> parameters)
    {
        CallbackState<T>[] states = new CallbackState<T>[contents.Number(CallbacksName, MostCallbacks)];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = new(parameters, contents.Path);
        }

        foreach (string name in contents.NamesUnder(CallbackPrefix))
        {
            if (Find(states, name, NumberKind, out string own) is { } withNumber)
            {
                withNumber.Numbers[own] = contents.Values<double>(CallbackPrefix + name, 1)[0];
            }
            else if (Find(states, name, ArrayKind, out own) is { } withArray)
            {
                withArray.Arrays[own] = contents.Values<T>(CallbackPrefix + name);
            }
        }

        foreach ((string name, string text) in contents.TextsUnder(CallbackPrefix))
        {
            if (Find(states, name, TextKind, out string own) is { } withText)
            {
                withText.Texts[own] = text;
            }
        }

        return states;
    }

    /// <summary>The callback that a name without its prefix is of, where it is of such a kind, and what it is called there.</summary>
    private static CallbackState<T>? Find(CallbackState<T>[] states, string name, string kind, out string own)
    {
        int end = name.IndexOf('/', StringComparison.Ordinal);
        if (end < 0
            || !int.TryParse(name.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || index >= states.Length
            || !name.AsSpan(end + 1).StartsWith(kind, StringComparison.Ordinal))
        {
            own = "";
            return null;
        }

        own = name[(end + 1 + kind.Length)..];
        return states[index];
    }

    private static string Callback(int index, string kind) => string.Create(CultureInfo.InvariantCulture, $"{CallbackPrefix}{index}/{kind}");
}

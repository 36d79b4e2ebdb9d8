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
    private const string CallbacksName = "fit.callbacks";
    private const string RowsName = "fit.rows_done";
    private const string TicksName = "fit.training_ticks";
    private const int Sums = 3;

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
        : contents.Number("fit.epoch", int.MaxValue) is > 0 and long epoch ? ((int)epoch - 1, (int)contents.Number(RowsName, int.MaxValue))
        : throw contents.Error("its epoch is 0");

    public void Save(CheckpointContents contents)
    {
        contents.Set("fit.epoch", Progress.Epoch);
        contents.Set(RowsName, Progress.Done);
        contents.Set<double>("fit/sums", [Progress.Sum, Progress.Weight, Progress.Right]);
        contents.Set(TicksName, TrainingTime.Ticks);
        if (StopReason is not null)
        {
            contents.Set("fit.stop_reason", StopReason);
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
                contents.Set<double>(Callback(i, "number/") + name, [number]);
            }

            foreach ((string name, T[] values) in Callbacks[i].Arrays)
            {
                contents.Set<T>(Callback(i, "array/") + name, values);
            }

            foreach ((string name, string text) in Callbacks[i].Texts)
            {
                contents.Set(Callback(i, "text/") + name, text);
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

        double[] sums = contents.Values<double>("fit/sums", Sums);
        CallbackState<T>[] callbacks = new CallbackState<T>[contents.Number(CallbacksName, 1_000)];
        for (int i = 0; i < callbacks.Length; i++)
        {
            callbacks[i] = Callback(contents, i, parameters);
        }

        List<(string, string)> identity = [.. contents.TextsUnder(IdentityPrefix)];
        (int epochs, int rows) = PlaceOf(contents);
        return new()
        {
            Identity = identity,
            Progress = new() { Epoch = epochs + 1, Done = rows, Sum = sums[0], Weight = sums[1], Right = sums[2] },
            Epochs = HistoryTable.Load(contents),
            TrainingTime = TimeSpan.FromTicks(contents.Number(TicksName, MostTicks)),
            StopReason = contents.Has("fit.stop_reason") ? contents.Text("fit.stop_reason") : null,
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

    private static bool IsIn(CheckpointContents contents) => contents.Has("fit.epoch");

    private static CallbackState<T> Callback(CheckpointContents contents, int index, IReadOnlyList<ParameterInfo> parameters)
    {
        CallbackState<T> state = new(parameters, contents.Path);
        foreach (string name in contents.NamesUnder(Callback(index, "number/")))
        {
            state.Numbers[name] = contents.Values<double>(Callback(index, "number/") + name, 1)[0];
        }

        foreach (string name in contents.NamesUnder(Callback(index, "array/")))
        {
            state.Arrays[name] = contents.Values<T>(Callback(index, "array/") + name);
        }

        foreach ((string name, string text) in contents.TextsUnder(Callback(index, "text/")))
        {
            state.Texts[name] = text;
        }

        return state;
    }

    private static string Callback(int index, string kind) => string.Create(CultureInfo.InvariantCulture, $"callback/{index}/{kind}");
}

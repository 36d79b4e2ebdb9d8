using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

using SimdNet.IO;

namespace SimdNet;

/// <summary>Writes a line of comma-separated values an epoch: epoch, loss, accuracy, val_loss, val_accuracy, metrics, learning_rate, as far as the first epoch has them. In the manner of Keras' <c>CSVLogger</c>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// After each epoch its line is with the operating system, whole: a process that is killed loses no line and cuts none. Only a power failure or a full disk can cost the last lines, or cut one. The file may be read while it is written.
/// Numbers have the point as decimal separator whatever the culture, and as many digits as it takes to read the same number back; NaN, Infinity and -Infinity are written so. A value that an epoch does not have leaves its field empty.
/// For one training at a time. The next one that it is given to replaces the lines of the last, unless <see cref="Append"/> is set or it is resumed.
/// </remarks>
public sealed class CsvLogger<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _path;
    private IReadOnlyList<string>? _columns;
    private long _start;

    /// <summary>Writes to a file.</summary>
    /// <param name="path">Its name; what it held is replaced when the training begins, unless <see cref="Append"/> is set.</param>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    public CsvLogger(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
    }

    /// <summary>Whether lines are added to those that the file holds, whose first line must have the same columns. False by default.</summary>
    public bool Append { get; init; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnTrainBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _columns = null;

        // Now rather than after an epoch it shows whether the file can be written.
        using Stream file = AppendFile.Open(_path, Append || context.IsResumed ? FileMode.OpenOrCreate : FileMode.Create);
        _start = file.Length;
    }

    /// <inheritdoc/>
    public override void SaveState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("start", _start);
        for (int i = 0; i < _columns?.Count; i++)
        {
            state.Texts[string.Create(CultureInfo.InvariantCulture, $"column {i}")] = _columns[i];
        }
    }

    /// <summary>Writes the lines of this training anew, up to the checkpoint: what came after it comes again, and what a power failure took is there again.</summary>
    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        List<string> columns = [];
        while (state.Texts.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"column {columns.Count}"), out string? column))
        {
            columns.Add(column);
        }

        using Stream file = AppendFile.Open(_path, FileMode.OpenOrCreate);
        _start = Math.Min(state.Count("start"), file.Length);
        file.SetLength(_start);
        if (columns.Count == 0)
        {
            return;
        }

        _columns = columns;
        WriteHeader(file, Header);
        foreach (EpochResult epoch in context.History.Epochs)
        {
            Write(file, Line(epoch));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The line cannot be written.</exception>
    /// <exception cref="SimdNetFormatException">Lines are to be added to a file with other columns.</exception>
    public override void OnEpochEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using Stream file = AppendFile.Open(_path, FileMode.OpenOrCreate);
        if (_columns is null)
        {
            _columns = context.Result.Names;
            WriteHeader(file, Header);
        }

        Write(file, Line(context.Result));
    }

    private string Header => $"epoch,{string.Join(',', Array.ConvertAll([.. _columns!], CsvField.Of))}";

    private string Line(in EpochResult epoch)
    {
        string[] fields = new string[_columns!.Count + 1];
        fields[0] = epoch.Epoch.ToString(CultureInfo.InvariantCulture);
        for (int i = 0; i < _columns.Count; i++)
        {
            fields[i + 1] = epoch[_columns[i]]?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        }

        return string.Join(',', fields);
    }

    private void WriteHeader(Stream file, string header)
    {
        if (file.Length == 0)
        {
            Write(file, header);
            return;
        }

        using (StreamReader reader = new(file, leaveOpen: true))
        {
            string? found = reader.ReadLine();
            if (found != header)
            {
                throw new SimdNetFormatException($"the log cannot be added to: its first line is not '{header}'. Use another file.", _path);
            }
        }

        // A last line that was cut by a power failure stays a line of its own.
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
        {
            Write(file, "");
        }
    }

    private static void Write(Stream file, string line)
    {
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}

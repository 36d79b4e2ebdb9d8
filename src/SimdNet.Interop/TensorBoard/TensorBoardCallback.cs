using System;
using System.Globalization;
using System.IO;
using System.Numerics;

using SimdNet.Interop.TensorBoard;
using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>Writes what each epoch measured, and a histogram of every parameter tensor, as TensorBoard reads it: <c>tensorboard --logdir DIR</c>. In the manner of Keras' <c>TensorBoard</c>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// A file events.out.tfevents.* for each training, with the scalars loss, accuracy, val_loss, val_accuracy, those of metrics, and learning_rate, as far as they are measured, and parameters/W1, parameters/b1, …
/// The step is the epoch, counted from 1. After each epoch its record is with the operating system, whole.
/// </remarks>
/// <example>
/// <code>
/// trainer.Fit(train, new() { Callbacks = [new TensorBoardCallback&lt;float&gt;("runs/1")] });
/// </code>
/// </example>
public sealed class TensorBoardCallback<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string FileName = "file";
    private const string FileLength = "length";

    /// <summary>Up to it, whole numbers are told apart in double.</summary>
    private const double MostBytes = 1L << 53;

    private readonly string _directory;
    private EventFile? _file;

    /// <summary>Writes to a folder, which is made where it does not exist.</summary>
    /// <param name="directory">The folder: one for each training, so that TensorBoard shows them apart.</param>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public TensorBoardCallback(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>Whether the histograms are written too: a look at every parameter an epoch. True by default.</summary>
    public bool Histograms { get; init; } = true;

    /// <summary>The disk, which tests replace.</summary>
    internal IFileOperations Disk { get; init; } = DiskOperations.Instance;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnTrainBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DurableFolder.Make(_directory, Disk);
        _file = context.IsResumed ? null : Begin();
    }

    /// <inheritdoc/>
    public override void SaveState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Texts[FileName] = Path.GetFileName(_file!.Path);
        state.Numbers[FileLength] = _file.Length;
    }

    /// <summary>Goes on in the file of the training, without what came after the checkpoint, since that comes again. Where the file is no more, a new one is begun.</summary>
    /// <inheritdoc/>
    /// <exception cref="SimdNetFormatException">The checkpoint names what is no file of events, or a length that none has.</exception>
    public override void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        _file = state.Texts.TryGetValue(FileName, out string? name) && state.Numbers.TryGetValue(FileLength, out double length)
            ? EventFile.Reopen(Path.Combine(_directory, CheckedName(context, name)), CheckedLength(context, length))
            : null;
        _file ??= Begin();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _file!.Write(Events.Summary(TimeProvider.System.GetUtcNow(), context.Epoch, values =>
        {
            EpochResult result = context.Result;
            foreach (string name in result.Names)
            {
                if (result[name] is { } value)
                {
                    Events.Scalar(values, name, value);
                }
            }

            if (!Histograms)
            {
                return;
            }

            foreach (ParameterInfo parameter in context.Network.Parameters)
            {
                ReadOnlySpan<T> tensor = context.Network.GetParameter(parameter.Name);
                if (!tensor.IsEmpty)
                {
                    Events.Histogram(values, $"parameters/{parameter.Name}", WeightHistogram.Of(tensor));
                }
            }
        }));
    }

    private static string CheckedName(FitContext<T> context, string name) => EventFile.IsName(name)
        ? name
        : throw Damaged(context, $"'{FileName}' of TensorBoard's callback is {Quoted.Of(name)}, which is no name of a file of events");

    private static long CheckedLength(FitContext<T> context, double length) => length is >= 0 and < MostBytes && double.IsInteger(length)
        ? (long)length
        : throw Damaged(context, string.Create(CultureInfo.InvariantCulture, $"'{FileLength}' of TensorBoard's callback is {length}, and no number of bytes"));

    private static SimdNetFormatException Damaged(FitContext<T> context, string what) =>
        new($"the checkpoint is damaged: {what}. Resume from another one.", context.Trainer.ResumedFrom?.Path);

    private EventFile Begin()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        EventFile file = EventFile.Create(_directory, now);
        file.Write(Events.First(now));
        return file;
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;

using SimdNet.IO;
using SimdNet.Training.Checkpoints;

namespace SimdNet;

/// <content>Going on from a checkpoint, and writing one.</content>
public sealed partial class Trainer<T>
{
    private static readonly Dictionary<string, string> NoRemarks = [];

    /// <summary>The folders that this training writes to, by their full paths.</summary>
    private readonly Dictionary<string, CheckpointFolder> _checkpoints = new(StringComparer.Ordinal);

    private FitState<T>? _interrupted;

    /// <summary>Where the fit that runs writes; null where none does.</summary>
    private CheckpointFolder? _fitFolder;

    /// <summary>The checkpoint that the trainer was made from; null where it was made anew.</summary>
    public CheckpointInfo? ResumedFrom { get; private set; }

    /// <summary>Whether the next call of <see cref="Fit"/> goes on with one that was interrupted.</summary>
    internal bool IsInterrupted => _interrupted is not null;

    /// <summary>The disk, which tests replace.</summary>
    internal IFileOperations Disk { get; set; } = DiskOperations.Instance;

    /// <summary>A trainer with its network, in the state of the newest checkpoint of a folder: what follows has the bits that it would have had without the interruption.</summary>
    /// <param name="folder">The folder of <see cref="FitOptions{T}.Checkpoint"/> or <see cref="SaveCheckpoint"/>.</param>
    /// <param name="options">What the file cannot hold: users' own layers and losses, threads. Nothing where null.</param>
    /// <returns>The trainer; <see cref="ResumedFrom"/> tells from where, and whether a newer checkpoint was damaged, so that this is the one before.</returns>
    /// <remarks>
    /// <para>Where the checkpoint was written by <see cref="Fit"/>, the first call of <see cref="Fit"/> goes on with that training, in the middle of an epoch too, and returns the whole history. It must be given the same rows, order, metrics and callbacks (new ones of the same
    /// choices), and says which of them differs. <see cref="FitOptions{T}.Epochs"/> may be another number: a training that was complete goes on with more, and returns at once with as many. One that a callback stopped stays stopped.
    /// Where the options name the same folder in <see cref="FitOptions{T}.Checkpoint"/>, checkpoints are written on.</para>
    /// <para>Everything else is in the file: model, loss, optimizer, schedule and their states, bounds of the gradient, seed and counts. What the file says of <see cref="TrainerOptions.MaxBatch"/> is not worth memory before such batches come: of a network with batch normalization
    /// the first of each size allocates their room, <see cref="Fit"/> before its first epoch.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// FitOptions&lt;float&gt; options = new() { Epochs = 100, Checkpoint = new("run") };
    /// Trainer&lt;float&gt; trainer = Checkpoint.Exists("run") ? Trainer&lt;float&gt;.Resume("run") : new(network, Loss.CrossEntropy, new Adam());
    /// History history = trainer.Fit(data, options);
    /// </code>
    /// </example>
    /// <exception cref="FileNotFoundException">There is no checkpoint.</exception>
    /// <exception cref="SimdNetFormatException">All checkpoints are damaged; or the newest that is not was written by a newer version, needs a layer or a loss that was not given, or, with a checksum that is right, holds what no training leaves.</exception>
    /// <exception cref="IOException">The folder or one of the files that are asked first cannot be read: no older one takes the place of a checkpoint that may be sound.</exception>
    /// <exception cref="ArgumentException">The training has the other precision, or a schedule with a formula that was not given.</exception>
    public static Trainer<T> Resume(string folder, ResumeOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Of(CheckpointFolder.ReadNewest(folder), options ?? new());
    }

    /// <summary>The same from contents that are read.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A team of the trainer's own lives as long as it does, and ends its threads when both are collected.")]
    internal static Trainer<T> Of(CheckpointContents contents, ResumeOptions options)
    {
        // Made here, to be ended where the contents are refused after there is a trainer.
        WorkerTeam? team = WorkerTeam.Of(options.Team, options.Threads);
        try
        {
            Trainer<T> trainer = TrainerCheckpoint.Load<T>(contents, options with { Team = team });
            trainer._interrupted = FitState<T>.Load(contents, trainer.Network.Parameters);
            trainer.ResumedFrom = TrainerCheckpoint.Info(contents, options.Layers);
            return trainer;
        }
        catch when (options.Team is null)
        {
            team?.Dispose();
            throw;
        }
    }

    /// <summary>Writes a checkpoint between two steps, for trainings that make their steps one by one. It keeps the newest two of a folder. <see cref="Fit"/> writes its own: see <see cref="FitOptions{T}.Checkpoint"/>.</summary>
    /// <remarks>After <see cref="Resume"/>, until a step is made, it holds what was resumed with the fit that is to go on.</remarks>
    /// <param name="folder">The folder, which is made where there is none, of this training alone.</param>
    /// <exception cref="NonFiniteException">A parameter or a moment is NaN or infinite; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The folder has checkpoints of another training, or is that of the fit that runs; or another call has not ended, a running variance is below 0, or there are more than 50,000 layers, and nothing was written. Callbacks of a fit may save, on its thread.</exception>
    /// <exception cref="IOException">It could not be written; those before are as they were.</exception>
    public void SaveCheckpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        int before = BeginReading();
        try
        {
            if (_fitFolder is not null && FolderOf(folder) == _fitFolder)
            {
                throw new InvalidOperationException($"The fit that runs writes checkpoints to {folder}, with its place in the epoch; one without it would take theirs. Save to another folder.");
            }

            // A fit that is to go on is a part of the state: without its place and its callbacks, the next to resume would begin it anew. After steps of another kind it is not at that place any more.
            FitState<T>? fit = Steps == ResumedFrom?.Steps ? _interrupted : null;
            CheckpointContents contents = Checkpointed(fit is null ? NoRemarks : ResumedFrom!.Remarks);
            fit?.Save(contents);
            FolderOf(folder).Write(contents);
        }
        finally
        {
            End(before);
        }
    }

    /// <summary>The state between two steps, for a file.</summary>
    /// <exception cref="NonFiniteException">A parameter or a moment is NaN or infinite.</exception>
    internal CheckpointContents Checkpointed(IReadOnlyDictionary<string, string> remarks)
    {
        CheckState(epoch: 0);
        return TrainerCheckpoint.Of(this, remarks);
    }

    /// <summary>How a call of <see cref="Fit"/> begins, and what it writes.</summary>
    /// <exception cref="ArgumentException">It is to go on with another one, with which it does not agree.</exception>
    /// <exception cref="SimdNetFormatException">It is to go on with one that no such call leaves.</exception>
    private FitStart<T> Start(Dataset<T> data, Dataset<T>? held, FitOptions<T> options, int batch)
    {
        if (_interrupted is null && options.Checkpoint is null)
        {
            return default;
        }

        List<(string Name, string Value)> identity = FitIdentity.Of(data, held, options, batch);
        if (_interrupted is not null)
        {
            FitIdentity.Check(_interrupted.Identity, identity);
            _interrupted.Check(data.Rows, batch, options.Callbacks.Count, ResumedFrom!.Path);
        }

        FitCheckpoints<T>? checkpoints = options.Checkpoint is { } chosen ? new(this, chosen, _fitFolder = FolderOf(chosen.Folder)) : null;
        return new(identity, _interrupted, checkpoints);
    }

    /// <summary>What was interrupted goes on: until then, a call of <see cref="Fit"/> that fails may be made again.</summary>
    internal void GoOn() => _interrupted = null;

    private CheckpointFolder FolderOf(string folder)
    {
        string path = CheckpointFolder.FullPath(folder);
        if (!_checkpoints.TryGetValue(path, out CheckpointFolder? checkpoints))
        {
            string? resumed = ResumedFrom is { } from && Path.GetDirectoryName(Path.GetFullPath(from.Path)) == path ? from.Path : null;
            checkpoints = _checkpoints[path] = new(folder, resumed, Disk);
        }

        return checkpoints;
    }
}

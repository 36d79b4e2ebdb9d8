using System;
using System.IO;

using SimdNet.Training.Checkpoints;

namespace SimdNet;

/// <summary>Looks into folders of checkpoints. <see cref="CheckpointOptions"/> has them written, <see cref="Trainer{T}.Resume"/> goes on from them.</summary>
/// <remarks>
/// A checkpoint is a safetensors file, <c>checkpoint-NUMBER.safetensors</c>: the model's tensors and metadata as in a <see cref="ModelFile"/>, the optimizer's moments, and the rest of the training, under names that begin with "checkpoint", with the version of the
/// format and a SHA-256 of everything. It is written whole or not at all, and it is on the disk before the one before the last is removed.
/// </remarks>
public static class Checkpoint
{
    /// <summary>Whether a folder has a checkpoint, sound or damaged.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    /// <exception cref="IOException">It cannot be listed.</exception>
    public static bool Exists(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return CheckpointFolder.List(folder).Count > 0;
    }

    /// <summary>What the newest sound checkpoint of a folder is of.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="registry">Makes users' own layers and activations; null where there are none.</param>
    /// <exception cref="FileNotFoundException">There is no checkpoint.</exception>
    /// <exception cref="SimdNetFormatException">All are damaged, or the newest was written by a newer version.</exception>
    /// <exception cref="IOException">The folder or one of the files that are asked first cannot be read: no older one takes the place of a checkpoint that may be sound.</exception>
    public static CheckpointInfo ReadInfo(string folder, LayerRegistry? registry = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return TrainerCheckpoint.Info(CheckpointFolder.ReadNewest(folder), registry);
    }
}

using System;
using System.Collections.Generic;
using System.Text;

using SimdNet.IO;

namespace SimdNet;

/// <summary>Where and how often <see cref="Trainer{T}.Fit"/> writes down all that it needs to go on after a crash, bit for bit: see <see cref="Trainer{T}.Resume"/>.</summary>
/// <remarks>
/// A checkpoint is written at any of the places that are chosen, when the training is cancelled, and at its end. Where nothing is chosen, it is one a minute: what a crash costs is then a minute, whatever the size of network and data.
/// Steps between two checkpoints allocate nothing, and where they lie changes no bit. One takes about as long as to copy parameters and moments and to write them to the disk.
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>Checkpoints in a folder of their own.</summary>
    /// <param name="folder">It is made where there is none. It holds the newest checkpoint and the one before.</param>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public CheckpointOptions(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Steps from one checkpoint to the next, at least 1, counted by <see cref="Trainer{T}.Steps"/>; null for none by steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public long? EverySteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(EverySteps));
            field = value;
        }
    }

    /// <summary>Epochs from one checkpoint to the next, at least 1; null for none by epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? EveryEpochs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(EveryEpochs));
            field = value;
        }
    }

    /// <summary>Time from one checkpoint to the next, at least a millisecond, which the writing of one takes; null for none by time, and for a minute where the others are null too. It is looked at between steps; of steps that take microseconds, every 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below a millisecond.</exception>
    public TimeSpan? Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.MaxValue, TimeSpan.FromMilliseconds(1), nameof(Every));
            field = value;
        }
    }

    /// <summary>What is noted beside the training, for <see cref="CheckpointInfo.Remarks"/>; copied. Nothing by default.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <exception cref="ArgumentException">A text in it is null or no valid Unicode.</exception>
    public IReadOnlyDictionary<string, string> Remarks
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach ((string name, string text) in value)
            {
                CheckRemark(name, text, nameof(Remarks));
            }

            field = new Dictionary<string, string>(value);
        }
    } = new Dictionary<string, string>();

    /// <summary>The time that holds.</summary>
    internal TimeSpan? Interval => Every ?? (EverySteps is null && EveryEpochs is null ? TimeSpan.FromMinutes(1) : null);

    /// <summary>Before the training rather than at its first checkpoint.</summary>
    private static void CheckRemark(string name, string text, string parameter)
    {
        if (text is null)
        {
            throw new ArgumentException($"The remark {Quoted.Of(name)} is null. Leave it out.", parameter);
        }

        try
        {
            SafetensorsFile.CheckText(name);
            SafetensorsFile.CheckText(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"The remark {Quoted.Of(name)} is no valid Unicode: it has half a character, which no file holds. Correct it, or leave it out.", parameter, error);
        }
    }
}

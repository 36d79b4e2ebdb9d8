using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Cli.Training;

/// <summary>What is chosen about checkpoints.</summary>
/// <param name="Folder">Where they go.</param>
/// <param name="Every">How often; null where the library decides.</param>
/// <param name="Resumes">Whether the training goes on with what is there.</param>
internal sealed record CheckpointChoice(string Folder, CheckpointInterval? Every, bool Resumes)
{
    /// <summary>What the training goes on from, said on standard error; null where it begins.</summary>
    /// <param name="options">The options that must be what they were.</param>
    /// <param name="epochs">How many the training shall have.</param>
    /// <exception cref="ToolException">Another training is there, and it is not to go on or had other options.</exception>
    public CheckpointInfo? Find(IReadOnlyDictionary<string, string> options, int epochs)
    {
        if (!Checkpoint.Exists(Folder))
        {
            if (Resumes)
            {
                Console.Error.WriteLine($"{Folder} has no checkpoint yet: the training begins.");
            }

            return null;
        }

        if (!Resumes)
        {
            throw ToolException.Usage($"{Folder} has the checkpoint of a training. Add --resume to go on with that, or name another folder for this one.");
        }

        CheckpointInfo found = Checkpoint.ReadInfo(Folder);
        foreach ((string option, string value) in options)
        {
            string was = found.Remarks.TryGetValue(option, out string? saved) ? saved : ResumedOptions.Default;
            if (was != value)
            {
                throw ToolException.Usage($"{option} is {value}, and in the training that {Folder} has it was {was}. Give the same, or name another folder for a training of its own.");
            }
        }

        if (found.Damage is not null)
        {
            Console.Error.WriteLine($"{found.Damage} Going on from the checkpoint before.");
        }

        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on from {found.Path}: {found.Epochs} epochs and {found.RowsDone} rows done, {found.Steps} steps."));
        if (found.Epochs >= epochs)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Nothing is left to train: --epochs is {epochs}. The network is measured and written as it is; raise --epochs to train it on."));
        }

        return found;
    }

    /// <summary>The choice as the library takes it.</summary>
    public CheckpointOptions For(IReadOnlyDictionary<string, string> options) =>
        new(Folder) { EverySteps = Every?.Steps, EveryEpochs = Every?.Epochs, Every = Every?.Time, Remarks = options };
}

/// <summary>What --checkpoint-every says; one of the three.</summary>
internal readonly record struct CheckpointInterval(long? Steps, int? Epochs, TimeSpan? Time)
{
    public const string Wanted = "a number of steps, seconds or epochs, such as 100steps, 30s or 1epoch";

    public static bool TryRead(string text, out CheckpointInterval? interval)
    {
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        interval = digits > 0 && int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? text[digits..].ToUpperInvariant() switch
            {
                "STEPS" or "STEP" => new CheckpointInterval(count, null, null),
                "EPOCHS" or "EPOCH" => new CheckpointInterval(null, count, null),
                "S" => new CheckpointInterval(null, null, TimeSpan.FromSeconds(count)),
                _ => null,
            }
            : null;
        return interval is not null;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

using SimdNet.IO;

namespace SimdNet.Training.Checkpoints;

/// <summary>The checkpoints of one training in their folder: checkpoint-000001.safetensors and on. A new one never takes the name of another, so that what was acknowledged stays until two newer ones are on the disk.</summary>
internal sealed class CheckpointFolder
{
    private const string Prefix = "checkpoint-";
    private const string Ending = ".safetensors";

    /// <summary>How often a folder is looked into whose checkpoints go away while they are opened.</summary>
    private const int MostLooks = 5;

    private readonly string _folder;
    private readonly IFileOperations _operations;
    private readonly List<string> _written = [];
    private string? _good;
    private long _newest;

    /// <param name="folder">It is made where there is none.</param>
    /// <param name="good">The checkpoint in it that this training goes on from; null where it begins.</param>
    /// <param name="operations">The disk.</param>
    /// <exception cref="InvalidOperationException">There are checkpoints, and the training begins.</exception>
    /// <exception cref="IOException">It cannot be made or listed.</exception>
    public CheckpointFolder(string folder, string? good, IFileOperations operations)
    {
        _folder = FullPath(folder);
        _operations = operations;
        _good = good is null ? null : System.IO.Path.GetFullPath(good);
        foreach ((long generation, string path) in List(_folder))
        {
            if (good is null)
            {
                throw new InvalidOperationException($"{folder} has the checkpoint {System.IO.Path.GetFileName(path)} of another training. Go on with that by Trainer<T>.Resume, name another folder, or remove it.");
            }

            _newest = Math.Max(_newest, generation);
            _written.Add(path);
        }

        Prepare(folder);
    }

    /// <summary>Whether the folder has a checkpoint of this training.</summary>
    public bool HasOwn => _good is not null;

    /// <summary>The one name of a folder.</summary>
    public static string FullPath(string folder) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));

    /// <summary>The checkpoints of a folder, the newest first; none where there is no folder.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    public static IReadOnlyList<(long Generation, string Path)> List(string folder)
    {
        List<(long Generation, string Path)> found = [];
        if (!Directory.Exists(folder))
        {
            return found;
        }

        foreach (string path in Files(folder))
        {
            string number = System.IO.Path.GetFileName(path)[Prefix.Length..^Ending.Length];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long generation) && generation < long.MaxValue)
            {
                found.Add((generation, path));
            }
        }

        found.Sort((a, b) => b.Generation.CompareTo(a.Generation));
        return found;
    }

    /// <summary>The newest sound checkpoint. One that is damaged is passed over, and so is one that went away meanwhile; one that is there and cannot be read is not, since it may be sound.</summary>
    /// <exception cref="FileNotFoundException">There is none at all.</exception>
    /// <exception cref="SimdNetFormatException">All are damaged, or a newer version of the library wrote the newest.</exception>
    /// <exception cref="IOException">The folder cannot be listed, or a file that comes before any sound one cannot be read.</exception>
    public static CheckpointContents ReadNewest(string folder) => ReadNewest(folder, List);

    /// <summary>The same with another way to look for them.</summary>
    internal static CheckpointContents ReadNewest(string folder, Func<string, IReadOnlyList<(long Generation, string Path)>> list)
    {
        for (int look = 1; ; look++)
        {
            List<IOException> damages = [];
            if (TryReadNewest(list(folder), damages) is { } contents)
            {
                return contents;
            }

            // A training that goes on has removed them meanwhile, and has newer ones.
            if (look < MostLooks && damages.Exists(damage => damage is not SimdNetFormatException))
            {
                continue;
            }

            throw damages.Count switch
            {
                0 => new FileNotFoundException($"{folder}: there is no checkpoint.", System.IO.Path.Combine(folder, Name(1))),
                1 => damages[0],
                _ when damages.TrueForAll(damage => damage is SimdNetFormatException) =>
                    new SimdNetFormatException($"none of the {damages.Count} checkpoints can be read. {Messages(damages)}", folder, innerException: damages[0]),
                _ => new IOException($"{folder}: none of the {damages.Count} checkpoints can be read. {Messages(damages)}", damages[0]),
            };
        }
    }

    /// <summary>The first sound one of those that were found; null where there is none.</summary>
    /// <param name="found">The newest first.</param>
    /// <param name="damages">Takes what is wrong with each before it.</param>
    private static CheckpointContents? TryReadNewest(IReadOnlyList<(long Generation, string Path)> found, List<IOException> damages)
    {
        foreach ((long generation, string path) in found)
        {
            CheckpointContents contents;
            bool isNewer;
            try
            {
                contents = CheckpointFile.Read(path, out isNewer);
            }
            catch (IOException error) when (error is SimdNetFormatException or FileNotFoundException or DirectoryNotFoundException)
            {
                damages.Add(error);
                continue;
            }
            catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException && !error.Message.Contains(path, StringComparison.Ordinal)))
            {
                throw new IOException($"{path}: the checkpoint cannot be read: {error.Message}", error);
            }

            contents.Generation = generation;
            contents.Damage = damages.Count == 0 ? null : Messages(damages);
            return isNewer ? throw CheckpointFile.Newer(contents) : contents;
        }

        return null;
    }

    /// <summary>Writes the next checkpoint, then removes what is older than the one before.</summary>
    /// <exception cref="IOException">It could not be written, or another training writes here; those before are as they were.</exception>
    public void Write(CheckpointContents contents)
    {
        foreach ((long generation, string other) in List(_folder))
        {
            if (generation > _newest && !_written.Contains(other))
            {
                throw OfAnother(other);
            }
        }

        // A write that fails may still leave its file, whole: its number is not used again.
        _newest++;
        string path = System.IO.Path.Combine(_folder, Name(_newest));
        _written.Add(path);
        if (!CheckpointFile.TryWriteNew(path, contents, _operations))
        {
            // It came between the look and now.
            _written.Remove(path);
            _newest--;
            throw OfAnother(path);
        }

        for (int i = _written.Count - 1; i >= 0; i--)
        {
            if (_written[i] != path && _written[i] != _good && TryDelete(_written[i]))
            {
                _written.RemoveAt(i);
            }
        }

        _good = path;
    }

    private static IOException OfAnother(string path) =>
        new($"{path}: another training writes its checkpoints here too. Stop one of them, and give each a folder of its own; those that are there are as they were.");

    /// <summary>What is wrong with each of the newest; a folder may have any number of files.</summary>
    private static string Messages(List<IOException> errors)
    {
        const int most = 5;
        string rest = errors.Count > most ? $" {errors.Count - most} more are damaged." : "";
        return string.Join(' ', errors.GetRange(0, Math.Min(errors.Count, most)).ConvertAll(error => error.Message)) + rest;
    }

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, Prefix + "*" + Ending);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{folder}: the folder of checkpoints may not be listed; check its permissions.", error);
        }
        catch (IOException error) when (!error.Message.Contains(folder, StringComparison.Ordinal))
        {
            throw new IOException($"{folder}: the folder of checkpoints cannot be listed: {error.Message}", error);
        }
    }

    private static string Name(long generation) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation:D6}{Ending}");

    private void Prepare(string folder)
    {
        DurableFolder.Make(folder, _operations);
        try
        {
            AtomicFile.RemoveAbandoned(_folder, _operations);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: the folder for checkpoints cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What cannot be removed now may be later: it takes room, and does no harm.</summary>
    private bool TryDelete(string path)
    {
        try
        {
            _operations.Delete(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

using System;
using System.IO;

using SimdNet.IO;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>The process dies: nothing that comes after is done.</summary>
internal sealed class KilledException : Exception
{
    public KilledException()
        : base("The process dies.")
    {
    }

    public KilledException(string message)
        : base(message)
    {
    }

    public KilledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The real disk of a process that dies as soon as so many checkpoints are on it.</summary>
/// <param name="after">How many, at least 1.</param>
internal sealed class LastDisk(int after) : IFileOperations
{
    private int _moved;

    public Stream Create(string path, string replaced) => DiskOperations.Instance.Create(path, replaced);

    public void Flush(Stream stream) => DiskOperations.Instance.Flush(stream);

    public void Move(string source, string destination) => DiskOperations.Instance.Move(source, destination);

    public bool TryMoveToNew(string source, string destination)
    {
        _moved++;
        return DiskOperations.Instance.TryMoveToNew(source, destination);
    }

    public void Delete(string path) => DiskOperations.Instance.Delete(path);

    public void SyncDirectory(string directory)
    {
        DiskOperations.Instance.SyncDirectory(directory);
        if (_moved == after)
        {
            throw new KilledException();
        }
    }
}

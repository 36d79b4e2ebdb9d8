using System;
using System.IO;

using SimdNet.IO;

namespace SimdNet.Tests.IO;

/// <summary>Looks at the disk before and after each operation.</summary>
internal sealed class ProbedDisk(SimulatedDisk disk, Action look) : IFileOperations
{
    public int Looks { get; private set; }

    public Stream Create(string path, string replaced)
    {
        Look();
        Stream stream = disk.Create(path, replaced);
        Look();
        return stream;
    }

    public void Flush(Stream stream)
    {
        Look();
        disk.Flush(stream);
        Look();
    }

    public void Move(string source, string destination)
    {
        Look();
        disk.Move(source, destination);
        Look();
    }

    public bool TryMoveToNew(string source, string destination)
    {
        Look();
        bool isMoved = disk.TryMoveToNew(source, destination);
        Look();
        return isMoved;
    }

    public void Delete(string path)
    {
        Look();
        disk.Delete(path);
        Look();
    }

    public void SyncDirectory(string directory)
    {
        Look();
        disk.SyncDirectory(directory);
        Look();
    }

    private void Look()
    {
        Looks++;
        look();
    }
}

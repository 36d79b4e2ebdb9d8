using System;
using System.IO;

namespace SimdNet.Tests.Support;

/// <summary>A folder of one test, gone when the test is over.</summary>
/// <param name="inMemory">On a file system in memory if there is one: for thousands of small files, whose way to the disk is not the point.</param>
public sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    public string Path { get; } = inMemory && Directory.Exists(MemoryFolder)
        ? Directory.CreateDirectory($"{MemoryFolder}/simdnet-test-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("simdnet-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string File(string name, byte[] contents)
    {
        string path = File(name);
        System.IO.File.WriteAllBytes(path, contents);
        return path;
    }

    public string Text(string name, string contents)
    {
        string path = File(name);
        System.IO.File.WriteAllText(path, contents);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

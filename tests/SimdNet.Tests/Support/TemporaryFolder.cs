using System;
using System.IO;

namespace SimdNet.Tests.Support;

/// <summary>A folder of one test, gone when the test is over.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("simdnet-test-").FullName;

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

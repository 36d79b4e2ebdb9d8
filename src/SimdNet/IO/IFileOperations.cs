using System.IO;

namespace SimdNet.IO;

/// <summary>What the atomic writer asks of a file system; tests put a failing disk in its place.</summary>
internal interface IFileOperations
{
    /// <summary>Makes a new, empty file for writing; an existing one is an error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replaced">The file whose place it will take, if there is one: who may not read that may not read the new one, from its first moment on.</param>
    Stream Create(string path, string replaced);

    /// <summary>Returns when the contents are on the disk, not only with the operating system.</summary>
    void Flush(Stream stream);

    /// <summary>Gives <paramref name="source"/> the name <paramref name="destination"/>, in one step, in place of a file of that name.</summary>
    void Move(string source, string destination);

    /// <summary>Gives <paramref name="source"/> the name <paramref name="destination"/>, unless something has that name.</summary>
    /// <returns>False where something has: it stays, and so does the source.</returns>
    bool TryMoveToNew(string source, string destination);

    /// <summary>Removes a file.</summary>
    void Delete(string path);

    /// <summary>Returns when the names in the directory are on the disk.</summary>
    void SyncDirectory(string directory);
}

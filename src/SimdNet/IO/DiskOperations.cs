using System;
using System.IO;
using System.Runtime.InteropServices;

namespace SimdNet.IO;

/// <summary>The operations on the real disk.</summary>
internal sealed partial class DiskOperations : IFileOperations
{
    /// <summary>The only one there is.</summary>
    public static readonly DiskOperations Instance = new();

    private const int NotPermitted = 1;
    private const int PermissionDenied = 13;
    private const int AlreadyExists = 17;
    private const int InvalidArgument = 22;
    private const int BufferSize = 1 << 16;

    private DiskOperations()
    {
    }

    /// <inheritdoc/>
    public Stream Create(string path, string replaced)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows() && File.Exists(replaced))
        {
            // Less what the process takes from all its new files, which it gets back with the name.
            options.UnixCreateMode = File.GetUnixFileMode(replaced);
        }

        return new FileStream(path, options);
    }

    /// <inheritdoc/>
    public void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Move(string source, string destination)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(destination))
        {
            // The new file takes the old one's permissions along with its name.
            File.SetUnixFileMode(source, File.GetUnixFileMode(destination));
        }

        File.Move(source, destination, overwrite: true);
    }

    /// <inheritdoc/>
    /// <remarks>A second name (link) is refused where there is a file of that name, which a rename is not; then the first one goes. FAT has no second names: there another process can come between the look and the rename.</remarks>
    public bool TryMoveToNew(string source, string destination)
    {
        if (!OperatingSystem.IsWindows() && Link(source, destination) == 0)
        {
            File.Delete(source);
            return true;
        }

        if ((!OperatingSystem.IsWindows() && Marshal.GetLastPInvokeError() == AlreadyExists) || File.Exists(destination))
        {
            return false;
        }

        File.Move(source, destination, overwrite: !OperatingSystem.IsWindows());
        return true;
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    /// <remarks>
    /// .NET cannot open a directory, so this goes to the C library. Windows has no such call: there the rename is durable with the journal.
    /// File systems that do not know how to do it (EINVAL) and directories that may be written or passed through but not read (EACCES, EPERM) are passed over.
    /// </remarks>
    public void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, flags: 0);
        if (descriptor < 0)
        {
            ThrowUnlessPassedOver(directory);
            return;
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                ThrowUnlessPassedOver(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void ThrowUnlessPassedOver(string directory)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is not (InvalidArgument or PermissionDenied or NotPermitted))
        {
            throw new IOException($"{directory}: the directory could not be written to the disk: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string source, string destination);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace SimdNet.IO;

/// <summary>What is written to where it is, since a file must not take its place: devices, named pipes, sockets (which refuse it), and what the process has open.</summary>
internal static partial class DeviceFile
{
    /// <summary>Links of links that are followed, as many as Linux follows.</summary>
    public const int MaxLinks = 40;

    private const int Interrupted = 4;

    private static readonly string[] DescriptorFolders = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", $"/proc/{Environment.ProcessId}/fd/"];

    /// <summary>EAGAIN, which has another number on macOS and the BSDs.</summary>
    private static readonly int Full = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Writes the contents, if the path is or leads to such a thing.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="write">Writes the contents to a stream that can seek.</param>
    /// <returns>False where it names a file, or nothing yet.</returns>
    /// <exception cref="IOException">It cannot be written to; it may have taken a part.</exception>
    public static bool TryWrite(string path, Action<Stream> write)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        int? descriptor = DescriptorOf(path);
        if (descriptor is null && !IsBehind(path) && !FileKind.IsOther(path))
        {
            return false;
        }

        // Formats seek back to fill in sizes, a pipe cannot: the contents are made first.
        using MemoryStream contents = new();
        write(contents);
        ReadOnlySpan<byte> bytes = contents.GetBuffer().AsSpan(0, (int)contents.Length);
        try
        {
            if (descriptor is int open)
            {
                WriteThrough(open, bytes);
            }
            else
            {
                using FileStream device = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                device.Write(bytes);
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: may not be written.", error);
        }
        catch (IOException error) when (!error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new IOException($"{path}: could not be written: {error.Message}", error);
        }

        return true;
    }

    /// <summary>Whether this is a device by its name, or a link to one.</summary>
    public static bool IsBehind(string path) => IsDevice(Path.GetFullPath(path)) || IsDevice(Real(AtomicFile.Resolve(path)));

    /// <summary>The descriptor that the path, or a link on its way, stands for. Opened anew, a file would be written from its start, where a shell has it open to append to it.</summary>
    private static int? DescriptorOf(string path)
    {
        string at = Path.GetFullPath(path);
        for (int links = 0; links < MaxLinks; links++)
        {
            string real = Real(at);
            if ((Descriptor(at) ?? Descriptor(real)) is int descriptor)
            {
                return descriptor;
            }

            if (new FileInfo(real).LinkTarget is not { } target)
            {
                break;
            }

            at = Path.GetFullPath(target, Path.GetDirectoryName(real)!);
        }

        return null;
    }

    private static int? Descriptor(string path)
    {
        foreach (string folder in DescriptorFolders)
        {
            if (path.StartsWith(folder, StringComparison.Ordinal) && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
            {
                return descriptor;
            }
        }

        return null;
    }

    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && ((path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal));

    /// <summary>The path without links among its folders: a device may lie behind one.</summary>
    private static string Real(string path)
    {
        for (string? at = Path.GetDirectoryName(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (new DirectoryInfo(at).LinkTarget is not null && Directory.ResolveLinkTarget(at, returnFinalTarget: true) is { } real)
            {
                return Path.Combine(real.FullName, Path.GetRelativePath(at, path));
            }
        }

        return path;
    }

    // By the system's write, which goes on where the descriptor stands and moves it for all who share it; .NET's streams keep a place of their own.
    private static void WriteThrough(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = Write(descriptor, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Full)
            {
                // A pipe that somebody has made not to wait.
                Thread.Sleep(1);
            }
            else if (error != Interrupted)
            {
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}.");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, in byte bytes, nuint count);
}

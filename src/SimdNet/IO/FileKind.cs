using System;
using System.IO;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace SimdNet.IO;

/// <summary>What a path leads to, which .NET does not tell.</summary>
/// <remarks>
/// Linux is asked (statx), whoever may read or write it. Elsewhere it is opened for reading, and what cannot seek is a pipe: what may be written alone, and sockets, are not known there,
/// and who waits at a pipe's other end is woken up.
/// </remarks>
internal static partial class FileKind
{
    private const int KindBits = 0xF000;
    private const int Pipe = 0x1000;
    private const int Folder = 0x4000;
    private const int Plain = 0x8000;
    private const int Socket = 0xC000;

    /// <summary>Relative paths begin in the current folder.</summary>
    private const int CurrentFolder = -100;

    private const uint WantsKind = 1;

    /// <summary>Of what the system fills in (struct statx), and where in it kind and permissions are.</summary>
    private const int StatusLength = 256;
    private const int ModeAt = 28;

    // O_NONBLOCK and O_CLOEXEC, which have other numbers on macOS and the BSDs.
    private static readonly int WithoutWaiting = OperatingSystem.IsLinux() ? 0x800 | 0x80000 : 0x4 | 0x1000000;

    /// <summary>Whether it is a pipe or a socket. .NET opens a named pipe by waiting for somebody at its other end, for ever if nobody comes.</summary>
    public static bool IsPipe(string path) => Find(path) is { } kind ? kind is Pipe or Socket : CannotSeek(path);

    /// <summary>Whether it is there, and neither a file nor a folder.</summary>
    public static bool IsOther(string path) => Find(path) is { } kind ? kind is not (Plain or Folder) : CannotSeek(path);

    /// <summary>Null where there is nothing, or no telling.</summary>
    private static int? Find(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> status = stackalloc byte[StatusLength];
        try
        {
            return Status(CurrentFolder, path, 0, WantsKind, ref MemoryMarshal.GetReference(status)) == 0 ? MemoryMarshal.Read<ushort>(status[ModeAt..]) & KindBits : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return null;
        }
    }

    private static bool CannotSeek(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        using SafeFileHandle handle = new(Open(path, WithoutWaiting), ownsHandle: true);
        if (handle.IsInvalid)
        {
            // It is opened once more, by .NET, whose errors say why not.
            return false;
        }

        try
        {
            using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            return !stream.CanSeek;
        }
        catch (UnauthorizedAccessException)
        {
            // A directory.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint wanted, ref byte status);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}

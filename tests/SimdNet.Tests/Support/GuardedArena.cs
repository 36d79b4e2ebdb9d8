using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SimdNet.Tests.Support;

/// <summary>Which end of a block touches a page without access.</summary>
internal enum GuardedSide
{
    Before,
    After,
}

/// <summary>Blocks between pages without access, in the manner of dotnet/runtime's BoundedMemory: a read or write beyond the guarded side ends the process.</summary>
/// <remarks>
/// <code>
/// After:   | no access |              block| no access |
/// Before:  | no access |block              | no access |
/// </code>
/// </remarks>
internal sealed unsafe partial class GuardedArena<T> : Arena<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaximumBlocks = 10;
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PageSize = 4096;

    private readonly GuardedSide _side;
    private readonly nint _regionBytes;
    private readonly byte* _memory;
    private readonly int[] _lengths = new int[MaximumBlocks];
    private int _blocks;

    /// <param name="side">The side of each block that is guarded without a gap.</param>
    /// <param name="capacity">Elements of the largest block.</param>
    public GuardedArena(GuardedSide side, int capacity)
    {
        _side = side;
        nint pages = (((nint)capacity * sizeof(T)) + PageSize - 1) / PageSize;
        _regionBytes = (pages + 1) * PageSize;
        _memory = (byte*)Native.Map(0, TotalBytes, NoAccess, PrivateAnonymous, -1, 0);
        if (_memory == (byte*)-1)
        {
            throw new InvalidOperationException("mmap failed.");
        }

        for (int i = 0; i < MaximumBlocks; i++)
        {
            if (Native.Protect((nint)RegionStart(i), _regionBytes - PageSize, ReadWrite) != 0)
            {
                throw new InvalidOperationException("mprotect failed.");
            }
        }
    }

    /// <summary>Guard pages are made through Linux's calls; elsewhere canaries have to do.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.SystemPageSize == PageSize;

    public override int Blocks => _blocks;

    /// <summary>Always: otherwise the process would be gone.</summary>
    public override bool IsIntact => true;

    private nint TotalBytes => (MaximumBlocks * _regionBytes) + PageSize;

    public override Span<T> Rent(int length)
    {
        _lengths[_blocks] = length;
        return new Span<T>(Start(_blocks++), length);
    }

    public override ReadOnlySpan<T> Block(int index) => new(Start(index), _lengths[index]);

    public override void Reset()
    {
        base.Reset();
        _blocks = 0;
    }

    /// <summary>Whether the operating system lets the byte just beyond the guarded side of block 0 be read, asked without reading it: write(2) of such a byte fails with EFAULT instead of ending the process.</summary>
    public bool CanReadBeyond() => CanRead(_side == GuardedSide.After ? (byte*)(Start(0) + _lengths[0]) : (byte*)Start(0) - 1);

    /// <summary>The same question for the last byte within the block.</summary>
    public bool CanReadWithin() => CanRead(_side == GuardedSide.After ? (byte*)(Start(0) + _lengths[0]) - 1 : (byte*)Start(0));

    public void Dispose() => _ = Native.Unmap((nint)_memory, TotalBytes);

    private static bool CanRead(byte* address)
    {
        int* ends = stackalloc int[2];
        if (Native.Pipe(ends) != 0)
        {
            throw new InvalidOperationException("pipe failed.");
        }

        nint written = Native.Write(ends[1], address, 1);
        _ = Native.Close(ends[0]);
        _ = Native.Close(ends[1]);
        return written == 1;
    }

    private byte* RegionStart(int index) => _memory + PageSize + (index * _regionBytes);

    private T* Start(int index) => _side == GuardedSide.Before
        ? (T*)RegionStart(index)
        : (T*)(RegionStart(index) + _regionBytes - PageSize) - _lengths[index];
}

/// <summary>The calls of libc that guard pages need.</summary>
internal static unsafe partial class Native
{
    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unmap(nint address, nint length);

    [LibraryImport("libc", EntryPoint = "pipe")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Write(int file, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int file);
}

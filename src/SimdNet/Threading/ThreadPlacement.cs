using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;

namespace SimdNet.Threading;

/// <summary>Where and how urgently the calling thread runs, by the system's own calls: .NET has none for a processor, and its priorities do nothing on Linux.</summary>
internal static partial class ThreadPlacement
{
    /// <summary>Bits of a mask of processors.</summary>
    public const int LinuxProcessors = 1024;

    private const int WindowsProcessors = 64;
    private const int PrioProcess = 0;

    public static void Check(IReadOnlyList<int> processors)
    {
        int limit = OperatingSystem.IsWindows() ? WindowsProcessors : LinuxProcessors;
        if (processors.Count == 0)
        {
            throw new ArgumentException("A list of processors names at least one. Leave it null to let the system choose.", nameof(processors));
        }

        foreach (int processor in processors)
        {
            if ((uint)processor >= (uint)limit)
            {
                throw new ArgumentException($"The processor {processor} is not in 0..{limit - 1}.", nameof(processors));
            }
        }
    }

    /// <exception cref="PlatformNotSupportedException">The system has no such call.</exception>
    /// <exception cref="Win32Exception">The system refused: there is no such processor, or this process may not use it.</exception>
    public static void Bind(int processor)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<ulong> mask = stackalloc ulong[LinuxProcessors / 64];
            mask.Clear();
            mask[processor / 64] = 1UL << (processor % 64);
            Require(SetAffinity(0, LinuxProcessors / 8, mask) == 0, $"bind a thread to processor {processor}");
        }
        else if (OperatingSystem.IsWindows())
        {
            Require(SetThreadAffinityMask(GetCurrentThread(), (nuint)1 << processor) != 0, $"bind a thread to processor {processor}");
        }
        else
        {
            throw new PlatformNotSupportedException("Threads are bound to processors on Linux and Windows alone. Leave WorkerTeamOptions.Processors null.");
        }
    }

    /// <exception cref="Win32Exception">The system refused.</exception>
    public static void SetPriority(ThreadPriority priority)
    {
        if (priority == ThreadPriority.Normal)
        {
            return;
        }

        Thread.CurrentThread.Priority = priority;
        if (OperatingSystem.IsLinux())
        {
            // 0 is the calling thread: nice values belong to threads on Linux. One that its maker made as low already stays there: to raise it takes a right.
            int nice = 5 * (ThreadPriority.Normal - priority);
            Require((nice > 0 && GetNice(PrioProcess, 0) >= nice) || SetNice(PrioProcess, 0, nice) == 0, $"give a thread the priority {priority}");
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetThread();

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int GetAffinity(int thread, nint bytes, Span<ulong> mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetAffinity(int thread, nint bytes, ReadOnlySpan<ulong> mask);

    private static void Require(bool done, string what)
    {
        if (!done)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"The system refused to {what}: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetNice(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNice(int which, int who, int nice);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nuint SetThreadAffinityMask(nint thread, nuint mask);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetCurrentThread();
}

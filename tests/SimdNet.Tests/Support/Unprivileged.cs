using System;
using System.Runtime.InteropServices;
using System.Threading;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>What files' permissions hold for: a process of the administrator is not bound by them.</summary>
internal static partial class Unprivileged
{
    private const int Nobody = 65534;

    /// <summary>The exception of an action whose way to files is that of a user without privileges; null where there is none. What it does has been done before, since it could not load assemblies that are the administrator's alone.</summary>
    public static Exception? ErrorOf(Action action)
    {
        Exception? error = null;
        Thread thread = new(() =>
        {
            if (Environment.IsPrivilegedProcess && OperatingSystem.IsLinux())
            {
                // Of this thread alone, and it ends with it.
                _ = SetFileUser(Nobody);
            }

            error = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        return error;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetFileUser(int user);
}

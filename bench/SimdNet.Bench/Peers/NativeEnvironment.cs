using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace SimdNet.Bench.Peers;

/// <summary>The environment that native libraries read when they are loaded. The runtime changes its own copy alone where there is a C library, hence the calls.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>The number of threads, which every library names in its own way.</summary>
    private static readonly string[] ThreadCounts = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>Settings under which OpenBLAS takes kernels or block sizes of another processor than this one.</summary>
    private static readonly string[] Unset = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

    /// <summary>What native libraries should find, here and in processes that are started from here; null for nothing.</summary>
    public static IEnumerable<(string Name, string? Value)> Variables => [.. ThreadCounts.Select(name => (name, (string?)ThreadCount.Text)), .. Unset.Select(name => (name, (string?)null))];

    /// <summary>Makes every library that is loaded later compute on as many threads as the suite says, with what it holds to be best for this processor.</summary>
    public static void Prepare()
    {
        foreach ((string name, string? value) in Variables)
        {
            Set(name, value);
        }
    }

    private static void Set(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = value is null ? Remove(name) : Set(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Remove(string name);
}

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace SimdNet.Bench.Peers;

/// <summary>Native libraries by their files. Which of several BLAS libraries a common name leads to is the system's choice, so each is asked for where its package puts it, by name only after that.</summary>
internal static class NativeCode
{
    private static readonly string Library = $"/usr/lib/{Architecture()}-linux-gnu";

    /// <summary>Loads the first of the candidates that there is, once the environment is right.</summary>
    /// <param name="candidates">Paths below the folder of Debian's libraries, or names that the loader finds.</param>
    /// <param name="handle">The library.</param>
    public static bool TryLoad(IEnumerable<string> candidates, out nint handle)
    {
        NativeEnvironment.Prepare();
        foreach (string candidate in candidates)
        {
            if ((candidate.Contains('/', StringComparison.Ordinal) && NativeLibrary.TryLoad(Path.Combine(Library, candidate), out handle)) || NativeLibrary.TryLoad(candidate, out handle))
            {
                return true;
            }
        }

        handle = 0;
        return false;
    }

    /// <summary>The functions of those names, or false where one is missing.</summary>
    public static bool TryFind(nint library, [NotNullWhen(true)] out nint[]? functions, params ReadOnlySpan<string> names)
    {
        functions = new nint[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(library, names[i], out functions[i]))
            {
                functions = null;
                return false;
            }
        }

        return true;
    }

    /// <summary>The same file with each kind of threading that Debian packages it with, all used with one thread.</summary>
    public static IEnumerable<string> OfEachThreading(string name, string file) => new[] { "pthread", "openmp", "serial" }.Select(threading => $"{name}-{threading}/{file}");

    /// <summary>The version in the name of the file that one of Debian's libraries leads to, where it tells none itself.</summary>
    public static string VersionOf(string name) => File.ResolveLinkTarget(Path.Combine(Library, name), returnFinalTarget: true)?.Name.Split(".so.")[^1] ?? "";

    /// <summary>A text that C returned.</summary>
    public static string Text(nint address) => Marshal.PtrToStringUTF8(address) ?? "";

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        System.Runtime.InteropServices.Architecture other => other.ToString(),
    };
}

using System;
using System.Globalization;

namespace SimdNet.Bench;

/// <summary>On how many threads a suite lets everyone compute, native libraries and scripts too. Processes that are started from here inherit it.</summary>
internal static class ThreadCount
{
    private const string Variable = "BENCH_THREADS";

    /// <summary>One, unless a suite says otherwise.</summary>
    public static int Current => int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 1;

    /// <summary><see cref="Current"/> as the variables of native libraries have it.</summary>
    public static string Text => Current.ToString(CultureInfo.InvariantCulture);

    /// <summary>To be called before libraries are loaded and scripts started.</summary>
    public static void Set(int count) => Environment.SetEnvironmentVariable(Variable, count.ToString(CultureInfo.InvariantCulture));
}

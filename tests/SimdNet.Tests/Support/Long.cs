using System;

namespace SimdNet.Tests.Support;

/// <summary>Counts of generated cases: those of every commit, or with SIMDNET_LONG=1 those before a release.</summary>
internal static class Long
{
    public static bool Enabled => Environment.GetEnvironmentVariable("SIMDNET_LONG") == "1";

    public static int Count(int commit, int @long) => Enabled ? @long : commit;
}

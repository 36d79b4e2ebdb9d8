using System;

namespace SimdNet.Tests.Support;

/// <summary>Counts of generated cases: those of every commit, or with SIMDNET_LONG=1 those before a release. Where the tests run once more, without some instructions (SIMDNET_EXPECT_ISA), a quarter of them; strides through what cannot all be tried, which are shorter before a release, stay.</summary>
internal static class Long
{
    public static bool Enabled => Environment.GetEnvironmentVariable("SIMDNET_LONG") == "1";

    private static bool IsAnotherInstructionSet => Environment.GetEnvironmentVariable("SIMDNET_EXPECT_ISA") is not null;

    public static int Count(int commit, int @long) => Enabled ? @long : IsAnotherInstructionSet && commit < @long ? (commit + 3) / 4 : commit;
}

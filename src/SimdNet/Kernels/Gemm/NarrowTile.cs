using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>The size of a tile of C that the kernels for few columns keep in registers.</summary>
internal static class NarrowTile
{
    /// <summary>mr: with two vectors each, two of B and a number of A, 31 of 32 registers or 15 of 16.</summary>
    public static int MostRows => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 14 : 6;
}

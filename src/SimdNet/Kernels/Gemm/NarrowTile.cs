using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>The size of a tile of C that the kernel for few columns keeps in registers.</summary>
internal static class NarrowTile
{
    /// <summary>Vectors of columns: three want 32 registers, where tiles of a third as many rows would do no better than the micro-kernel.</summary>
    public static int MostVectors => HasManyRegisters ? 3 : 2;

    private static bool HasManyRegisters => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    /// <summary>mr: with one or two vectors each, two of B and a number of A, 31 of 32 registers or 15 of 16; with three, 8 rows take 28 and divide what batches are multiples of.</summary>
    /// <param name="vectors">Vectors of columns.</param>
    public static int MostRows(int vectors) => !HasManyRegisters ? 6 : vectors > 2 ? 8 : 14;
}

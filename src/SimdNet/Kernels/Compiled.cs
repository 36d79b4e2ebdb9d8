using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>How the JIT is asked to compile kernels: the one place where AggressiveOptimization is justified.</summary>
/// <remarks>
/// Without it a method starts in tier 0, where generic vector code runs many times slower, and is promoted after thirty calls and a pause without new methods:
/// up to two seconds into a training run, later still on a busy core. With it the first call compiles the final code. What it gives up is little here: profiles say nothing about loops
/// without branches, and no kernel reads a static field, which such code would not see folded when its class was not initialized yet. The widths' constants are properties.
/// </remarks>
internal static class Compiled
{
    /// <summary>For loops over operators: a body of its own. Inlined into a caller, the loop would share the budget of inlining with it, and operators that do not fit any more are called for each vector (<c>bench/run.sh Numerics --case=Dot</c>).</summary>
    public const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>For what leads to the loops: a step of a small network takes less time than one of these in tier 0.</summary>
    public const MethodImplOptions Entry = MethodImplOptions.AggressiveOptimization;
}

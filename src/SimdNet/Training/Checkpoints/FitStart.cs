using System.Collections.Generic;
using System.Numerics;

namespace SimdNet.Training.Checkpoints;

/// <summary>How a fit begins, and what it writes; nothing of it where there are no checkpoints.</summary>
/// <param name="Identity">What one that goes on from it must have in common with it.</param>
/// <param name="Interrupted">What it goes on with; null where it begins.</param>
/// <param name="Checkpoints">What it writes; null for nothing.</param>
internal readonly record struct FitStart<T>(IReadOnlyList<(string Name, string Value)>? Identity, FitState<T>? Interrupted, FitCheckpoints<T>? Checkpoints)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

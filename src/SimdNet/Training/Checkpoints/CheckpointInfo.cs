using System.Collections.Generic;

namespace SimdNet;

/// <summary>What a checkpoint is of.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Generation">Its number in its folder: each is one higher than that before.</param>
/// <param name="Spec">The network.</param>
/// <param name="Precision">float32 or float64.</param>
/// <param name="Steps">Steps that were made.</param>
/// <param name="Epochs">Epochs of <see cref="Trainer{T}.Fit"/> that were completed, in the one that is to go on; 0 where there is none.</param>
/// <param name="RowsDone">Rows that the epoch after these has been trained on.</param>
/// <param name="Remarks"><see cref="CheckpointOptions.Remarks"/> as they were then.</param>
/// <param name="Damage">Where newer files were damaged and this is one before them: what is wrong with each, and its name; else null.</param>
public sealed record CheckpointInfo(string Path, long Generation, NetworkSpec Spec, string Precision, long Steps, int Epochs, int RowsDone, IReadOnlyDictionary<string, string> Remarks, string? Damage);

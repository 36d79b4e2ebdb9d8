namespace SimdNet.Model.Layers;

/// <summary>Which rows of which step a pass works on. The default is a pass of inference.</summary>
/// <param name="IsTraining">Whether a gradient follows: what is kept for the way back is kept, what is dropped out is dropped.</param>
/// <param name="Seed">The trainer's.</param>
/// <param name="Step">Steps that the trainer made before.</param>
/// <param name="FirstRow">Rows of the batch that come before the first row of this pass.</param>
internal readonly record struct PassPlace(bool IsTraining, ulong Seed, long Step, int FirstRow);

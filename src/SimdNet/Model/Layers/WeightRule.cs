namespace SimdNet.Model.Layers;

/// <summary>What a layer asks of its weights in training.</summary>
/// <param name="Start">Where they begin in the block.</param>
/// <param name="Inputs">Rows.</param>
/// <param name="Units">Columns.</param>
/// <param name="L1">Penalty L1·Σ|w|.</param>
/// <param name="L2">Penalty L2·Σw².</param>
/// <param name="MaxNorm">The greatest norm of a column; 0 for none.</param>
internal readonly record struct WeightRule(int Start, int Inputs, int Units, double L1, double L2, double MaxNorm)
{
    public bool HasPenalty => L1 > 0 || L2 > 0;
}

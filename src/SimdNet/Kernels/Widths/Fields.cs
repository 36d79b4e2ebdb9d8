namespace SimdNet.Kernels;

/// <summary>Operands of AVX-512's instructions on the fields of numbers.</summary>
internal static class Fields
{
    /// <summary>Fractions from ¾ to below 1½ (3), and NaN for negative numbers (8).</summary>
    public const byte FromThreeQuarters = 0b1011;

    /// <summary>
    /// What a logarithm is at its ends, as a table of four bits a class of operand, in the order NaN, signalling NaN, 0, 1, −∞, +∞, negative, positive, from the lowest:
    /// the operand's own NaN (2) where it is NaN, −∞ (4) at 0, +∞ (5) at +∞, the default NaN (3) below 0, the result (0) elsewhere.
    /// </summary>
    public const int LogarithmEnds = 0x0353_0422;
}

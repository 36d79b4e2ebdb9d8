using System;

namespace SimdNet.Tests.Reference;

/// <summary>Dot products as if in twice the precision of double: Dot2 of Ogita, Rump and Oishi (2005), error-free products and sums with the errors summed beside.</summary>
internal struct ExactDot
{
    private double _sum;
    private double _error;

    /// <summary>Σ aᵢ·bᵢ so far.</summary>
    public readonly double Value => _sum + _error;

    /// <summary>Σ |aᵢ·bᵢ| so far.</summary>
    public double Magnitude { get; private set; }

    /// <summary>Adds one term.</summary>
    public void Add(double a, double b)
    {
        double product = a * b;
        double productError = Math.FusedMultiplyAdd(a, b, -product);
        double sum = _sum + product;
        double part = sum - _sum;
        double sumError = (_sum - (sum - part)) + (product - part);
        _sum = sum;
        _error += productError + sumError;
        Magnitude += Math.Abs(product);
    }
}

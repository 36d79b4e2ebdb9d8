using System;
using System.Numerics;

namespace SimdNet.Tests.Reference;

/// <summary>Mantissa · 2^Exponent with 256 bits: slow and plain, for functions in more precision than double has.</summary>
internal readonly record struct BigFloat(BigInteger Mantissa, int Exponent)
{
    private const int Precision = 256;

    public static readonly BigFloat One = From(1);

    public static readonly BigFloat Ln2 = Two(3);

    /// <summary>Machin's formula.</summary>
    public static readonly BigFloat Pi = (From(16) * Arctan(5)) - (From(4) * Arctan(239));

    private static readonly BigFloat SqrtPi = Sqrt(Pi);

    public static BigFloat From(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & 0xF_FFFF_FFFF_FFFF;
        BigInteger mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        return new(bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    /// <summary>⌊log₂ |x|⌋.</summary>
    public int Magnitude => (int)BigInteger.Abs(Mantissa).GetBitLength() - 1 + Exponent;

    public static BigFloat operator +(BigFloat a, BigFloat b)
    {
        if (a.Mantissa.IsZero || b.Mantissa.IsZero)
        {
            return a.Mantissa.IsZero ? b : a;
        }

        // What is more than twice the precision below does not count.
        if (Math.Abs(a.Magnitude - b.Magnitude) > 2 * Precision)
        {
            return a.Magnitude > b.Magnitude ? a : b;
        }

        int exponent = Math.Min(a.Exponent, b.Exponent);
        return Round((a.Mantissa << (a.Exponent - exponent)) + (b.Mantissa << (b.Exponent - exponent)), exponent);
    }

    public static BigFloat operator -(BigFloat a) => new(-a.Mantissa, a.Exponent);

    public static BigFloat operator -(BigFloat a, BigFloat b) => a + -b;

    public static BigFloat operator *(BigFloat a, BigFloat b) => Round(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public static BigFloat operator /(BigFloat a, BigFloat b)
        => Round((a.Mantissa << (2 * Precision)) / b.Mantissa, a.Exponent - b.Exponent - (2 * Precision));

    public double ToDouble()
    {
        int shift = Math.Max(0, (int)BigInteger.Abs(Mantissa).GetBitLength() - 60);
        return Math.ScaleB((double)(Mantissa >> shift), Exponent + shift);
    }

    /// <summary>eˣ: x = n·ln 2 + r, Taylor for r.</summary>
    public static BigFloat Exp(double x) => Exp(From(x));

    /// <summary>eˣ of a number that need not be a double.</summary>
    public static BigFloat Exp(BigFloat x)
    {
        int n = (int)Math.Round(x.ToDouble() / Math.Log(2));
        BigFloat r = x - (From(n) * Ln2);
        BigFloat sum = One;
        BigFloat term = One;
        for (int i = 1; !term.Mantissa.IsZero && term.Magnitude > -Precision; i++)
        {
            term = term * r / From(i);
            sum += term;
        }

        return new(sum.Mantissa, sum.Exponent + n);
    }

    /// <summary>ln x = k·ln 2 + 2·artanh((m − 1) / (m + 1)), the series for artanh.</summary>
    public static BigFloat Log(BigFloat x)
    {
        int k = x.Magnitude;
        BigFloat m = new(x.Mantissa, x.Exponent - k);
        if (m.ToDouble() > Math.Sqrt(2))
        {
            k++;
            m = new(m.Mantissa, m.Exponent - 1);
        }

        return (From(k) * Ln2) + LogSeries((m - One) / (m + One));
    }

    /// <summary>tanh x = (E − 1) / (E + 1), E = e²ˣ.</summary>
    public static BigFloat Tanh(double x)
    {
        BigFloat e = Exp(2 * x);
        return (e - One) / (e + One);
    }

    /// <summary>σ(x) = E / (E + 1), E = eˣ.</summary>
    public static BigFloat Sigmoid(double x)
    {
        BigFloat e = Exp(x);
        return e / (e + One);
    }

    /// <summary>erf x = 2 / √π · e^−x² · Σ 2ⁱ·x²ⁱ⁺¹ / (2i + 1)!!, whose terms are all of one sign.</summary>
    public static BigFloat Erf(double x) => Erf(From(x));

    /// <summary>erf of a number that need not be a double.</summary>
    public static BigFloat Erf(BigFloat x)
    {
        BigFloat square = x * x;
        BigFloat term = x;
        BigFloat sum = term;
        for (int i = 3; !term.Mantissa.IsZero && term.Magnitude > sum.Magnitude - Precision; i += 2)
        {
            term = term * (square + square) / From(i);
            sum += term;
        }

        return (sum + sum) / SqrtPi / Exp(square);
    }

    /// <summary>1 − erf x: far right by the continued fraction e^−x² / √π / (x + ½ / (x + 1 / (x + 1½ / …))), where the difference would have no digit left.</summary>
    public static BigFloat Erfc(BigFloat x)
    {
        if (x.ToDouble() < 8)
        {
            return One - Erf(x);
        }

        BigFloat fraction = x;
        for (int i = 60; i > 0; i--)
        {
            fraction = x + (From(i * 0.5) / fraction);
        }

        return Exp(-(x * x)) / SqrtPi / fraction;
    }

    private static BigFloat Two(int inverse) => LogSeries(One / From(inverse));

    /// <summary>arctan(1 / n).</summary>
    private static BigFloat Arctan(int n)
    {
        BigFloat power = One / From(n);
        BigFloat square = -(power * power);
        BigFloat sum = power;
        for (int i = 3; power.Magnitude > -Precision; i += 2)
        {
            power *= square;
            sum += power / From(i);
        }

        return sum;
    }

    /// <summary>√x by Newton's method: seven steps from the 53 bits of a double reach far beyond 256.</summary>
    public static BigFloat Sqrt(BigFloat x)
    {
        BigFloat root = From(Math.Sqrt(x.ToDouble()));
        for (int i = 0; i < 7; i++)
        {
            root = (root + (x / root)) * From(0.5);
        }

        return root;
    }

    /// <summary>2·artanh s.</summary>
    private static BigFloat LogSeries(BigFloat s)
    {
        if (s.Mantissa.IsZero)
        {
            return s;
        }

        BigFloat square = s * s;
        BigFloat power = s + s;
        BigFloat sum = power;
        for (int i = 3; power.Magnitude > sum.Magnitude - Precision; i += 2)
        {
            power *= square;
            sum += power / From(i);
        }

        return sum;
    }

    private static BigFloat Round(BigInteger mantissa, int exponent)
    {
        int excess = (int)BigInteger.Abs(mantissa).GetBitLength() - Precision;
        return excess > 0 ? new(mantissa >> excess, exponent + excess) : new(mantissa, exponent);
    }
}

using System;

namespace SimdNet.Kernels;

/// <summary>The inverse of the standard normal distribution function, by Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988): rational approximations with a relative error of about 10⁻¹⁶.</summary>
/// <remarks>Logarithm by our own polynomial, root by the hardware: the bits don't depend on a C library.</remarks>
internal static class NormalQuantile
{
    /// <summary>x with Φ(x) = p, for 0 &lt; p &lt; 1.</summary>
    public static double Of(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            return q * Ratio(0.180625 - (q * q), Central);
        }

        double tail = q < 0 ? p : 1 - p;
        double r = Math.Sqrt(-default(Logarithm<double, DoublePrecision>).Invoke<double, WidthScalar<double>>(tail));
        double x = r <= 5 ? Ratio(r - 1.6, Middle) : Ratio(r - 5, Far);
        return q < 0 ? -x : x;
    }

    /// <summary>|q| ≤ 0.425: numerator a₀ … a₇, denominator b₀ … b₇.</summary>
    private static ReadOnlySpan<double> Central =>
    [
        3.3871328727963666080E0, 1.3314166789178437745E2, 1.9715909503065514427E3, 1.3731693765509461125E4,
        4.5921953931549871457E4, 6.7265770927008700853E4, 3.3430575583588128105E4, 2.5090809287301226727E3,
        1.0, 4.2313330701600911252E1, 6.8718700749205790830E2, 5.3941960214247511077E3,
        2.1213794301586595867E4, 3.9307895800092710610E4, 2.8729085735721942674E4, 5.2264952788528545610E3,
    ];

    /// <summary>√(−ln tail) ≤ 5.</summary>
    private static ReadOnlySpan<double> Middle =>
    [
        1.42343711074968357734E0, 4.63033784615654529590E0, 5.76949722146069140550E0, 3.64784832476320460504E0,
        1.27045825245236838258E0, 2.41780725177450611770E-1, 2.27238449892691845833E-2, 7.74545014278341407640E-4,
        1.0, 2.05319162663775882187E0, 1.67638483018380384940E0, 6.89767334985100004550E-1,
        1.48103976427480074590E-1, 1.51986665636164571966E-2, 5.47593808499534494600E-4, 1.05075007164441684324E-9,
    ];

    /// <summary>Beyond.</summary>
    private static ReadOnlySpan<double> Far =>
    [
        6.65790464350110377720E0, 5.46378491116411436990E0, 1.78482653991729133580E0, 2.96560571828504891230E-1,
        2.65321895265761230930E-2, 1.24266094738807843860E-3, 2.71155556874348757815E-5, 2.01033439929228813265E-7,
        1.0, 5.99832206555887937690E-1, 1.36929880922735805310E-1, 1.48753612908506148525E-2,
        7.86869131145613259100E-4, 1.84631831751005468180E-5, 1.42151175831644588870E-7, 2.04426310338993978564E-15,
    ];

    /// <summary>Two polynomials of degree 7, numerator first, by Horner without fused multiply-add.</summary>
    private static double Ratio(double r, ReadOnlySpan<double> coefficients)
    {
        double numerator = 0;
        double denominator = 0;
        for (int i = 7; i >= 0; i--)
        {
            numerator = (numerator * r) + coefficients[i];
            denominator = (denominator * r) + coefficients[i + 8];
        }

        return numerator / denominator;
    }
}

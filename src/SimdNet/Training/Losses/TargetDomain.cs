using System;
using System.Globalization;
using System.Numerics;

namespace SimdNet.Training.Losses;

/// <summary>Which targets a loss is defined for.</summary>
internal enum TargetDomain
{
    /// <summary>All finite numbers.</summary>
    Any,

    /// <summary>0 to 1.</summary>
    Unit,

    /// <summary>0 and above.</summary>
    NonNegative,

    /// <summary>−1, 0 and 1.</summary>
    Signs,
}

/// <summary>Looks for a target outside a domain.</summary>
internal static class TargetDomains
{
    /// <returns>Null, or what is wrong.</returns>
    public static string? Check<T>(TargetDomain domain, ReadOnlySpan<T> targets, string loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T target in targets)
        {
            bool fits = domain switch
            {
                TargetDomain.Unit => target >= T.Zero && target <= T.One,
                TargetDomain.NonNegative => target >= T.Zero,
                TargetDomain.Signs => target == T.Zero || T.Abs(target) == T.One,
                _ => true,
            };
            if (!fits)
            {
                string value = target.ToString(null, CultureInfo.InvariantCulture);
                return domain switch
                {
                    TargetDomain.Unit => $"the target {value} is not in [0, 1], where the loss {loss} needs it",
                    TargetDomain.NonNegative => $"the target {value} is negative, and the loss {loss} needs targets from 0 on",
                    _ => $"the target {value} is none of -1, 0 and 1, which the loss {loss} takes",
                };
            }
        }

        return null;
    }
}

using System;
using System.Numerics;
using System.Reflection;

using SimdNet.Kernels;

namespace SimdNet.Bench.Roofline;

/// <summary>Loops at the active kernels' width, which is a type argument of theirs: a width that is added to the library is measured without a change here.</summary>
internal static class WidthLoop
{
    /// <param name="loops">A class generic over element, vector and width, or, as the kernels are, over element, precision, vector and width.</param>
    /// <param name="element">float or double.</param>
    /// <param name="method">One of the class's methods.</param>
    public static TDelegate Of<TDelegate>(Type loops, Type element, string method)
        where TDelegate : Delegate
    {
        Type active = element == typeof(float) ? Active<float>() : Active<double>();
        return active.GenericTypeArguments is [_, _, Type vector, Type width]
            && loops.MakeGenericType(loops.GetGenericArguments().Length == 3 ? [element, vector, width] : active.GenericTypeArguments).GetMethod(method, BindingFlags.Public | BindingFlags.Static) is { } loop
            ? loop.CreateDelegate<TDelegate>()
            : throw new InvalidOperationException($"The active kernels do not show their width: {active}.");
    }

    private static Type Active<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelSets.Active<T>().GetType();
}

using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace SimdNet.Kernels;

/// <summary>The ordered list of kernel sets: the widest first, the first that the processor supports is the one in use, unless the environment names another.</summary>
/// <remarks>
/// Adding an instruction set is one width and one line in <see cref="Create{T, TPrecision}"/>. Tests take their kernels from <see cref="Supported"/>, so that a new one is tested by existing.
/// The conditions are constants to the compiler, ahead of time too: what the machine lacks is not compiled.
/// </remarks>
internal static class KernelSets
{
    /// <summary>The environment variable that names the set to use.</summary>
    public const string Variable = "SIMDNET_ISA";

    /// <summary>All sets that run on this processor, the widest first.</summary>
    public static IReadOnlyList<KernelSet<T>> Supported<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) || typeof(T) == typeof(double)
            ? Holder<T>.Supported
            : throw new NotSupportedException($"SimdNet computes in float and double; there are no kernels for {typeof(T).Name}.");

    /// <summary>The set in use, chosen at the first call.</summary>
    /// <exception cref="InvalidOperationException">SIMDNET_ISA names no set, or one that this processor does not support.</exception>
    public static KernelSet<T> Active<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<KernelSet<T>> supported = Supported<T>();
        return Holder<T>.Active ??= Choose(supported, Environment.GetEnvironmentVariable(Variable));
    }

    /// <summary>The set of that name, or the first where there is none.</summary>
    /// <exception cref="InvalidOperationException">None of the sets has the name.</exception>
    public static KernelSet<T> Choose<T>(IReadOnlyList<KernelSet<T>> supported, string? name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (string.IsNullOrEmpty(name))
        {
            return supported[0];
        }

        List<string> names = [];
        foreach (KernelSet<T> set in supported)
        {
            if (string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return set;
            }

            names.Add(set.Name);
        }

        throw new InvalidOperationException($"{Variable}={name} names no kernels that run here. This processor supports {string.Join(", ", names)}.");
    }

    private static KernelSet<T>[] Create<T, TPrecision>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrecision : IPrecision<T>
    {
        List<KernelSet<T>> sets = [];
        if (Vector512.IsHardwareAccelerated)
        {
            sets.Add(new VectorKernelSet<T, TPrecision, Vector512<T>, Width512<T>>());
        }

        if (Vector256.IsHardwareAccelerated)
        {
            sets.Add(new VectorKernelSet<T, TPrecision, Vector256<T>, Width256<T>>());
        }

        if (Vector128.IsHardwareAccelerated)
        {
            sets.Add(new VectorKernelSet<T, TPrecision, Vector128<T>, Width128<T>>());
        }

        if (Vector.IsHardwareAccelerated)
        {
            sets.Add(new VectorKernelSet<T, TPrecision, Vector<T>, WidthVectorT<T>>());
        }

        sets.Add(new VectorKernelSet<T, TPrecision, T, WidthScalar<T>>());
        return [.. sets];
    }

    private static class Holder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static readonly KernelSet<T>[] Supported = typeof(T) == typeof(float)
            ? (KernelSet<T>[])(object)Create<float, FloatPrecision>()
            : (KernelSet<T>[])(object)Create<double, DoublePrecision>();

        public static KernelSet<T>? Active { get; set; }
    }
}

using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
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
        => Holder<T>.Supported ??= [.. Create<T>()];

    /// <summary>The set in use, chosen at the first call. Where the environment names none, no other is made: the start of a process would wait for what the runtime does for each.</summary>
    /// <exception cref="InvalidOperationException">SIMDNET_ISA names no set, or one that this processor does not support.</exception>
    public static KernelSet<T> Active<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return Holder<T>.Active ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Choose(Supported<T>(), name) : First<T>();
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

    /// <summary>The widest set that runs on this processor.</summary>
    private static KernelSet<T> First<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using IEnumerator<KernelSet<T>> sets = Create<T>().GetEnumerator();
        _ = sets.MoveNext();
        return sets.Current;
    }

    private static IEnumerable<KernelSet<T>> Create<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? (IEnumerable<KernelSet<T>>)Create<float, FloatPrecision>()
            : typeof(T) == typeof(double)
            ? (IEnumerable<KernelSet<T>>)Create<double, DoublePrecision>()
            : throw new NotSupportedException($"SimdNet computes in float and double; there are no kernels for {typeof(T).Name}.");

    private static IEnumerable<KernelSet<T>> Create<T, TPrecision>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrecision : IPrecision<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            yield return Make<T, TPrecision, Vector512<T>, Width512<T>>();
        }

        if (Vector256.IsHardwareAccelerated)
        {
            yield return Make<T, TPrecision, Vector256<T>, Width256<T>>();
        }

        if (Vector128.IsHardwareAccelerated)
        {
            yield return Make<T, TPrecision, Vector128<T>, Width128<T>>();
        }

        if (Vector.IsHardwareAccelerated)
        {
            yield return Make<T, TPrecision, Vector<T>, WidthVectorT<T>>();
        }

        yield return Make<T, TPrecision, T, WidthScalar<T>>();
    }

    /// <summary>A method of its own: one that names all sets would load their types, made or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static KernelSet<T> Make<T, TPrecision, TVector, TWidth>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrecision : IPrecision<T>
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => new VectorKernelSet<T, TPrecision, TVector, TWidth>();

    private static class Holder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static KernelSet<T>[]? Supported { get; set; }

        public static KernelSet<T>? Active { get; set; }
    }
}

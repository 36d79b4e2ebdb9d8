using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace SimdNet.Bench.Peers;

/// <summary>A native library with the C interface of BLAS, on as many threads as the suite says.</summary>
/// <remarks>The calls leave out the runtime's change of mode, a few nanoseconds: so small a product as 32³ takes 700.</remarks>
internal sealed unsafe class Cblas
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;

    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _single;
    private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> _double;

    private Cblas(string package, IEnumerable<string> candidates, string setThreads, Func<nint, string> version)
    {
        if (!NativeCode.TryLoad(candidates, out nint library))
        {
            Presence = Presence.Absent($"not installed; Debian's package is {package}");
        }
        else if (!NativeCode.TryFind(library, out nint[]? functions, setThreads, "cblas_sgemm", "cblas_dgemm"))
        {
            Presence = Presence.Absent("built without the C interface");
        }
        else
        {
            _single = (delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)functions[1];
            _double = (delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)functions[2];
            SetThreads(functions[0], setThreads);
            Library = library;
            Presence = Presence.Here(version(library));
        }
    }

    [field: MaybeNull]
    public static Cblas OpenBlas => field ??= new("libopenblas0-pthread", [.. NativeCode.OfEachThreading("openblas", "libopenblas.so.0"), "libopenblas.so.0", "libopenblas", "openblas"], "openblas_set_num_threads", OpenBlasVersion);

    [field: MaybeNull]
    public static Cblas Blis => field ??= new("libblis4-pthread", [.. NativeCode.OfEachThreading("blis", "libblis.so.4"), "libblis.so.4", "libblis"], "bli_thread_set_num_threads", BlisVersion);

    public Presence Presence { get; }

    /// <summary>The library, where it is here.</summary>
    public nint Library { get; }

    /// <summary>C = A·B, with either operand transposed, everything row-major and dense.</summary>
    /// <param name="transposeA">Whether A is stored as [k × m].</param>
    /// <param name="transposeB">Whether B is stored as [n × k].</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n], overwritten.</param>
    public void Multiply<T>(bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int modeA = transposeA ? Transpose : NoTranspose;
        int modeB = transposeB ? Transpose : NoTranspose;
        int strideA = transposeA ? m : k;
        int strideB = transposeB ? k : n;
        fixed (T* x = a, y = b, z = c)
        {
            if (typeof(T) == typeof(float))
            {
                _single(RowMajor, modeA, modeB, m, n, k, 1, (float*)x, strideA, (float*)y, strideB, 0, (float*)z, n);
            }
            else
            {
                _double(RowMajor, modeA, modeB, m, n, k, 1, (double*)x, strideA, (double*)y, strideB, 0, (double*)z, n);
            }
        }
    }

    /// <summary>BLIS counts in numbers as wide as a pointer, OpenBLAS in int.</summary>
    private static void SetThreads(nint function, string name)
    {
        if (name.StartsWith("bli", StringComparison.Ordinal))
        {
            ((delegate* unmanaged[Cdecl]<nint, void>)function)(ThreadCount.Current);
        }
        else
        {
            ((delegate* unmanaged[Cdecl]<int, void>)function)(ThreadCount.Current);
        }
    }

    /// <summary>As in "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64": the number, and the processor whose kernels it took.</summary>
    private static string OpenBlasVersion(nint library)
    {
        if (!NativeCode.TryFind(library, out nint[]? functions, "openblas_get_config", "openblas_get_corename"))
        {
            return "";
        }

        string[] words = NativeCode.Text(((delegate* unmanaged[Cdecl]<nint>)functions[0])()).Split(' ');
        return $"{(words.Length > 1 ? words[1] : "")} ({NativeCode.Text(((delegate* unmanaged[Cdecl]<nint>)functions[1])())})";
    }

    private static string BlisVersion(nint library)
    {
        if (!NativeCode.TryFind(library, out nint[]? functions, "bli_info_get_version_str", "bli_arch_query_id", "bli_arch_string"))
        {
            return "";
        }

        int architecture = ((delegate* unmanaged[Cdecl]<int>)functions[1])();
        return $"{NativeCode.Text(((delegate* unmanaged[Cdecl]<nint>)functions[0])())} ({NativeCode.Text(((delegate* unmanaged[Cdecl]<int, nint>)functions[2])(architecture))})";
    }
}

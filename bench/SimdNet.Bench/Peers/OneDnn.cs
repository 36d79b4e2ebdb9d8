using System;
using System.Diagnostics.CodeAnalysis;

namespace SimdNet.Bench.Peers;

/// <summary>oneDNN's product of matrices, on as many threads as the suite says. It offers float alone.</summary>
internal static unsafe class OneDnn
{
    private const string Package = "libdnnl2";

    private static delegate* unmanaged[Cdecl, SuppressGCTransition]<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int> Sgemm;

    [field: MaybeNull]
    public static Presence Presence => field ??= Load();

    /// <summary>As <see cref="Cblas.Multiply{T}"/>.</summary>
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        fixed (float* x = a, y = b, z = c)
        {
            int status = Sgemm(transposeA ? (byte)'T' : (byte)'N', transposeB ? (byte)'T' : (byte)'N', m, n, k, 1, x, transposeA ? m : k, y, transposeB ? k : n, 0, z, n);
            if (status != 0)
            {
                throw new InvalidOperationException($"dnnl_sgemm returned {status}.");
            }
        }
    }

    private static Presence Load()
    {
        if (!NativeCode.TryLoad(["libdnnl.so.3", "libdnnl.so.2", "libdnnl"], out nint library))
        {
            return Presence.Absent($"not installed; Debian's package is {Package}");
        }

        if (!NativeCode.TryFind(library, out nint[]? functions, "dnnl_sgemm", "dnnl_version"))
        {
            return Presence.Absent("without dnnl_sgemm");
        }

        Sgemm = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte, byte, long, long, long, float, float*, long, float*, long, float, float*, long, int>)functions[0];

        // dnnl_version_t begins with the three numbers.
        int* version = (int*)((delegate* unmanaged[Cdecl]<nint>)functions[1])();
        return Presence.Here($"{version[0]}.{version[1]}.{version[2]}");
    }
}

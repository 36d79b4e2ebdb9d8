using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>AVX2 and FMA: 8 floats or 4 doubles.</summary>
internal readonly unsafe struct Width256<T> : IWidth<Vector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "vector256";

    public static int Count => Vector256<T>.Count;

    /// <summary>6 × 2 accumulators, two vectors of B and one broadcast element of A: 15 of 16 registers.</summary>
    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector256<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(T* destination, Vector256<T> value) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FirstMask(int count) => Vector256.LessThan(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadFirst(T* source, int count, Vector256<T> mask)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.VL.MaskLoad((float*)source, mask.AsSingle(), default).As<float, T>()
                : Avx512F.VL.MaskLoad((double*)source, mask.AsDouble(), default).As<double, T>();
        }

        if (count == Count)
        {
            return Load(source);
        }

        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, T>();
        }

        Vector256<T> value = default;
        Partial.Copy(source, (T*)&value, count);
        return value;
    }

    /// <remarks>The masked stores of AVX take tens of cycles on AMD's processors (uops.info), those of AVX-512 do not: a whole vector never goes through the former.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(T* destination, Vector256<T> value, int count, Vector256<T> mask)
    {
        if (Avx512F.VL.IsSupported)
        {
            if (typeof(T) == typeof(float))
            {
                Avx512F.VL.MaskStore((float*)destination, mask.AsSingle(), value.AsSingle());
            }
            else
            {
                Avx512F.VL.MaskStore((double*)destination, mask.AsDouble(), value.AsDouble());
            }
        }
        else if (count == Count)
        {
            Store(destination, value);
        }
        else if (!Avx.IsSupported)
        {
            Partial.Copy((T*)&value, destination, count);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)destination, mask.AsSingle(), value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)destination, mask.AsDouble(), value.AsDouble());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    /// <remarks>Written out: only a number that is broadcast in the same expression becomes an operand in memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(T* a, Vector256<T> b, Vector256<T> c)
    {
        if (!FusedMultiplyAdd.IsSupported)
        {
            return (Vector256.Create(*a) * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(Vector256.Create(*(float*)a), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(Vector256.Create(*(double*)a), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    /// <remarks>Two ways to say the same: where they are one, the compiler reads once after all.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(T* a, Vector256<T> b, Vector256<T> e, ref Vector256<T> c, ref Vector256<T> d)
    {
        c = MultiplyAdd(a, b, c);
        if (!Avx512F.VL.IsSupported)
        {
            d = MultiplyAdd(a, e, d);
        }
        else if (typeof(T) == typeof(float))
        {
            d = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256((float*)a), e.AsSingle(), d.AsSingle()).As<float, T>();
        }
        else
        {
            d = Fma.MultiplyAdd(Avx.BroadcastScalarToVector256((double*)a), e.AsDouble(), d.AsDouble()).As<double, T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Sqrt(Vector256<T> a) => Vector256.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Abs(Vector256<T> a) => Vector256.Abs(a);

    /// <remarks>The instruction returns its second operand where the comparison is false, so that the operands change places.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Larger(Vector256<T> a, Vector256<T> b)
    {
        if (!Avx.IsSupported)
        {
            return Select(LessThan(a, b), b, a);
        }

        return typeof(T) == typeof(float)
            ? Avx.Max(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Avx.Max(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    /// <inheritdoc cref="Larger"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Smaller(Vector256<T> a, Vector256<T> b)
    {
        if (!Avx.IsSupported)
        {
            return Select(LessThan(b, a), b, a);
        }

        return typeof(T) == typeof(float)
            ? Avx.Min(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Avx.Min(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LessThan(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Equal(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> yes, Vector256<T> no) => Vector256.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> And(Vector256<T> a, Vector256<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Or(Vector256<T> a, Vector256<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AddBits(Vector256<T> a, Vector256<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() + b.AsInt32()).As<int, T>()
        : (a.AsInt64() + b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> SubtractBits(Vector256<T> a, Vector256<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() - b.AsInt32()).As<int, T>()
        : (a.AsInt64() - b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ShiftLeft(Vector256<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() << count).As<int, T>()
        : (a.AsInt64() << count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ShiftRight(Vector256<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() >>> count).As<int, T>()
        : (a.AsInt64() >>> count).As<long, T>();

    public static bool HasScale => Avx512F.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Scale(Vector256<T> a, Vector256<T> n) => typeof(T) == typeof(float)
        ? Avx512F.VL.Scale(a.AsSingle(), n.AsSingle()).As<float, T>()
        : Avx512F.VL.Scale(a.AsDouble(), n.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Exponent(Vector256<T> a) => typeof(T) == typeof(float)
        ? Avx512F.VL.GetExponent(a.AsSingle()).As<float, T>()
        : Avx512F.VL.GetExponent(a.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Fraction(Vector256<T> a) => typeof(T) == typeof(float)
        ? Avx512F.VL.GetMantissa(a.AsSingle(), Fields.FromThreeQuarters).As<float, T>()
        : Avx512F.VL.GetMantissa(a.AsDouble(), Fields.FromThreeQuarters).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LogarithmEnds(Vector256<T> y, Vector256<T> x)
    {
        if (!Avx512F.VL.IsSupported)
        {
            y = Select(LessThan(x, Vector256.Create(T.PositiveInfinity)), y, x);
            y = Select(LessThan(x, Vector256<T>.Zero), Vector256.Create(T.NaN), y);
            return Select(Equal(x, Vector256<T>.Zero), Vector256.Create(T.NegativeInfinity), y);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.VL.Fixup(y.AsSingle(), x.AsSingle(), Vector256.Create(Fields.LogarithmEnds), 0).As<float, T>()
            : Avx512F.VL.Fixup(y.AsDouble(), x.AsDouble(), Vector256.Create((long)Fields.LogarithmEnds), 0).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Vector256<T> a) => a.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AddAcross(Vector256<T> a, Vector256<T> b, int distance)
    {
        if (2 * distance == Count)
        {
            return Avx.IsSupported && typeof(T) == typeof(float)
                ? (Avx.Permute2x128(a.AsSingle(), b.AsSingle(), 0x20) + Avx.Permute2x128(a.AsSingle(), b.AsSingle(), 0x31)).As<float, T>()
                : Vector256.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());
        }

        if (!Avx.IsSupported)
        {
            return Vector256.Create(Width128<T>.AddAcross(a.GetLower(), b.GetLower(), distance), Width128<T>.AddAcross(a.GetUpper(), b.GetUpper(), distance));
        }

        if (typeof(T) == typeof(double))
        {
            return (Avx.UnpackLow(a.AsDouble(), b.AsDouble()) + Avx.UnpackHigh(a.AsDouble(), b.AsDouble())).As<double, T>();
        }

        Vector256<float> x = a.AsSingle();
        Vector256<float> y = b.AsSingle();
        return (distance == 2
            ? Avx.Shuffle(x, y, 0x44) + Avx.Shuffle(x, y, 0xEE)
            : Avx.Blend(x, Avx.DuplicateEvenIndexed(y), 0xAA) + Avx.Blend(Avx.DuplicateOddIndexed(x), y, 0xAA)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndicesOfNonZero(Vector256<T> a, int first, int* destination)
        => SetBits.Write(~Vector256.Equals(a, Vector256<T>.Zero).ExtractMostSignificantBits(), Count, first, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Vector256<T> a)
        where TFold : IFold<T>
        => Width128<T>.Fold<TFold>(TFold.Combine<Vector128<T>, Width128<T>>(a.GetLower(), a.GetUpper()));
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>SSE, AdvSimd and WebAssembly: 4 floats or 2 doubles.</summary>
internal readonly unsafe struct Width128<T> : IWidth<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "vector128";

    public static int Count => Vector128<T>.Count;

    /// <inheritdoc cref="Width256{T}.TileRows"/>
    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector128<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(T* destination, Vector128<T> value) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> FirstMask(int count) => Vector128.LessThan(Vector128<T>.Indices, Vector128.Create(T.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadFirst(T* source, int count, Vector128<T> mask)
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

        Vector128<T> value = default;
        Partial.Copy(source, (T*)&value, count);
        return value;
    }

    /// <remarks>The masked stores of AVX take tens of cycles on AMD's processors (uops.info), those of AVX-512 do not: a whole vector never goes through the former.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(T* destination, Vector128<T> value, int count, Vector128<T> mask)
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
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector128.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    /// <remarks>Written out: only a number that is broadcast in the same expression becomes an operand in memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(T* a, Vector128<T> b, Vector128<T> c)
    {
        if (!FusedMultiplyAdd.IsSupported)
        {
            return (Vector128.Create(*a) * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector128.FusedMultiplyAdd(Vector128.Create(*(float*)a), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.FusedMultiplyAdd(Vector128.Create(*(double*)a), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(T* a, Vector128<T> b, Vector128<T> e, ref Vector128<T> c, ref Vector128<T> d)
    {
        c = MultiplyAdd(a, b, c);
        d = MultiplyAdd(a, e, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Sqrt(Vector128<T> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Abs(Vector128<T> a) => Vector128.Abs(a);

    /// <remarks>The instruction returns its second operand where the comparison is false, so that the operands change places.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Larger(Vector128<T> a, Vector128<T> b)
    {
        if (!Sse2.IsSupported)
        {
            return Select(LessThan(a, b), b, a);
        }

        return typeof(T) == typeof(float)
            ? Sse.Max(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Sse2.Max(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    /// <inheritdoc cref="Larger"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Smaller(Vector128<T> a, Vector128<T> b)
    {
        if (!Sse2.IsSupported)
        {
            return Select(LessThan(b, a), b, a);
        }

        return typeof(T) == typeof(float)
            ? Sse.Min(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Sse2.Min(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LessThan(Vector128<T> a, Vector128<T> b) => Vector128.LessThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Equal(Vector128<T> a, Vector128<T> b) => Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> yes, Vector128<T> no) => Vector128.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> And(Vector128<T> a, Vector128<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Or(Vector128<T> a, Vector128<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddBits(Vector128<T> a, Vector128<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() + b.AsInt32()).As<int, T>()
        : (a.AsInt64() + b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SubtractBits(Vector128<T> a, Vector128<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() - b.AsInt32()).As<int, T>()
        : (a.AsInt64() - b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ShiftLeft(Vector128<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() << count).As<int, T>()
        : (a.AsInt64() << count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ShiftRight(Vector128<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() >>> count).As<int, T>()
        : (a.AsInt64() >>> count).As<long, T>();

    public static bool HasScale => Avx512F.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Scale(Vector128<T> a, Vector128<T> n) => typeof(T) == typeof(float)
        ? Avx512F.VL.Scale(a.AsSingle(), n.AsSingle()).As<float, T>()
        : Avx512F.VL.Scale(a.AsDouble(), n.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Exponent(Vector128<T> a) => typeof(T) == typeof(float)
        ? Avx512F.VL.GetExponent(a.AsSingle()).As<float, T>()
        : Avx512F.VL.GetExponent(a.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Fraction(Vector128<T> a) => typeof(T) == typeof(float)
        ? Avx512F.VL.GetMantissa(a.AsSingle(), Fields.FromThreeQuarters).As<float, T>()
        : Avx512F.VL.GetMantissa(a.AsDouble(), Fields.FromThreeQuarters).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LogarithmEnds(Vector128<T> y, Vector128<T> x)
    {
        if (!Avx512F.VL.IsSupported)
        {
            y = Select(LessThan(x, Vector128.Create(T.PositiveInfinity)), y, x);
            y = Select(LessThan(x, Vector128<T>.Zero), Vector128.Create(T.NaN), y);
            return Select(Equal(x, Vector128<T>.Zero), Vector128.Create(T.NegativeInfinity), y);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.VL.Fixup(y.AsSingle(), x.AsSingle(), Vector128.Create(Fields.LogarithmEnds), 0).As<float, T>()
            : Avx512F.VL.Fixup(y.AsDouble(), x.AsDouble(), Vector128.Create((long)Fields.LogarithmEnds), 0).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Vector128<T> a) => a.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddAcross(Vector128<T> a, Vector128<T> b, int distance)
    {
        if (typeof(T) == typeof(double))
        {
            Vector128<double> p = a.AsDouble();
            Vector128<double> q = b.AsDouble();
            return (Vector128.Create(p.GetLower(), q.GetLower()) + Vector128.Create(p.GetUpper(), q.GetUpper())).As<double, T>();
        }

        Vector128<float> x = a.AsSingle();
        Vector128<float> y = b.AsSingle();
        if (distance == 2)
        {
            return (Vector128.Create(x.GetLower(), y.GetLower()) + Vector128.Create(x.GetUpper(), y.GetUpper())).As<float, T>();
        }

        // Lanes 0 and 2 from one operand, 1 and 3 from the other.
        Vector128<float> even = Vector128.Create(-1, 0, -1, 0).AsSingle();
        Vector128<float> left = Vector128.ConditionalSelect(even, x, Vector128.Shuffle(y, Vector128.Create(0, 0, 2, 2)));
        return (left + Vector128.ConditionalSelect(even, Vector128.Shuffle(x, Vector128.Create(1, 1, 3, 3)), y)).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndicesOfNonZero(Vector128<T> a, int first, int* destination)
        => SetBits.Write(~Vector128.Equals(a, Vector128<T>.Zero).ExtractMostSignificantBits(), Count, first, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Vector128<T> a)
        where TFold : IFold<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<T> upper = Vector128.Shuffle(a.AsSingle(), Vector128.Create(2, 3, 2, 3)).As<float, T>();
            a = TFold.Combine<Vector128<T>, Width128<T>>(a, upper);
        }

        return TFold.Combine<T, WidthScalar<T>>(a.GetElement(0), a.GetElement(1));
    }
}

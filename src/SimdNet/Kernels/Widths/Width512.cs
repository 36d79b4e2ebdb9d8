using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>AVX-512: 16 floats or 8 doubles.</summary>
internal readonly unsafe struct Width512<T> : IWidth<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "vector512";

    public static int Count => Vector512<T>.Count;

    /// <summary>12 × 2 accumulators, two vectors of B and one broadcast element of A: 27 of 32 registers. 8 × 3 and 6 × 4 measured the same.</summary>
    public static int TileRows => 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector512<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(T* destination, Vector512<T> value) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FirstMask(int count) => Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst(T* source, int count, Vector512<T> mask)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)source, mask.AsSingle(), default).As<float, T>()
                : Avx512F.MaskLoad((double*)source, mask.AsDouble(), default).As<double, T>();
        }

        Vector512<T> value = default;
        Partial.Copy(source, (T*)&value, count);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(T* destination, Vector512<T> value, int count, Vector512<T> mask)
    {
        if (Avx512F.IsSupported)
        {
            if (typeof(T) == typeof(float))
            {
                Avx512F.MaskStore((float*)destination, mask.AsSingle(), value.AsSingle());
            }
            else
            {
                Avx512F.MaskStore((double*)destination, mask.AsDouble(), value.AsDouble());
            }

            return;
        }

        Partial.Copy((T*)&value, destination, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    /// <remarks>Written out: only a number that is broadcast in the same expression becomes an operand in memory.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(T* a, Vector512<T> b, Vector512<T> c)
    {
        if (!FusedMultiplyAdd.IsSupported)
        {
            return (Vector512.Create(*a) * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)a), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(Vector512.Create(*(double*)a), b.AsDouble(), c.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(T* a, Vector512<T> b, Vector512<T> e, ref Vector512<T> c, ref Vector512<T> d)
    {
        c = MultiplyAdd(a, b, c);
        d = MultiplyAdd(a, e, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Abs(Vector512<T> a) => Vector512.Abs(a);

    /// <remarks>The instruction returns its second operand where the comparison is false, so that the operands change places.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Larger(Vector512<T> a, Vector512<T> b)
    {
        if (!Avx512F.IsSupported)
        {
            return Select(LessThan(a, b), b, a);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.Max(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Avx512F.Max(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    /// <inheritdoc cref="Larger"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Smaller(Vector512<T> a, Vector512<T> b)
    {
        if (!Avx512F.IsSupported)
        {
            return Select(LessThan(b, a), b, a);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.Min(b.AsSingle(), a.AsSingle()).As<float, T>()
            : Avx512F.Min(b.AsDouble(), a.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LessThan(Vector512<T> a, Vector512<T> b) => Vector512.LessThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Equal(Vector512<T> a, Vector512<T> b) => Vector512.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> yes, Vector512<T> no) => Vector512.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> And(Vector512<T> a, Vector512<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Or(Vector512<T> a, Vector512<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AddBits(Vector512<T> a, Vector512<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() + b.AsInt32()).As<int, T>()
        : (a.AsInt64() + b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SubtractBits(Vector512<T> a, Vector512<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() - b.AsInt32()).As<int, T>()
        : (a.AsInt64() - b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ShiftLeft(Vector512<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() << count).As<int, T>()
        : (a.AsInt64() << count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ShiftRight(Vector512<T> a, int count) => typeof(T) == typeof(float)
        ? (a.AsInt32() >>> count).As<int, T>()
        : (a.AsInt64() >>> count).As<long, T>();

    public static bool HasScale => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Scale(Vector512<T> a, Vector512<T> n) => typeof(T) == typeof(float)
        ? Avx512F.Scale(a.AsSingle(), n.AsSingle()).As<float, T>()
        : Avx512F.Scale(a.AsDouble(), n.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exponent(Vector512<T> a) => typeof(T) == typeof(float)
        ? Avx512F.GetExponent(a.AsSingle()).As<float, T>()
        : Avx512F.GetExponent(a.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Fraction(Vector512<T> a) => typeof(T) == typeof(float)
        ? Avx512F.GetMantissa(a.AsSingle(), Fields.FromThreeQuarters).As<float, T>()
        : Avx512F.GetMantissa(a.AsDouble(), Fields.FromThreeQuarters).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LogarithmEnds(Vector512<T> y, Vector512<T> x)
    {
        if (!Avx512F.IsSupported)
        {
            y = Select(LessThan(x, Vector512.Create(T.PositiveInfinity)), y, x);
            y = Select(LessThan(x, Vector512<T>.Zero), Vector512.Create(T.NaN), y);
            return Select(Equal(x, Vector512<T>.Zero), Vector512.Create(T.NegativeInfinity), y);
        }

        return typeof(T) == typeof(float)
            ? Avx512F.Fixup(y.AsSingle(), x.AsSingle(), Vector512.Create(Fields.LogarithmEnds), 0).As<float, T>()
            : Avx512F.Fixup(y.AsDouble(), x.AsDouble(), Vector512.Create((long)Fields.LogarithmEnds), 0).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Vector512<T> a) => a.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AddAcross(Vector512<T> a, Vector512<T> b, int distance) => 2 * distance == Count
        ? Vector512.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper())
        : Vector512.Create(Width256<T>.AddAcross(a.GetLower(), b.GetLower(), distance), Width256<T>.AddAcross(a.GetUpper(), b.GetUpper(), distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndicesOfNonZero(Vector512<T> a, int first, int* destination)
    {
        ulong bits = ~Vector512.Equals(a, Vector512<T>.Zero).ExtractMostSignificantBits() & (ulong.MaxValue >> (64 - Count));
        if (!Avx512F.VL.IsSupported)
        {
            return SetBits.Write((uint)bits, Count, first, destination);
        }

        // Compressed in a register and stored whole: the form of the instruction that stores takes a hundred cycles on AMD's processors (uops.info).
        if (typeof(T) == typeof(float))
        {
            Vector512<float> isNonZero = Avx512F.CompareNotEqual(a.AsSingle(), Vector512<float>.Zero);
            Avx512F.Compress(Vector512<int>.Zero, isNonZero.AsInt32(), Vector512<int>.Indices + Vector512.Create(first)).Store(destination);
        }
        else
        {
            Vector512<double> isNonZero = Avx512F.CompareNotEqual(a.AsDouble(), Vector512<double>.Zero);
            Vector512<long> indices = Avx512F.Compress(Vector512<long>.Zero, isNonZero.AsInt64(), Vector512<long>.Indices + Vector512.Create((long)first));
            Avx512F.ConvertToVector256Int32(indices).Store(destination);
        }

        return BitOperations.PopCount(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Vector512<T> a)
        where TFold : IFold<T>
        => Width256<T>.Fold<TFold>(TFold.Combine<Vector256<T>, Width256<T>>(a.GetLower(), a.GetUpper()));
}

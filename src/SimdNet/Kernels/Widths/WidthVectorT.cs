using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>The portable width: 256 bits on x86-64 with AVX2 (with AVX-512 too, unless DOTNET_MaxVectorTBitWidth says otherwise), 128 elsewhere.</summary>
internal readonly unsafe struct WidthVectorT<T> : IWidth<Vector<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "vectort";

    public static int Count => Vector<T>.Count;

    /// <inheritdoc cref="Width256{T}.TileRows"/>
    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Load(T* source) => Vector.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(T* destination, Vector<T> value) => value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> FirstMask(int count) => Vector.LessThan(Vector<T>.Indices, Vector.Create(T.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LoadFirst(T* source, int count, Vector<T> mask)
    {
        if (count == Count)
        {
            return Load(source);
        }

        Vector<T> value = default;
        Partial.Copy(source, (T*)&value, count);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(T* destination, Vector<T> value, int count, Vector<T> mask)
    {
        if (count == Count)
        {
            Store(destination, value);
        }
        else
        {
            Partial.Copy((T*)&value, destination, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Broadcast(T value) => Vector.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Add(Vector<T> a, Vector<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Subtract(Vector<T> a, Vector<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Multiply(Vector<T> a, Vector<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Divide(Vector<T> a, Vector<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(Vector<T> a, Vector<T> b, Vector<T> c)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            return (a * b) + c;
        }

        return typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> MultiplyAdd(T* a, Vector<T> b, Vector<T> c) => MultiplyAdd(Broadcast(*a), b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(T* a, Vector<T> b, Vector<T> e, ref Vector<T> c, ref Vector<T> d)
    {
        c = MultiplyAdd(a, b, c);
        d = MultiplyAdd(a, e, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt(Vector<T> a) => Vector.SquareRoot(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Abs(Vector<T> a) => Vector.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Larger(Vector<T> a, Vector<T> b) => sizeof(Vector<T>) switch
    {
        16 => Width128<T>.Larger(a.AsVector128(), b.AsVector128()).AsVector(),
        32 => Width256<T>.Larger(a.AsVector256(), b.AsVector256()).AsVector(),
        _ => Select(LessThan(a, b), b, a),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Smaller(Vector<T> a, Vector<T> b) => sizeof(Vector<T>) switch
    {
        16 => Width128<T>.Smaller(a.AsVector128(), b.AsVector128()).AsVector(),
        32 => Width256<T>.Smaller(a.AsVector256(), b.AsVector256()).AsVector(),
        _ => Select(LessThan(b, a), b, a),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LessThan(Vector<T> a, Vector<T> b) => Vector.LessThan<T>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Equal(Vector<T> a, Vector<T> b) => Vector.Equals<T>(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Select(Vector<T> mask, Vector<T> yes, Vector<T> no) => Vector.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> And(Vector<T> a, Vector<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Or(Vector<T> a, Vector<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AddBits(Vector<T> a, Vector<T> b) => typeof(T) == typeof(float)
        ? (a.As<T, int>() + b.As<T, int>()).As<int, T>()
        : (a.As<T, long>() + b.As<T, long>()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> SubtractBits(Vector<T> a, Vector<T> b) => typeof(T) == typeof(float)
        ? (a.As<T, int>() - b.As<T, int>()).As<int, T>()
        : (a.As<T, long>() - b.As<T, long>()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ShiftLeft(Vector<T> a, int count) => typeof(T) == typeof(float)
        ? (a.As<T, int>() << count).As<int, T>()
        : (a.As<T, long>() << count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ShiftRight(Vector<T> a, int count) => typeof(T) == typeof(float)
        ? (a.As<T, int>() >>> count).As<int, T>()
        : (a.As<T, long>() >>> count).As<long, T>();

    public static bool HasScale => false;

    public static Vector<T> Scale(Vector<T> a, Vector<T> n) => default;

    public static Vector<T> Exponent(Vector<T> a) => default;

    public static Vector<T> Fraction(Vector<T> a) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LogarithmEnds(Vector<T> y, Vector<T> x)
    {
        y = Select(LessThan(x, Broadcast(T.PositiveInfinity)), y, x);
        y = Select(LessThan(x, Vector<T>.Zero), Broadcast(T.NaN), y);
        return Select(Equal(x, Vector<T>.Zero), Broadcast(T.NegativeInfinity), y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Vector<T> a) => a.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AddAcross(Vector<T> a, Vector<T> b, int distance)
    {
        if (sizeof(Vector<T>) == sizeof(Vector128<T>))
        {
            return Width128<T>.AddAcross(a.AsVector128(), b.AsVector128(), distance).AsVector();
        }

        return sizeof(Vector<T>) == sizeof(Vector256<T>)
            ? Width256<T>.AddAcross(a.AsVector256(), b.AsVector256(), distance).AsVector()
            : Width512<T>.AddAcross(a.AsVector512(), b.AsVector512(), distance).AsVector();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndicesOfNonZero(Vector<T> a, int first, int* destination)
    {
        int count = 0;
        T* lanes = (T*)&a;
        for (int lane = 0; lane < Count; lane++)
        {
            destination[count] = first + lane;
            count += lanes[lane] == T.Zero ? 0 : 1;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(Vector<T> a)
        where TFold : IFold<T>
    {
        if (sizeof(Vector<T>) == sizeof(Vector128<T>))
        {
            return Width128<T>.Fold<TFold>(a.AsVector128());
        }

        return sizeof(Vector<T>) == sizeof(Vector256<T>)
            ? Width256<T>.Fold<TFold>(a.AsVector256())
            : Width512<T>.Fold<TFold>(a.AsVector512());
    }
}

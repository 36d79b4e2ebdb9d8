using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>One number at a time: the specification of every other width, and the way on machines without vectors.</summary>
internal readonly unsafe struct WidthScalar<T> : IWidth<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static string Name => "scalar";

    public static int Count => 1;

    /// <inheritdoc cref="Width256{T}.TileRows"/>
    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, T value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(T* destination, T value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FirstMask(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LoadFirst(T* source, int count, T mask) => count > 0 ? *source : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(T* destination, T value, int count, T mask)
    {
        if (count > 0)
        {
            *destination = value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide(T a, T b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T c) => FusedMultiplyAdd.Of(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T* a, T b, T c) => FusedMultiplyAdd.Of(Broadcast(*a), b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(T* a, T b, T e, ref T c, ref T d)
    {
        c = MultiplyAdd(a, b, c);
        d = MultiplyAdd(a, e, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt(T a) => T.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs(T a) => T.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Larger(T a, T b) => a < b ? b : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Smaller(T a, T b) => b < a ? b : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LessThan(T a, T b) => Mask(a < b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Equal(T a, T b) => Mask(a == b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Select(T mask, T yes, T no) => FromBits((Bits(mask) & Bits(yes)) | (~Bits(mask) & Bits(no)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T And(T a, T b) => FromBits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Or(T a, T b) => FromBits(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AddBits(T a, T b) => FromBits(Bits(a) + Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SubtractBits(T a, T b) => FromBits(Bits(a) - Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShiftLeft(T a, int count) => FromBits(Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShiftRight(T a, int count) => FromBits(Bits(a) >> count);

    public static bool HasScale => false;

    public static T Scale(T a, T n) => default;

    public static T Exponent(T a) => default;

    public static T Fraction(T a) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogarithmEnds(T y, T x) => x > T.Zero ? (x < T.PositiveInfinity ? y : x) : x == T.Zero ? T.NegativeInfinity : T.NaN;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(T a) => a;

    /// <summary>There is no distance below one lane.</summary>
    public static T AddAcross(T a, T b, int distance) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndicesOfNonZero(T a, int first, int* destination)
    {
        *destination = first;
        return a == T.Zero ? 0 : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TFold>(T a)
        where TFold : IFold<T>
        => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Mask(bool set) => set ? T.AllBitsSet : T.Zero;

    /// <summary>The bits of a number, those of a float in the lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(T a) => typeof(T) == typeof(float) ? Unsafe.BitCast<T, uint>(a) : Unsafe.BitCast<T, ulong>(a);

    /// <summary>The number of the bits; the upper half does not count for a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T FromBits(ulong bits) => typeof(T) == typeof(float) ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits);
}

using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>Arrays of any bits: NaN with payloads, both zeros, subnormals; of any rank from 0, empty ones among them.</summary>
internal static class AnyArray
{
    public static NpyArray Of(NpyElementType type, Random random) => type switch
    {
        NpyElementType.Boolean => Make(random, () => random.Next(2) == 0),
        NpyElementType.Int8 => Bits<sbyte>(random),
        NpyElementType.UInt8 => Bits<byte>(random),
        NpyElementType.Int16 => Bits<short>(random),
        NpyElementType.UInt16 => Bits<ushort>(random),
        NpyElementType.Int32 => Bits<int>(random),
        NpyElementType.UInt32 => Bits<uint>(random),
        NpyElementType.Int64 => Bits<long>(random),
        NpyElementType.UInt64 => Bits<ulong>(random),
        NpyElementType.Float16 => Bits<Half>(random),
        NpyElementType.Float32 => Make(random, () => BitConverter.UInt32BitsToSingle(Special(random, 0x7F80_0000u))),
        NpyElementType.Float64 => Make(random, () => BitConverter.UInt64BitsToDouble(Special(random, 0x7FF0_0000_0000_0000ul))),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The same type, shape and bits.</summary>
    public static void AssertSame(NpyArray expected, NpyArray actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        Assert.True(expected.Bytes.SequenceEqual(actual.Bytes), "The bits differ.");
    }

    private static NpyArray Bits<T>(Random random)
        where T : unmanaged => Make(random, () =>
        {
            Span<T> one = stackalloc T[1];
            random.NextBytes(MemoryMarshal.AsBytes(one));
            return one[0];
        });

    /// <summary>Any bits, and every fourth time a zero, a subnormal, an infinity or a NaN of either sign.</summary>
    private static T Special<T>(Random random, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<T> bits = stackalloc T[1];
        random.NextBytes(MemoryMarshal.AsBytes(bits));
        return random.Next(16) switch
        {
            0 => bits[0] & ~exponent,
            1 => bits[0] | exponent,
            2 => random.Next(2) == 0 ? T.Zero : T.RotateRight(T.One, 1),
            3 => exponent,
            _ => bits[0],
        };
    }

    private static NpyArray Make<T>(Random random, Func<T> next)
        where T : unmanaged
    {
        int[] shape = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4))];
        T[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => next())];
        return NpyArray.Create<T>(values, shape);
    }
}

using System;
using System.Diagnostics;

namespace SimdNet.Data;

/// <summary>What the element types are called, how large they are, and which .NET types they are.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(NpyElementType type) => type switch
    {
        NpyElementType.Boolean or NpyElementType.Int8 or NpyElementType.UInt8 => 1,
        NpyElementType.Int16 or NpyElementType.UInt16 or NpyElementType.Float16 => 2,
        NpyElementType.Int32 or NpyElementType.UInt32 or NpyElementType.Float32 => 4,
        NpyElementType.Int64 or NpyElementType.UInt64 or NpyElementType.Float64 => 8,
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether it holds whole numbers; truth values count as such.</summary>
    public static bool IsInteger(NpyElementType type) => type < NpyElementType.Float16;

    /// <summary>numpy's name of the type without its byte order.</summary>
    public static string CodeOf(NpyElementType type) => type switch
    {
        NpyElementType.Boolean => "b1",
        NpyElementType.Int8 => "i1",
        NpyElementType.UInt8 => "u1",
        NpyElementType.Int16 => "i2",
        NpyElementType.UInt16 => "u2",
        NpyElementType.Int32 => "i4",
        NpyElementType.UInt32 => "u4",
        NpyElementType.Int64 => "i8",
        NpyElementType.UInt64 => "u8",
        NpyElementType.Float16 => "f2",
        NpyElementType.Float32 => "f4",
        NpyElementType.Float64 => "f8",
        _ => throw new UnreachableException(),
    };

    /// <summary>The type of that name, null if it cannot be read.</summary>
    public static NpyElementType? FromCode(ReadOnlySpan<byte> code)
    {
        for (NpyElementType type = NpyElementType.Boolean; type <= NpyElementType.Float64; type++)
        {
            string name = CodeOf(type);
            if (code.Length == 2 && code[0] == name[0] && code[1] == name[1])
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>The element type that holds <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static NpyElementType Of<T>() =>
        typeof(T) == typeof(float) ? NpyElementType.Float32
        : typeof(T) == typeof(double) ? NpyElementType.Float64
        : typeof(T) == typeof(Half) ? NpyElementType.Float16
        : typeof(T) == typeof(bool) ? NpyElementType.Boolean
        : typeof(T) == typeof(sbyte) ? NpyElementType.Int8
        : typeof(T) == typeof(byte) ? NpyElementType.UInt8
        : typeof(T) == typeof(short) ? NpyElementType.Int16
        : typeof(T) == typeof(ushort) ? NpyElementType.UInt16
        : typeof(T) == typeof(int) ? NpyElementType.Int32
        : typeof(T) == typeof(uint) ? NpyElementType.UInt32
        : typeof(T) == typeof(long) ? NpyElementType.Int64
        : typeof(T) == typeof(ulong) ? NpyElementType.UInt64
        : throw new NotSupportedException(
            $"Arrays of {typeof(T)} cannot be written; use bool, an integer type of 8 to 64 bits, Half, float or double.");
}

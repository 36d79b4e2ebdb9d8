using System.Diagnostics;

namespace SimdNet.Files;

/// <summary>What element types are called in safetensors files.</summary>
internal static class SafetensorsTypes
{
    /// <summary>bfloat16, the upper half of a float. It is read as float, which holds all its values; it is not written.</summary>
    public const string BFloat16 = "BF16";

    /// <summary>The names that can be read, for messages.</summary>
    public const string Known = "F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8 and BOOL";

    /// <summary>The name that a type is written by.</summary>
    public static string CodeOf(NpyElementType type) => type switch
    {
        NpyElementType.Boolean => "BOOL",
        NpyElementType.Int8 => "I8",
        NpyElementType.UInt8 => "U8",
        NpyElementType.Int16 => "I16",
        NpyElementType.UInt16 => "U16",
        NpyElementType.Int32 => "I32",
        NpyElementType.UInt32 => "U32",
        NpyElementType.Int64 => "I64",
        NpyElementType.UInt64 => "U64",
        NpyElementType.Float16 => "F16",
        NpyElementType.Float32 => "F32",
        NpyElementType.Float64 => "F64",
        _ => throw new UnreachableException(),
    };

    /// <summary>The type that elements of that name are read as, null for one that cannot be read.</summary>
    public static NpyElementType? FromCode(string code)
    {
        if (code == BFloat16)
        {
            return NpyElementType.Float32;
        }

        for (NpyElementType type = NpyElementType.Boolean; type <= NpyElementType.Float64; type++)
        {
            if (CodeOf(type) == code)
            {
                return type;
            }
        }

        return null;
    }
}

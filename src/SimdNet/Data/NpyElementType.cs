namespace SimdNet;

/// <summary>The element types of NPY, NPZ and IDX files that can be read.</summary>
public enum NpyElementType
{
    /// <summary>One byte, 0 or 1; numpy's <c>bool</c>.</summary>
    Boolean,

    /// <summary>Signed, one byte; numpy's <c>i1</c>.</summary>
    Int8,

    /// <summary>Unsigned, one byte; numpy's <c>u1</c>.</summary>
    UInt8,

    /// <summary>Signed, two bytes; numpy's <c>i2</c>.</summary>
    Int16,

    /// <summary>Unsigned, two bytes; numpy's <c>u2</c>.</summary>
    UInt16,

    /// <summary>Signed, four bytes; numpy's <c>i4</c>.</summary>
    Int32,

    /// <summary>Unsigned, four bytes; numpy's <c>u4</c>.</summary>
    UInt32,

    /// <summary>Signed, eight bytes; numpy's <c>i8</c>.</summary>
    Int64,

    /// <summary>Unsigned, eight bytes; numpy's <c>u8</c>.</summary>
    UInt64,

    /// <summary>IEEE 754 half precision, two bytes; numpy's <c>f2</c>.</summary>
    Float16,

    /// <summary>IEEE 754 single precision, four bytes; numpy's <c>f4</c>.</summary>
    Float32,

    /// <summary>IEEE 754 double precision, eight bytes; numpy's <c>f8</c>.</summary>
    Float64,
}

using System;
using System.Buffers.Binary;
using System.IO;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet;

/// <summary>IDX, the file format of the MNIST family of image sets, plain or in gzip.</summary>
/// <remarks>
/// <code>0 0 | element type | number of dimensions | size of each, 4 bytes, big-endian | elements, big-endian, the last index running fastest</code>
/// gzip is recognised by its first bytes, not by the file's name, and may inflate to the larger of 16 MiB and 100 times its size.
/// </remarks>
public static class IdxFile
{
    /// <summary>Reads an array.</summary>
    /// <param name="path">The file, plain or in gzip.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no IDX file, is damaged, or is longer or shorter than it says.</exception>
    public static NpyArray Read(string path)
    {
        using BoundedReader reader = BoundedReader.OpenFileOrGzip(path);
        return Read(reader);
    }

    /// <summary>Reads an array that ends where the reader does.</summary>
    internal static NpyArray Read(BoundedReader reader)
    {
        Span<byte> start = stackalloc byte[4];
        reader.ReadExactly(start, "the start of an IDX file");
        NpyElementType type = start is [0, 0, _, _] ? TypeOf(start[2], reader) : throw reader.Error(
            "this is no IDX file; those begin with two zero bytes.", 0);
        int rank = start[3];
        if (rank is 0 or > ArrayShape.MaxRank)
        {
            throw reader.Error($"the IDX file has {rank} dimensions; 1 to {ArrayShape.MaxRank} can be read.", 3);
        }

        int[] shape = new int[rank];
        Span<byte> size = stackalloc byte[sizeof(int)];
        for (int axis = 0; axis < rank; axis++)
        {
            reader.ReadExactly(size, "the sizes of the dimensions");
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(size);
        }

        if (ArrayShape.CountOrNull(shape) is not int count)
        {
            throw reader.Error(
                $"the IDX file declares the shape {Quoted.Of(ArrayShape.Text(shape))}; sizes are not negative and have a product of at most {int.MaxValue}.", 4);
        }

        int elementSize = ElementTypes.SizeOf(type);
        byte[] bytes = reader.ReadArray((long)count * elementSize, $"the array of shape {Quoted.Of(ArrayShape.Text(shape))}");
        reader.ExpectEnd();
        if (BitConverter.IsLittleEndian)
        {
            ByteOrder.Reverse(bytes, elementSize);
        }

        return new NpyArray(type, shape, bytes, reader.Source);
    }

    private static NpyElementType TypeOf(byte code, BoundedReader reader) => code switch
    {
        0x08 => NpyElementType.UInt8,
        0x09 => NpyElementType.Int8,
        0x0B => NpyElementType.Int16,
        0x0C => NpyElementType.Int32,
        0x0D => NpyElementType.Float32,
        0x0E => NpyElementType.Float64,
        _ => throw reader.Error($"the IDX file has the unknown element type 0x{code:X2}; 08, 09, 0B, 0C, 0D and 0E are known.", 2),
    };
}

using System;
using System.IO;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet;

/// <summary>NPY, numpy's file of one array.</summary>
/// <remarks>
/// Read: versions 1 to 3, either byte order, C and Fortran order, truth values, integers of 8 to 64 bits, floats of 16 to 64 bits.
/// Nothing in a file is evaluated; Python objects, text and records are refused. Written: version 1, C order, this machine's byte order,
/// so that the same values give the same bytes.
/// </remarks>
public static class NpyFile
{
    /// <summary>Reads an array.</summary>
    /// <param name="path">The file, as <c>numpy.save</c> writes it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no NPY file, is damaged, or holds elements that cannot be read.</exception>
    public static NpyArray Read(string path)
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        return Read(reader);
    }

    /// <summary>Writes an array, in one step: on failure an older file of that name is as it was.</summary>
    /// <typeparam name="T"><see cref="bool"/>, an integer type of 8 to 64 bits, <see cref="Half"/>, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="values">The elements in C order: the last index runs fastest.</param>
    /// <param name="shape">Size of each dimension, none negative; empty for a single number.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than the shape has.</exception>
    /// <exception cref="NotSupportedException">The type is none of those.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged => Write(path, NpyArray.Create(values, shape));

    /// <summary>Writes an array, in one step: on failure an older file of that name is as it was.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream => Write(stream, array));
    }

    /// <summary>Reads an array that ends where the reader does.</summary>
    internal static NpyArray Read(BoundedReader reader)
    {
        NpyHeader header = NpyHeader.Read(reader);
        int elementSize = ElementTypes.SizeOf(header.Type);
        int count = ArrayShape.CountOrNull(header.Shape)!.Value;
        byte[] bytes = reader.ReadArray((long)count * elementSize, $"the array of shape {Quoted.Of(ArrayShape.Text(header.Shape))}");
        reader.ExpectEnd();
        if (header.Reversed)
        {
            ByteOrder.Reverse(bytes, elementSize);
        }

        if (header.FortranOrder && header.Shape.Length > 1)
        {
            bytes = ArrayShape.FromFortranOrder(bytes, header.Shape, elementSize);
        }

        return new NpyArray(header.Type, header.Shape, bytes, reader.Source);
    }

    /// <summary>Writes an array to where the stream stands, and says how many bytes it has.</summary>
    internal static long Write(Stream stream, NpyArray array)
    {
        byte[] header = NpyHeader.Write(array.Type, array.Shape);
        stream.Write(header);
        stream.Write(array.Bytes);
        return header.Length + (long)array.Bytes.Length;
    }
}

using System;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages IDX files field by field: element type, number of dimensions, their sizes, the data.</summary>
internal sealed class IdxMutant(byte type, int[] shape, byte[] data)
{
    private static readonly byte[] Types = [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E, 0x0A, 0x00, 0xFF];

    /// <summary>A damaged copy.</summary>
    public byte[] Of(Random random)
    {
        FileBytes file = new();
        file.BigEndian(2, Lie.Maybe(random, 0, onceIn: 40));
        file.BigEndian(1, random.Next(4) == 0 ? Types[random.Next(Types.Length)] : type);
        int rank = random.Next(8) switch { 0 => random.Next(256), 1 => random.Next(6), _ => shape.Length };
        file.BigEndian(1, rank);
        for (int axis = random.Next(20) == 0 ? 1 : 0; axis < rank; axis++)
        {
            file.BigEndian(4, Lie.Maybe(random, axis < shape.Length ? shape[axis] : random.Next(3), onceIn: 6));
        }

        file.Add(Lie.Data(random, data));
        return file.Finish(random);
    }
}

using System;
using System.Runtime.InteropServices;

using SimdNet.IO;

using Xunit;

namespace SimdNet.Tests.IO;

public sealed class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard_is_met() => Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));

    [Fact]
    public void Every_length_agrees_with_one_bit_a_step_also_in_pieces()
    {
        byte[] bytes = new byte[70];
        new Random(1).NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            uint expected = BitByBit(bytes.AsSpan(0, length));
            Assert.Equal(expected, Crc32.Append(0, bytes.AsSpan(0, length)));
            int cut = length / 3;
            Assert.Equal(expected, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut, length - cut)));
        }
    }

    /// <summary>Values in blocks of any size are their bytes in one piece.</summary>
    [Fact]
    public void Values_in_blocks_have_the_checksum_of_their_bytes()
    {
        double[] values = new double[20];
        new Random(1).NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        for (int length = 0; length <= values.Length; length++)
        {
            ReadOnlySpan<double> part = values.AsSpan(0, length);
            uint expected = BitByBit(MemoryMarshal.AsBytes(part));
            Assert.Equal(expected, Crc32.AppendValues(0, part));
            foreach (int block in (int[])[1, 2, 3, 7, 19, 20, 21])
            {
                Assert.Equal(expected, Crc32.AppendValues(0, part, block));
            }

            Assert.Equal(BitByBit([1, 2, .. MemoryMarshal.AsBytes(part)]), Crc32.AppendValues(Crc32.Append(0, [1, 2]), part, 3));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint c = uint.MaxValue;
        foreach (byte value in bytes)
        {
            c ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? (c >> 1) ^ 0xEDB88320 : c >> 1;
            }
        }

        return ~c;
    }
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages bytes of which nothing is known, as failing disks do: flips, cuts, splices, repetitions, numbers at their bounds. The same way for the same seed.</summary>
internal static class ByteMutant
{
    private static readonly byte[] Bytes = [0, 1, 0x7F, 0x80, 0xFF, .. "{}[]()\"',:.-+eE0919 \n\r#\\;<>|"u8];
    private static readonly long[] Numbers = [0, 1, -1, 2, 255, 256, 65535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];
    private static readonly string[] Words = ["99999999999999999999", "-1", "1e999", "NaN", "nan", "inf", "\\uD800", "null", "(0,)", "2147483647", "\"\"", "'", "\u00e9", "4294967296"];

    /// <summary>A damaged copy.</summary>
    public static byte[] Of(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            Edit(bytes, random);
        }

        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, Random random)
    {
        // Headers are where the meaning is: half of all edits go to the first 128 bytes.
        int limit = random.Next(2) == 0 ? Math.Min(bytes.Count, 128) : bytes.Count;
        int at = limit == 0 ? 0 : random.Next(limit);
        switch (random.Next(9))
        {
            case 0 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[at] = Bytes[random.Next(Bytes.Length)];
                break;
            case 2 when bytes.Count > 0:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                break;
            case 3:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                break;
            case 4:
                bytes.Insert(at, Bytes[random.Next(Bytes.Length)]);
                break;
            case 5 when bytes.Count > 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6 when bytes.Count > 0:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(1, 65), bytes.Count - at)));
                break;
            case 7:
                Span<byte> number = stackalloc byte[8];
                long value = Numbers[random.Next(Numbers.Length)];
                if (random.Next(2) == 0)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(number, value);
                }
                else
                {
                    BinaryPrimitives.WriteInt64BigEndian(number, value);
                }

                int width = 1 << random.Next(1, 4);
                for (int i = 0; i < width && at + i < bytes.Count; i++)
                {
                    bytes[at + i] = number[random.Next(2) == 0 ? i : 8 - width + i];
                }

                break;
            default:
                byte[] noise = new byte[random.Next(1, 9)];
                random.NextBytes(noise);
                bytes.AddRange(noise);
                break;
        }
    }
}

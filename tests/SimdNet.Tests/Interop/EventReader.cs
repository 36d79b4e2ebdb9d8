using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace SimdNet.Tests.Interop;

/// <summary>Reads TensorBoard's event files by the rules of their formats, with nothing of what writes them: records and checksums of TFRecord, and the wire format of Protocol Buffers.</summary>
internal static class EventReader
{
    /// <summary>One event.</summary>
    public sealed record Event(double Time, long Step, string? Version, Dictionary<string, float> Scalars, Dictionary<string, Histogram> Histograms);

    /// <summary>A histogram as it was written.</summary>
    public sealed record Histogram(double Min, double Max, double Count, double Sum, double SumOfSquares, double[] Limits, double[] Counts);

    public static List<Event> Read(string path) => Read(File.ReadAllBytes(path));

    /// <exception cref="InvalidDataException">A record is cut, or a checksum is wrong.</exception>
    public static List<Event> Read(ReadOnlySpan<byte> bytes)
    {
        List<Event> events = [];
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < 12 || MaskedCrc(bytes[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]))
            {
                throw new InvalidDataException("length");
            }

            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            if (bytes.Length < 12 + length + 4 || MaskedCrc(bytes.Slice(12, length)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + length)..]))
            {
                throw new InvalidDataException("data");
            }

            events.Add(ReadEvent(bytes.Slice(12, length)));
            bytes = bytes[(12 + length + 4)..];
        }

        return events;
    }

    /// <summary>CRC-32C, a bit a step: the reversed polynomial of Castagnoli.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = Crc(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }

    private static Event ReadEvent(ReadOnlySpan<byte> bytes)
    {
        Event read = new(0, 0, null, [], []);
        while (!bytes.IsEmpty)
        {
            (int field, ReadOnlySpan<byte> value, ulong number) = Field(ref bytes);
            read = field switch
            {
                1 => read with { Time = BitConverter.UInt64BitsToDouble(number) },
                2 => read with { Step = (long)number },
                3 => read with { Version = Encoding.UTF8.GetString(value) },
                _ => read,
            };
            while (field == 5 && !value.IsEmpty)
            {
                ReadValue(Field(ref value).Bytes, read);
            }
        }

        return read;
    }

    private static void ReadValue(ReadOnlySpan<byte> bytes, Event into)
    {
        string tag = "";
        while (!bytes.IsEmpty)
        {
            (int field, ReadOnlySpan<byte> value, ulong number) = Field(ref bytes);
            switch (field)
            {
                case 1:
                    tag = Encoding.UTF8.GetString(value);
                    break;
                case 2:
                    into.Scalars.Add(tag, BitConverter.UInt32BitsToSingle((uint)number));
                    break;
                case 5:
                    into.Histograms.Add(tag, ReadHistogram(value));
                    break;
                default:
                    throw new InvalidDataException($"field {field} of a value");
            }
        }
    }

    private static Histogram ReadHistogram(ReadOnlySpan<byte> bytes)
    {
        double[] numbers = new double[6];
        double[] limits = [];
        double[] counts = [];
        while (!bytes.IsEmpty)
        {
            (int field, ReadOnlySpan<byte> value, ulong number) = Field(ref bytes);
            if (field is >= 1 and <= 5)
            {
                numbers[field] = BitConverter.UInt64BitsToDouble(number);
            }
            else if (field == 6)
            {
                limits = MemoryMarshal.Cast<byte, double>(value).ToArray();
            }
            else if (field == 7)
            {
                counts = MemoryMarshal.Cast<byte, double>(value).ToArray();
            }
        }

        return new(numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], limits, counts);
    }

    private static Part Field(ref ReadOnlySpan<byte> bytes)
    {
        ulong key = Varint(ref bytes);
        int field = (int)(key >> 3);
        switch (key & 7)
        {
            case 0:
                return new(field, default, Varint(ref bytes));
            case 1:
                ulong wide = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                bytes = bytes[8..];
                return new(field, default, wide);
            case 2:
                int length = (int)Varint(ref bytes);
                ReadOnlySpan<byte> value = bytes[..length];
                bytes = bytes[length..];
                return new(field, value, 0);
            case 5:
                uint narrow = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                bytes = bytes[4..];
                return new(field, default, narrow);
            default:
                throw new InvalidDataException($"wire type {key & 7}");
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private readonly ref struct Part(int field, ReadOnlySpan<byte> bytes, ulong number)
    {
        public readonly ReadOnlySpan<byte> Bytes = bytes;

        private readonly int _field = field;
        private readonly ulong _number = number;

        public void Deconstruct(out int field, out ReadOnlySpan<byte> bytes, out ulong number)
        {
            field = _field;
            bytes = Bytes;
            number = _number;
        }
    }
}

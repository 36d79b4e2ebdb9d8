using System;
using System.Buffers;
using System.Text;

namespace SimdNet.Bench.Peers;

/// <summary>Fields of a protobuf message, as far as <see cref="OnnxModel"/> has them. The encoding is that of protobuf.dev/programming-guides/encoding.</summary>
internal sealed class ProtobufWriter
{
    private const int Number = 0;
    private const int Fixed32 = 5;
    private const int Bytes = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public ProtobufWriter Write(int field, long value)
    {
        WriteTag(field, Number);
        WriteNumber((ulong)value);
        return this;
    }

    public ProtobufWriter Write(int field, float value)
    {
        WriteTag(field, Fixed32);
        BitConverter.TryWriteBytes(_buffer.GetSpan(sizeof(float)), value);
        _buffer.Advance(sizeof(float));
        return this;
    }

    public ProtobufWriter Write(int field, string text) => Write(field, Encoding.UTF8.GetBytes(text));

    public ProtobufWriter Write(int field, ProtobufWriter message) => Write(field, message.Written);

    public ProtobufWriter Write(int field, ReadOnlySpan<byte> bytes)
    {
        WriteTag(field, Bytes);
        WriteNumber((ulong)bytes.Length);
        _buffer.Write(bytes);
        return this;
    }

    private void WriteTag(int field, int kind) => WriteNumber((ulong)((field << 3) | kind));

    /// <summary>Seven bits a byte, the lowest first; the top bit says that more follow.</summary>
    private void WriteNumber(ulong value)
    {
        while (value > 127)
        {
            WriteByte((byte)(value | 128));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }
}

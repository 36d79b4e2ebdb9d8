using System;
using System.IO;

using Google.Protobuf;

namespace SimdNet.Interop.TensorBoard;

/// <summary>TensorBoard's messages as bytes, field by field: the few that are needed of tensorflow/core/util/event.proto and framework/summary.proto.</summary>
internal static class Events
{
    /// <summary>What every file begins with.</summary>
    private const string Version = "brain.Event:2";

    /// <summary>The first event of a file.</summary>
    public static byte[] First(DateTimeOffset time) => Message(output =>
    {
        WriteTime(output, time);
        output.WriteTag(3, WireFormat.WireType.LengthDelimited);
        output.WriteString(Version);
    });

    /// <summary>An event with values.</summary>
    /// <param name="time">When.</param>
    /// <param name="step">Where in the training.</param>
    /// <param name="writeValues">Writes them, by <see cref="Scalar"/> and <see cref="Histogram"/>.</param>
    public static byte[] Summary(DateTimeOffset time, long step, Action<CodedOutputStream> writeValues) => Message(output =>
    {
        WriteTime(output, time);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        WriteMessage(output, 5, writeValues);
    });

    /// <summary>A number under a name.</summary>
    public static void Scalar(CodedOutputStream values, string tag, double value) => WriteMessage(values, 1, output =>
    {
        WriteTag(output, tag);
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat((float)value);
    });

    /// <summary>A histogram under a name.</summary>
    public static void Histogram(CodedOutputStream values, string tag, WeightHistogram histogram) => WriteMessage(values, 1, output =>
    {
        WriteTag(output, tag);
        WriteMessage(output, 5, inner =>
        {
            WriteDouble(inner, 1, histogram.Min);
            WriteDouble(inner, 2, histogram.Max);
            WriteDouble(inner, 3, histogram.Count);
            WriteDouble(inner, 4, histogram.Sum);
            WriteDouble(inner, 5, histogram.SumOfSquares);
            WriteDoubles(inner, 6, histogram.Limits);
            WriteDoubles(inner, 7, histogram.Counts);
        });
    });

    private static void WriteTime(CodedOutputStream output, DateTimeOffset time) => WriteDouble(output, 1, time.ToUnixTimeMilliseconds() / 1000.0);

    private static void WriteTag(CodedOutputStream output, string tag)
    {
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(tag);
    }

    private static void WriteDouble(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    private static void WriteDoubles(CodedOutputStream output, int field, ReadOnlySpan<double> values)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(values.Length * sizeof(double));
        foreach (double value in values)
        {
            output.WriteDouble(value);
        }
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }
}

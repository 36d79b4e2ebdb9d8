using System;
using System.IO;
using System.Numerics;
using System.Text.Json;

namespace SimdNet.Cli.Reports;

/// <summary>One JSON value on one line of standard output. Numbers have as many digits as bring them back exactly; what is not finite is null.</summary>
internal static class JsonLine
{
    public static void Write(Action<Utf8JsonWriter> write)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter json = new(output))
        {
            write(json);
        }

        output.WriteByte((byte)'\n');
    }

    public static void WriteFinite(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        WriteFinite(json, value ?? double.NaN);
    }

    public static void WriteFinite<T>(this Utf8JsonWriter json, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            json.WriteNullValue();
        }
        else if (typeof(T) == typeof(float))
        {
            json.WriteNumberValue(float.CreateTruncating(value));
        }
        else
        {
            json.WriteNumberValue(double.CreateTruncating(value));
        }
    }
}

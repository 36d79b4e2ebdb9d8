using System;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet;

/// <summary>Brings columns to a common scale: x ↦ (x − offset) / divisor, each column with its own.</summary>
/// <remarks>
/// Subtraction and division are done as written, never by a reciprocal, so x / 16 and x / 255 have the bits that numpy gives them. Immutable and
/// safe to share between threads.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Scaler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _offsets;
    private readonly T[] _divisors;
    private readonly bool _hasOffsets;

    private Scaler(string kind, T[] offsets, T[] divisors)
    {
        Kind = kind;
        _offsets = offsets;
        _divisors = divisors;
        _hasOffsets = offsets.AsSpan().ContainsAnyExcept(T.Zero);
    }

    /// <summary>How the scaler was made: "max", "minmax", "standard" or "divide".</summary>
    public string Kind { get; }

    /// <summary>Values of a row, at least 1.</summary>
    public int Columns => _divisors.Length;

    /// <summary>[columns], finite.</summary>
    public ReadOnlySpan<T> Offsets => _offsets;

    /// <summary>[columns], finite, none 0.</summary>
    public ReadOnlySpan<T> Divisors => _divisors;

    /// <summary>Divides each column by its largest value, numpy's <c>X / np.amax(X, axis=0)</c>; a column whose largest value is 0 is left as it is.</summary>
    /// <param name="rows">[rows × columns], row-major, at least one row, finite.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, no row, or a value is not finite; the message names row and column.</exception>
    public static Scaler<T> ColumnMaximum(ReadOnlySpan<T> rows, int columns)
    {
        CheckRows(rows, columns);
        T[] divisors = rows[..columns].ToArray();
        for (int start = columns; start < rows.Length; start += columns)
        {
            TensorPrimitives.Max(divisors, rows.Slice(start, columns), divisors);
        }

        return new Scaler<T>("max", new T[columns], OneForZero(divisors));
    }

    /// <summary>Maps each column's smallest value to 0 and its largest to 1; a column of one value to 0.</summary>
    /// <param name="rows">[rows × columns], row-major, at least one row, finite.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, no row, a value is not finite, or a column's range overflows.</exception>
    public static Scaler<T> MinMax(ReadOnlySpan<T> rows, int columns)
    {
        CheckRows(rows, columns);
        T[] offsets = rows[..columns].ToArray();
        T[] divisors = rows[..columns].ToArray();
        for (int start = columns; start < rows.Length; start += columns)
        {
            TensorPrimitives.Min(offsets, rows.Slice(start, columns), offsets);
            TensorPrimitives.Max(divisors, rows.Slice(start, columns), divisors);
        }

        TensorPrimitives.Subtract(divisors, offsets, divisors);
        return new Scaler<T>("minmax", offsets, OneForZero(Finite(divisors)));
    }

    /// <summary>Gives each column the mean 0 and the standard deviation 1 (of the population, numpy's <c>std</c>); a column of one value becomes 0.</summary>
    /// <param name="rows">[rows × columns], row-major, at least one row, finite.</param>
    /// <param name="columns">Values of a row, at least 1.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, no row, a value is not finite, or a column's variance overflows.</exception>
    public static Scaler<T> Standard(ReadOnlySpan<T> rows, int columns)
    {
        CheckRows(rows, columns);
        int count = rows.Length / columns;
        double[] means = new double[columns];
        double[] squares = new double[columns];
        for (int i = 0; i < rows.Length; i++)
        {
            means[i % columns] += double.CreateTruncating(rows[i]);
        }

        for (int j = 0; j < columns; j++)
        {
            means[j] /= count;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            double difference = double.CreateTruncating(rows[i]) - means[i % columns];
            squares[i % columns] += difference * difference;
        }

        T[] offsets = new T[columns];
        T[] divisors = new T[columns];
        for (int j = 0; j < columns; j++)
        {
            bool constant = true;
            for (int i = j; constant && i < rows.Length; i += columns)
            {
                constant = rows[i] == rows[j];
            }

            // The rounded mean of equal values may miss them by a bit, and the deviation is then a tiny number to divide by.
            offsets[j] = constant ? rows[j] : T.CreateTruncating(means[j]);
            divisors[j] = constant ? T.One : T.CreateTruncating(Math.Sqrt(squares[j] / count));
        }

        return new Scaler<T>("standard", Finite(offsets), OneForZero(Finite(divisors)));
    }

    /// <summary>Divides every value by the same number.</summary>
    /// <param name="divisor">Finite and not 0, in <typeparamref name="T"/> too.</param>
    /// <param name="columns">Values of a row, 1 to <see cref="Array.MaxLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The divisor is 0 or not finite, or there is no column or more than an array takes.</exception>
    public static Scaler<T> Constant(double divisor, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Array.MaxLength);
        T value = T.CreateTruncating(divisor);
        if (!T.IsFinite(value) || T.IsZero(value))
        {
            throw new ArgumentOutOfRangeException(nameof(divisor), divisor, "The divisor is finite and not 0.");
        }

        T[] divisors = new T[columns];
        divisors.AsSpan().Fill(value);
        return new Scaler<T>("divide", new T[columns], divisors);
    }

    /// <summary>(x − offset) / divisor. Allocates nothing.</summary>
    /// <param name="rows">[any number × columns], row-major.</param>
    /// <param name="destination">As many values; may be the same memory.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, the lengths differ, or the spans overlap without being the same.</exception>
    public void Transform(ReadOnlySpan<T> rows, Span<T> destination)
    {
        CheckSpans(rows, destination);
        for (int start = 0; start < rows.Length; start += Columns)
        {
            ReadOnlySpan<T> row = rows.Slice(start, Columns);
            Span<T> result = destination.Slice(start, Columns);
            if (_hasOffsets)
            {
                TensorPrimitives.Subtract(row, _offsets, result);
                TensorPrimitives.Divide(result, _divisors, result);
            }
            else
            {
                TensorPrimitives.Divide(row, _divisors, result);
            }
        }
    }

    /// <summary>x · divisor + offset, rounded after either step. Allocates nothing.</summary>
    /// <param name="rows">[any number × columns], row-major.</param>
    /// <param name="destination">As many values; may be the same memory.</param>
    /// <exception cref="ArgumentException">There is no whole number of rows, the lengths differ, or the spans overlap without being the same.</exception>
    public void Inverse(ReadOnlySpan<T> rows, Span<T> destination)
    {
        CheckSpans(rows, destination);
        for (int start = 0; start < rows.Length; start += Columns)
        {
            Span<T> result = destination.Slice(start, Columns);
            TensorPrimitives.Multiply(rows.Slice(start, Columns), _divisors, result);
            if (_hasOffsets)
            {
                TensorPrimitives.Add(result, _offsets, result);
            }
        }
    }

    /// <summary>The scaler as a JSON object of kind, offsets and divisors; numbers have the digits that bring their bits back.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, Kind);
            WriteNumbers(writer, "offsets"u8, _offsets);
            WriteNumbers(writer, "divisors"u8, _divisors);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">An object with exactly kind, offsets and divisors.</param>
    /// <exception cref="SimdNetFormatException">It is no such object, the lists differ in length or are empty, a number is not finite in <typeparamref name="T"/>, or a divisor is 0.</exception>
    public static Scaler<T> FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = 2 });
        string? kind = null;
        T[]? offsets = null;
        T[]? divisors = null;
        try
        {
            Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "an object was expected");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("kind"u8) && kind is null)
                {
                    Require(reader.Read() && reader.TokenType == JsonTokenType.String, "kind is a string");
                    kind = reader.GetString();
                    Require(kind is "max" or "minmax" or "standard" or "divide", "kind is max, minmax, standard or divide");
                }
                else if (reader.ValueTextEquals("offsets"u8) && offsets is null)
                {
                    offsets = ReadNumbers(ref reader);
                }
                else if (reader.ValueTextEquals("divisors"u8) && divisors is null)
                {
                    divisors = ReadNumbers(ref reader);
                }
                else
                {
                    Require(false, "kind, offsets and divisors are expected, each once");
                }
            }

            Require(!reader.Read(), "something follows the object");
        }
        catch (JsonException error)
        {
            throw new SimdNetFormatException($"The scaler is no valid JSON: {Quoted.Of(error.Message)}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new SimdNetFormatException("The scaler is no valid JSON: a string in it is no valid Unicode text.", error);
        }

        Require(kind is not null && offsets is not null && divisors is not null, "kind, offsets and divisors are expected");
        Require(offsets!.Length == divisors!.Length && divisors.Length > 0, "offsets and divisors have the same length, at least 1");
        Require(!Array.Exists(divisors, T.IsZero), "a divisor is 0");
        return new Scaler<T>(kind!, offsets, divisors);
    }

    /// <summary>The same scaler in another precision; each number is rounded to the nearest.</summary>
    /// <exception cref="InvalidOperationException">A number becomes infinite, or a divisor 0, in the other precision.</exception>
    public Scaler<TOther> To<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        TOther[] offsets = new TOther[Columns];
        TOther[] divisors = new TOther[Columns];
        TensorPrimitives.ConvertTruncating<T, TOther>(_offsets, offsets);
        TensorPrimitives.ConvertTruncating<T, TOther>(_divisors, divisors);
        return FiniteValues.IndexOfOther<TOther>(offsets) < 0 && FiniteValues.IndexOfOther<TOther>(divisors) < 0 && !Array.Exists(divisors, TOther.IsZero)
            ? new Scaler<TOther>(Kind, offsets, divisors)
            : throw new InvalidOperationException($"The scaler's numbers are out of the range of {typeof(TOther).Name}.");
    }

    private static void CheckRows(ReadOnlySpan<T> rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (rows.IsEmpty || rows.Length % columns != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no rows of {columns}; at least one row is needed.", nameof(rows));
        }

        int bad = FiniteValues.IndexOfOther(rows);
        if (bad >= 0)
        {
            throw new ArgumentException($"In the rows to scale {FiniteValues.Describe(rows, bad, columns)}.", nameof(rows));
        }
    }

    private void CheckSpans(ReadOnlySpan<T> rows, Span<T> destination)
    {
        if (rows.Length % Columns != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no whole number of rows of {Columns}.", nameof(rows));
        }

        if (destination.Length != rows.Length)
        {
            throw new ArgumentException($"There are {rows.Length} values and room for {destination.Length}.", nameof(destination));
        }

        if (rows.Overlaps(destination, out int offset) && offset != 0)
        {
            throw new ArgumentException("The destination overlaps the rows without being the same memory.", nameof(destination));
        }
    }

    private static T[] OneForZero(T[] divisors)
    {
        foreach (ref T divisor in divisors.AsSpan())
        {
            divisor = T.IsZero(divisor) ? T.One : divisor;
        }

        return divisors;
    }

    private static T[] Finite(T[] values)
    {
        int bad = FiniteValues.IndexOfOther<T>(values);
        return bad < 0 ? values : throw new ArgumentException($"The range of column {bad} (counted from 0) overflows; its values are too large.");
    }

    private static void WriteNumbers(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<T> values)
    {
        writer.WriteStartArray(name);
        foreach (T value in values)
        {
            writer.WriteRawValue(value.ToString("R", CultureInfo.InvariantCulture));
        }

        writer.WriteEndArray();
    }

    private static T[] ReadNumbers(ref Utf8JsonReader reader)
    {
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "offsets and divisors are lists of numbers");

        // Counted first: a list that grows would take three times the numbers, which take four times a text of digits.
        Utf8JsonReader ahead = reader;
        int count = 0;
        while (ahead.Read() && ahead.TokenType is not (JsonTokenType.EndArray or JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            count++;
        }

        T[] values = new T[count];
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            // Parsed as T, not by way of a double: rounding twice may miss the nearest.
            T value = T.NaN;
            bool isNumber = reader.TokenType == JsonTokenType.Number
                && T.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            Require(isNumber && T.IsFinite(value), "offsets and divisors are finite numbers");
            values[i] = value;
        }

        return values;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new SimdNetFormatException($"The scaler is not as expected: {message}.");
        }
    }
}

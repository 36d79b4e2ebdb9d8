using System;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace SimdNet.Files;

/// <summary>Numbers as numpy writes them with <c>%s</c> and reads them with <c>loadtxt</c>.</summary>
internal static class NumpyText
{
    /// <summary>Room for any number.</summary>
    public const int MaxLength = 40;

    // numpy and Python write plain digits for 0 and from 1e-4 up to, not including, 1e16, and an exponent of at least two digits outside.
    // What counts is the value: the float next to 1e-4 is below it, and numpy writes 1e-04.
    private const double MinPlain = 1e-4;
    private const double PlainLimit = 1e16;

    /// <summary>The shortest digits that bring the value back, in Python's form: 1.0, 1.6243453636632417, 1e-05, 1e+16, nan, inf, -inf.</summary>
    /// <param name="value">Any value; NaN loses its sign and payload.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Format<T>(T value, Span<byte> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(value))
        {
            ReadOnlySpan<byte> word = T.IsNaN(value) ? "nan"u8 : T.IsNegative(value) ? "-inf"u8 : "inf"u8;
            word.CopyTo(destination);
            return word.Length;
        }

        Span<byte> digits = stackalloc byte[MaxLength];
        int count = ShortestDigits(value, digits, out int exponent);
        int written = 0;
        if (T.IsNegative(value))
        {
            destination[written++] = (byte)'-';
        }

        double magnitude = Math.Abs(double.CreateTruncating(value));
        return magnitude is 0 or (>= MinPlain and < PlainLimit)
            ? Plain(digits[..count], exponent, destination, written)
            : Scientific(digits[..count], exponent, destination, written);
    }

    /// <summary>Reads a number: all of the text, in any of the forms that numpy takes.</summary>
    /// <param name="text">The number without blanks.</param>
    /// <param name="value">The nearest value.</param>
    /// <returns>False if it is no number, or a finite one beyond the range of <typeparamref name="T"/>.</returns>
    public static bool TryParse<T>(ReadOnlySpan<byte> text, out T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        ReadOnlySpan<byte> word = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        bool negative = word.Length < text.Length && text[0] == '-';
        if (word.Length > 0 && (char.IsAsciiDigit((char)word[0]) || word[0] == '.'))
        {
            // .NET passes over zero bytes behind a number.
            return T.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && T.IsFinite(value) && text[^1] != 0;
        }

        // .NET knows other words for these ("∞"), and none of numpy's for infinity.
        bool isInfinity = Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8);
        value = !isInfinity ? T.NaN : negative ? T.NegativeInfinity : T.PositiveInfinity;
        return isInfinity || Ascii.EqualsIgnoreCase(word, "nan"u8);
    }

    // .NET finds the shortest digits too, but places points and exponents by other rules: take them apart into d.ddd · 10^exponent.
    private static int ShortestDigits<T>(T value, Span<byte> digits, out int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<char> text = stackalloc char[MaxLength];
        bool fits = value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        Debug.Assert(fits, "Shortest digits fit.");
        int count = 0;
        bool pointSeen = false;
        exponent = -1;
        for (int i = 0; i < length; i++)
        {
            char character = text[i];
            if (character == 'E')
            {
                exponent += int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }

            if (character == '.')
            {
                pointSeen = true;
            }
            else if (char.IsAsciiDigit(character))
            {
                bool leadingZero = count == 0 && character == '0';
                if (!leadingZero)
                {
                    digits[count++] = (byte)character;
                }

                exponent += !pointSeen && !leadingZero ? 1 : pointSeen && leadingZero ? -1 : 0;
            }
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }

        if (count == 0)
        {
            digits[count++] = (byte)'0';
            exponent = 0;
        }

        return count;
    }

    // At least one digit on either side of the point: 0.00012, 120.0, 1.2.
    private static int Plain(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination, int written)
    {
        int first = Math.Max(exponent, 0);
        int last = Math.Min(exponent - digits.Length + 1, -1);
        for (int place = first; place >= last; place--)
        {
            if (place == -1)
            {
                destination[written++] = (byte)'.';
            }

            int index = exponent - place;
            destination[written++] = index >= 0 && index < digits.Length ? digits[index] : (byte)'0';
        }

        return written;
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination, int written)
    {
        destination[written++] = digits[0];
        if (digits.Length > 1)
        {
            destination[written++] = (byte)'.';
            digits[1..].CopyTo(destination[written..]);
            written += digits.Length - 1;
        }

        destination[written++] = (byte)'e';
        destination[written++] = exponent < 0 ? (byte)'-' : (byte)'+';
        bool fits = Math.Abs(exponent).TryFormat(destination[written..], out int length, "00", CultureInfo.InvariantCulture);
        Debug.Assert(fits, "An exponent has three digits at most.");
        return written + length;
    }
}

using System;
using System.Text;

namespace SimdNet.IO;

/// <summary>Text out of a file, made fit for a message of one line: short, printable, in quotation marks.</summary>
/// <remarks>What a hostile file says must not reach a terminal as it is: escape sequences move cursors and hide text.</remarks>
internal static class Quoted
{
    private const int MaxLength = 60;

    /// <summary>Characters that are no letters, digits, punctuation or blanks become '?', what is too long ends in an ellipsis.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        bool cut = text.Length > MaxLength;
        StringBuilder builder = new(MaxLength + 3);
        builder.Append('\'');
        foreach (char character in cut ? text[..MaxLength] : text)
        {
            builder.Append(char.IsLetterOrDigit(character) || char.IsPunctuation(character) || char.IsSymbol(character) || character == ' ' ? character : '?');
        }

        return builder.Append(cut ? "…'" : "'").ToString();
    }

    /// <summary>The same for bytes that ought to be ASCII.</summary>
    public static string Of(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[MaxLength + 1];
        int length = Math.Min(text.Length, characters.Length);
        for (int i = 0; i < length; i++)
        {
            characters[i] = text[i] < 0x7F ? (char)text[i] : '?';
        }

        return Of(characters[..length]);
    }
}

using System;
using System.IO;

namespace SimdNet;

/// <summary>A file exists and can be read, but is not what it should be: damaged, cut short, of another format, or not fit for its purpose.</summary>
/// <remarks>
/// The message says in one line what is wrong, in which file and where, what was expected and, where there is one, the way out. All readers of
/// SimdNet throw this exception and no other for the contents of a file; a file that is missing or cannot be opened is a
/// <see cref="FileNotFoundException"/> or another <see cref="IOException"/> instead.
/// </remarks>
public sealed class SimdNetFormatException : IOException
{
    /// <summary>An exception without particulars.</summary>
    public SimdNetFormatException()
        : this("The file is not in the expected format.")
    {
    }

    /// <summary>An exception for contents that come from no named file.</summary>
    /// <param name="message">What is wrong, what was expected and what to do.</param>
    public SimdNetFormatException(string message)
        : base(message)
    {
    }

    /// <summary>An exception for contents that come from no named file.</summary>
    /// <param name="message">What is wrong, what was expected and what to do.</param>
    /// <param name="innerException">The error below this one, if any.</param>
    public SimdNetFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception for a file; its message begins with the path and the position.</summary>
    /// <param name="message">What is wrong, what was expected and what to do.</param>
    /// <param name="path">The file, as the user named it.</param>
    /// <param name="position">Where in the file, in bytes from its start (in a compressed file: of the contents); null where no single byte is at fault.</param>
    /// <param name="innerException">The error below this one, if any.</param>
    public SimdNetFormatException(string message, string? path, long? position = null, Exception? innerException = null)
        : base(Compose(message, path, position), innerException)
    {
        Path = path;
        Position = position;
    }

    /// <summary>The file, as the user named it; null if the contents came from elsewhere.</summary>
    public string? Path { get; }

    /// <summary>Where in the file, in bytes from its start (in a compressed file: of the contents); null where no single byte is at fault.</summary>
    public long? Position { get; }

    private static string Compose(string message, string? path, long? position)
    {
        ArgumentNullException.ThrowIfNull(message);

        // What a message quotes may come from the file: it must neither break the line nor steer a terminal.
        message = string.Create(message.Length, message, static (line, text) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
            }
        });
        return (path, position) switch
        {
            (null, null) => message,
            (null, long at) => FormattableString.Invariant($"at byte {at}: {message}"),
            (_, null) => $"{path}: {message}",
            (_, long at) => FormattableString.Invariant($"{path}, at byte {at}: {message}"),
        };
    }
}

using System;

namespace SimdNet;

/// <summary>A loss or a parameter became NaN or infinite. The step that would have used it was not made.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    /// <summary>An exception without a message of its own.</summary>
    public NonFiniteException()
        : this("A number became NaN or infinite.")
    {
    }

    /// <param name="message">What became non-finite, where, and what to do.</param>
    public NonFiniteException(string message)
        : base(message)
    {
    }

    /// <param name="message">What became non-finite, where, and what to do.</param>
    /// <param name="innerException">What caused it.</param>
    public NonFiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The batch, and the norms of every layer, where it was thrown by <see cref="Trainer{T}.Fit"/> or, within a pass, by <c>PartialFit</c>; else null.</summary>
    public NonFiniteReport? Report { get; internal set; }

    /// <summary>The row at fault, counted in the order of the epoch, where one sample was at work; else −1.</summary>
    internal int Row { get; init; } = -1;
}

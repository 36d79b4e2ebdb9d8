using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Model;

namespace SimdNet;

/// <summary>A user's own activation. It goes wherever an <see cref="Activation"/> goes, by <see cref="Activation.Custom"/>, and into files by its name and numbers.</summary>
/// <remarks>
/// It keeps nothing from one call to the next: several threads may run it at once, on different rows. Which rows come together follows from the network and the batch alone: no <see cref="WorkerTeam"/> cuts a call, as of a
/// <see cref="CustomLayer"/>. What is read back from a file is made by the <see cref="LayerRegistry"/> that the reader passes in.
/// </remarks>
/// <example>
/// <code>
/// sealed class Square() : CustomActivation("square")
/// {
///     public override void Forward&lt;T&gt;(ReadOnlySpan&lt;T&gt; x, Span&lt;T&gt; y, int units)
///     {
///         for (int i = 0; i &lt; x.Length; i++) { y[i] = x[i] * x[i]; }
///     }
///
///     public override void Backward&lt;T&gt;(ReadOnlySpan&lt;T&gt; x, ReadOnlySpan&lt;T&gt; y, Span&lt;T&gt; gradient, int units)
///     {
///         for (int i = 0; i &lt; x.Length; i++) { gradient[i] *= (x[i] + x[i]); }
///     }
/// }
/// </code>
/// </example>
public abstract class CustomActivation
{
    /// <param name="name">Lower-case letters, digits and hyphens, a letter first; no name of the library's.</param>
    /// <param name="arguments">Its numbers, finite and at most 3,800; they are written behind the name, as in <c>name(0.1)</c>.</param>
    /// <exception cref="ArgumentException">The name has other characters or is the library's, or a number is not finite.</exception>
    protected CustomActivation(string name, params ReadOnlySpan<double> arguments)
    {
        Name = LayerRegistry.OwnName(name);
        Arguments = CallText.CheckedArguments(arguments);
    }

    /// <summary>What texts and files call it.</summary>
    public string Name { get; }

    /// <summary>Its numbers.</summary>
    public IReadOnlyList<double> Arguments { get; }

    /// <summary>y = f(x).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Pre-activations, [rows × units], row-major.</param>
    /// <param name="y">[rows × units], overwritten. It does not overlap x.</param>
    /// <param name="units">Width of a row, for functions of whole rows. Rows must not depend on each other.</param>
    public abstract void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient through f: for a function of each element, gradient · f′(x).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Pre-activations, [rows × units].</param>
    /// <param name="y">f(x), as <see cref="Forward"/> left it.</param>
    /// <param name="gradient">With respect to y on entry, to x on return, [rows × units].</param>
    /// <param name="units">Width of a row.</param>
    public abstract void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The name, with the numbers where there are any.</summary>
    public sealed override string ToString() => CallText.Write(Name, Arguments);
}

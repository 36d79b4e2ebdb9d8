using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Model;

namespace SimdNet;

/// <summary>A user's own layer: its widths, its parameters, and forward and backward over rows. It becomes part of a spec by <see cref="NetworkSpec.Custom"/>, and goes into files by its name and numbers.</summary>
/// <remarks>
/// It keeps nothing of its own from one call to the next, since several threads may run it at once on different rows: what backward needs of forward is kept in <see cref="LayerContext{T}.Kept"/>. A batch comes in tiles of rows,
/// so that no row may depend on another. What is read back from a file is made by the <see cref="LayerRegistry"/> that the reader passes in.
/// <para>A <see cref="WorkerTeam"/> never cuts a call: which rows come together follows from the network and the batch alone, so that results are the same bits with any team even where a loop of yours rounds the last rows of a
/// call differently, as vectorised ones do. Threads share the layers of the library around it, and batches of several tiles, of which each takes some.</para>
/// </remarks>
/// <example>
/// <code>
/// sealed class Scale() : CustomLayer("scale")
/// {
///     public override IReadOnlyList&lt;CustomParameter&gt; ParametersFor(int inputs) =&gt; [new("factor", [inputs], Initializer.Constant(1))];
///
///     public override void Forward&lt;T&gt;(in LayerContext&lt;T&gt; context, ReadOnlySpan&lt;T&gt; input, Span&lt;T&gt; output)
///     {
///         for (int i = 0; i &lt; input.Length; i++) { output[i] = input[i] * context.Parameter(0)[i % context.Inputs]; }
///     }
///
///     public override void InputGradient&lt;T&gt;(in LayerContext&lt;T&gt; context, ReadOnlySpan&lt;T&gt; input, ReadOnlySpan&lt;T&gt; output, ReadOnlySpan&lt;T&gt; outputGradient, Span&lt;T&gt; inputGradient)
///     {
///         for (int i = 0; i &lt; input.Length; i++) { inputGradient[i] = outputGradient[i] * context.Parameter(0)[i % context.Inputs]; }
///     }
///
///     public override void ParameterGradients&lt;T&gt;(in LayerContext&lt;T&gt; context, ReadOnlySpan&lt;T&gt; input, ReadOnlySpan&lt;T&gt; outputGradient)
///     {
///         for (int i = 0; i &lt; input.Length; i++) { context.Gradient(0)[i % context.Inputs] += outputGradient[i] * input[i]; }
///     }
/// }
/// </code>
/// </example>
public abstract class CustomLayer
{
    /// <param name="name">Lower-case letters, digits and hyphens, a letter first; no name of the library's.</param>
    /// <param name="arguments">Its numbers, finite and at most 3,800; they are written behind the name, as in <c>name(0.1)</c>.</param>
    /// <exception cref="ArgumentException">The name has other characters or is the library's, or a number is not finite.</exception>
    protected CustomLayer(string name, params ReadOnlySpan<double> arguments)
    {
        Name = LayerRegistry.OwnName(name);
        Arguments = CallText.CheckedArguments(arguments);
    }

    /// <summary>What texts and files call it.</summary>
    public string Name { get; }

    /// <summary>Its numbers.</summary>
    public IReadOnlyList<double> Arguments { get; }

    /// <summary>Width of the output where the input has <paramref name="inputs"/> features, at least 1. As wide as the input by default.</summary>
    public virtual int OutputsFor(int inputs) => inputs;

    /// <summary>The parameters where the input has <paramref name="inputs"/> features; none by default.</summary>
    public virtual IReadOnlyList<CustomParameter> ParametersFor(int inputs) => [];

    /// <summary>Numbers that forward keeps for backward for each row where the input has <paramref name="inputs"/> features; none by default.</summary>
    public virtual int KeptPerRow(int inputs) => 0;

    /// <summary>The outputs of some rows.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="context">Widths, parameters, and what is kept.</param>
    /// <param name="input">[rows × inputs], row-major.</param>
    /// <param name="output">[rows × outputs], overwritten.</param>
    public abstract void Forward<T>(in LayerContext<T> context, ReadOnlySpan<T> input, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The loss' gradient with respect to the input of some rows.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="context">Widths, parameters, and what forward kept.</param>
    /// <param name="input">[rows × inputs], as forward read it.</param>
    /// <param name="output">[rows × outputs], as forward left it.</param>
    /// <param name="outputGradient">With respect to the output, [rows × outputs].</param>
    /// <param name="inputGradient">[rows × inputs], overwritten.</param>
    public abstract void InputGradient<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds the loss' gradient with respect to the parameters to <see cref="LayerContext{T}.Gradient"/>. Needed where there are parameters.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="context">Widths, gradients, and what forward kept.</param>
    /// <param name="input">[rows × inputs], as forward read it.</param>
    /// <param name="outputGradient">With respect to the output, [rows × outputs].</param>
    /// <remarks>The gradients need not start at 0, and may be the parameters themselves: read no parameter once you have begun to add.</remarks>
    public virtual void ParameterGradients<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException($"The layer {this} has parameters and does not override {nameof(ParameterGradients)}.");

    /// <summary>The name, with the numbers where there are any.</summary>
    public sealed override string ToString() => CallText.Write(Name, Arguments);
}

/// <summary>A parameter of a user's own layer.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens, a letter first. Files have it behind the layer's name and number, as in <c>scale1_factor</c>.</param>
/// <param name="Shape">Size of each dimension, at least 1 each.</param>
/// <param name="Initializer">How it starts; a fan-in is the first dimension, a fan-out the last.</param>
public sealed record CustomParameter(string Name, IReadOnlyList<int> Shape, Initializer Initializer);

/// <summary>What a user's own layer is told in a call.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct LayerContext<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<ParameterInfo> _infos;
    private readonly ReadOnlySpan<T> _parameters;
    private readonly Span<T> _gradients;

    internal LayerContext(int inputs, int outputs, bool isTraining, Span<T> kept, IReadOnlyList<ParameterInfo> infos, ReadOnlySpan<T> parameters, Span<T> gradients)
    {
        Inputs = inputs;
        Outputs = outputs;
        IsTraining = isTraining;
        Kept = kept;
        _infos = infos;
        _parameters = parameters;
        _gradients = gradients;
    }

    /// <summary>Width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Width of the output.</summary>
    public int Outputs { get; }

    /// <summary>Whether a gradient follows.</summary>
    public bool IsTraining { get; }

    /// <summary>What forward keeps for backward, [rows × <see cref="CustomLayer.KeptPerRow"/>]; empty outside of training.</summary>
    public Span<T> Kept { get; }

    /// <summary>A parameter, in C order.</summary>
    /// <param name="index">Its place in <see cref="CustomLayer.ParametersFor"/>.</param>
    public ReadOnlySpan<T> Parameter(int index) => _parameters.Slice(_infos[index].Start, _infos[index].Length);

    /// <summary>The gradient of a parameter, which is added to; in <see cref="CustomLayer.ParameterGradients"/> alone.</summary>
    /// <param name="index">As for <see cref="Parameter"/>.</param>
    public Span<T> Gradient(int index) => _gradients.Slice(_infos[index].Start, _infos[index].Length);
}

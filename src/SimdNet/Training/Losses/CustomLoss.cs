using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>A user's own loss: a formula for one row and its derivative. It goes wherever a <see cref="Loss"/> goes; the loss of a batch is the mean over its rows, with their weights and their classes' where there are any.</summary>
/// <remarks>
/// It keeps nothing from one call to the next: several threads may run it at once, on different rows. The model notes it by its name and numbers, from which a <see cref="LossRegistry"/> makes it again. Class labels are one-hot rows, or the number where there is one output.
/// </remarks>
/// <example>
/// <code>
/// sealed record Quantile(double Level) : CustomLoss("quantile", Level)
/// {
///     public override T Row&lt;T&gt;(ReadOnlySpan&lt;T&gt; output, ReadOnlySpan&lt;T&gt; target, Span&lt;T&gt; gradient)
///     {
///         T level = T.CreateChecked(Level);
///         T sum = T.Zero;
///         for (int i = 0; i &lt; output.Length; i++)
///         {
///             T error = target[i] - output[i];
///             gradient[i] = error &gt; T.Zero ? -level : T.One - level;
///             sum -= gradient[i] * error;
///         }
///
///         return sum;
///     }
/// }
/// </code>
/// </example>
public abstract record CustomLoss : Loss
{
    /// <param name="name">Lower-case letters, digits and hyphens, a letter first; no name of the library's.</param>
    /// <param name="arguments">Its numbers, finite and at most 3,800; they are written behind the name, as in <c>quantile(0.9)</c>.</param>
    /// <exception cref="ArgumentException">The name has other characters or is taken, or a number is not finite.</exception>
    protected CustomLoss(string name, params ReadOnlySpan<double> arguments)
        : base(Checked(name)) => Arguments = CallText.CheckedArguments(arguments);

    /// <summary>Its numbers.</summary>
    public IReadOnlyList<double> Arguments { get; }

    /// <summary>The loss of one row, and its derivative.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">What the network gives, [outputs].</param>
    /// <param name="target">What it should give, [outputs], scaled where the network has a scaler of targets.</param>
    /// <param name="gradient">[outputs], overwritten: the derivative with respect to each output.</param>
    public abstract T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Whether both are of one type and write themselves alike, class weights included.</summary>
    public virtual bool Equals(CustomLoss? other) => other is not null && EqualityContract == other.EqualityContract && ToString() == other.ToString() && Equals(ClassWeights, other.ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, ToString());

    private protected override string Text => CallText.Write(Name, Arguments);

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(this) { ClassWeights = ClassWeights?.In<T>() };

    private static string Checked(string name) => CallText.CheckedName(name) is var known && IsKnown(known)
        ? throw new ArgumentException($"The library has a loss named {name}. Choose another name.", nameof(name))
        : known;

    private sealed class Function<T>(CustomLoss loss) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => false;

        public override bool IsCustom => true;

        public override TargetDomain Domain => TargetDomain.Any;

        public override double Divisor(double weight) => weight;

        public override string? Check(ReadOnlySpan<T> targets) => null;

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient)
        {
            T sum = T.Zero;
            for (int row = 0; row < output.Rows; row++)
            {
                sum += loss.Row<T>(output.Row(row), target.Row(row), gradient.Row(row));
            }

            TensorPrimitives.Multiply(gradient.Elements, scale, gradient.Elements);
            return sum;
        }
    }
}

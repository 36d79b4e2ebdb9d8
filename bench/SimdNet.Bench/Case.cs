using System;

using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench;

/// <summary>What every implementation in a suite is given to do: the one parameter of a benchmark class. Name and element type are an id that never changes its meaning.</summary>
/// <param name="Name">Unique among the suite's cases of one element type.</param>
/// <param name="Element">float or double.</param>
/// <param name="Work">How much one call is.</param>
public abstract record Case(string Name, Type Element, Work Work)
{
    /// <summary>The element type as C# spells it.</summary>
    public string Precision => PrecisionOf(Element);

    public static string PrecisionOf(Type element) => element == typeof(float) ? "float" : "double";

    /// <summary>Whether an implementation is given this case: not where it offers no such work, nor where one call of it would take as long as all others together.</summary>
    public virtual bool IsFor(string implementation) => true;

    /// <summary>What a call cannot do without: see <see cref="Roofline.Bound"/>.</summary>
    public virtual Demand Demand => new(Work.Flops, 0);

    /// <summary>The work as scripts in other languages are asked for it; null where they are not.</summary>
    public virtual NetworkTask? Task => null;

    public sealed override string ToString() => Name;
}

/// <summary>How much one call of a benchmark is. Arithmetic is counted as it stands in the formula: what a kernel skips counts, what it recomputes does not.</summary>
/// <param name="Flops">Multiplications and additions of the matrix products; 0 where bytes are the measure.</param>
/// <param name="Bytes">Bytes that must be read and written once; 0 where arithmetic is the measure.</param>
/// <param name="Items">Samples, elements or rows in a call.</param>
/// <param name="Item">What an item is, in the singular.</param>
public readonly record struct Work(double Flops, double Bytes, int Items, string Item);

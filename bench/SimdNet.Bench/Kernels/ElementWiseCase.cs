using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Kernels;

public enum ElementFunction
{
    Exp,
    Sigmoid,
    Tanh,
    ReLU,
    Log,
    Log1P,

    /// <summary>Of each row by itself.</summary>
    SoftmaxRows,

    /// <summary>Softmax of each row with its cross-entropy against a class index: loss, probabilities and gradient.</summary>
    SoftmaxCrossEntropy,

    /// <summary>One step of the optimizer, parameters, gradient and two moments in and all but the gradient out.</summary>
    Adam,
}

/// <summary>One function of every element of [rows × columns].</summary>
public sealed record ElementWiseCase(ElementFunction Function, int Rows, int Columns, Type Element)
    : Case($"{NameOf(Function)} {Rows}x{Columns}", Element, new(0, Passes(Function) * Rows * Columns * Marshal.SizeOf(Element), Rows * Columns, "element"))
{
    public static IEnumerable<ElementWiseCase> All(Type element)
    {
        // What L1 holds, and what takes L2: 4 or 8 KB, 256 or 512 KB.
        foreach (ElementFunction function in (ElementFunction[])[ElementFunction.Exp, ElementFunction.Sigmoid, ElementFunction.Tanh, ElementFunction.ReLU, ElementFunction.Log, ElementFunction.Log1P])
        {
            yield return new(function, 1, 1024, element);
            yield return new(function, 1, 65536, element);
        }

        // The classes of digits, and many.
        yield return new(ElementFunction.SoftmaxRows, 128, 10, element);
        yield return new(ElementFunction.SoftmaxRows, 128, 100, element);
        yield return new(ElementFunction.SoftmaxRows, 32, 1000, element);
        yield return new(ElementFunction.SoftmaxCrossEntropy, 128, 10, element);
        yield return new(ElementFunction.SoftmaxCrossEntropy, 32, 1000, element);

        // The parameters of 784-128-10.
        yield return new(ElementFunction.Adam, 1, 101_770, element);
    }

    /// <summary>Half of the bytes are read, half are written: over what was read, except for exp.</summary>
    public override Demand Demand => Function == ElementFunction.Exp
        ? new(0, 0, new("arguments", Access.Read, Work.Bytes / 2, Work.Bytes), new("results", Access.Write, Work.Bytes / 2, Work.Bytes))
        : new(0, 0, new Stream("values", Access.Update, Work.Bytes, Work.Bytes / 2));

    /// <summary>Elements that are read or written for each one.</summary>
    private static double Passes(ElementFunction function) => function switch
    {
        ElementFunction.SoftmaxCrossEntropy => 3,
        ElementFunction.Adam => 7,
        _ => 2,
    };

    private static string NameOf(ElementFunction function) => function switch
    {
        ElementFunction.Exp => "exp",
        ElementFunction.Sigmoid => "sigmoid",
        ElementFunction.Tanh => "tanh",
        ElementFunction.ReLU => "relu",
        ElementFunction.Log => "log",
        ElementFunction.Log1P => "log1p",
        ElementFunction.SoftmaxCrossEntropy => "softmax cross-entropy",
        ElementFunction.Adam => "adam",
        _ => "softmax",
    };
}

using System;
using System.Collections.Generic;
using System.Linq;
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
    Erf,

    /// <summary>A gradient times the sigmoid's derivative, of the sigmoid's value.</summary>
    SigmoidGradient,

    /// <summary>A gradient times the hyperbolic tangent's derivative, of its value.</summary>
    TanhGradient,

    /// <summary>A gradient where the function's value is positive, else 0.</summary>
    ReLUGradient,

    /// <summary>A gradient where the function's value is positive, else a hundredth of it.</summary>
    LeakyReLUGradient,

    // Functions that are a pass of their own; their gradients are a gradient times the derivative, of what the function was applied to.
    Elu,
    Selu,
    Gelu,
    GeluTanh,
    Silu,
    Mish,
    Softplus,
    Softsign,
    HardSigmoid,
    EluGradient,
    SeluGradient,
    GeluGradient,
    GeluTanhGradient,
    SiluGradient,
    MishGradient,
    SoftplusGradient,
    SoftsignGradient,
    HardSigmoidGradient,

    /// <summary>Of each row by itself.</summary>
    SoftmaxRows,

    /// <summary>Of each row by itself.</summary>
    LogSoftmaxRows,

    /// <summary>Through the log-softmax of each row, in place.</summary>
    LogSoftmaxRowsGradient,

    /// <summary>Softmax of each row with its cross-entropy against a class index: loss, probabilities and gradient.</summary>
    SoftmaxCrossEntropy,

    /// <summary>One step of the optimizer, parameters, gradient and two moments in and all but the gradient out.</summary>
    Adam,
}

/// <summary>One function of every element of [rows × columns].</summary>
public sealed record ElementWiseCase(ElementFunction Function, int Rows, int Columns, Type Element)
    : Case($"{NameOf(Function)} {Rows}x{Columns}", Element, new(0, Passes(Function) * Rows * Columns * Marshal.SizeOf(Element), Rows * Columns, "element"))
{
    private static readonly ElementFunction[] OfOneElement =
    [
        ElementFunction.Exp, ElementFunction.Sigmoid, ElementFunction.Tanh, ElementFunction.ReLU, ElementFunction.Log, ElementFunction.Log1P, ElementFunction.Erf,
        ElementFunction.SigmoidGradient, ElementFunction.TanhGradient, ElementFunction.ReLUGradient, ElementFunction.LeakyReLUGradient,
        .. Enum.GetValues<ElementFunction>().Where(function => function is >= ElementFunction.Elu and <= ElementFunction.HardSigmoidGradient),
    ];

    public static IEnumerable<ElementWiseCase> All(Type element)
    {
        // What L1 holds, and what takes L2: 4 or 8 KB, 256 or 512 KB.
        foreach (ElementFunction function in OfOneElement)
        {
            yield return new(function, 1, 1024, element);
            yield return new(function, 1, 65536, element);
        }

        // The classes of digits, and many.
        yield return new(ElementFunction.SoftmaxRows, 128, 10, element);
        yield return new(ElementFunction.SoftmaxRows, 128, 100, element);
        yield return new(ElementFunction.SoftmaxRows, 32, 1000, element);
        yield return new(ElementFunction.LogSoftmaxRows, 128, 10, element);
        yield return new(ElementFunction.LogSoftmaxRows, 32, 1000, element);
        yield return new(ElementFunction.LogSoftmaxRowsGradient, 128, 10, element);
        yield return new(ElementFunction.LogSoftmaxRowsGradient, 32, 1000, element);
        yield return new(ElementFunction.SoftmaxCrossEntropy, 128, 10, element);
        yield return new(ElementFunction.SoftmaxCrossEntropy, 32, 1000, element);

        // The parameters of 784-128-10.
        yield return new(ElementFunction.Adam, 1, 101_770, element);
    }

    /// <summary>Whether it multiplies a gradient by a derivative, in place.</summary>
    public bool IsGradient => OfGradient(Function);

    /// <summary>Whether the function is one of those that are a pass of their own.</summary>
    public bool IsUnfused => Function is >= ElementFunction.Elu and <= ElementFunction.HardSigmoidGradient;

    /// <summary>TensorPrimitives has neither erf nor a choice by sign; of what it has, SiLU, softplus, softsign and the hard sigmoid can be composed.</summary>
    public override bool IsFor(string implementation) =>
        implementation != Implementations.TensorPrimitives || Function is not (ElementFunction.Erf or ElementFunction.ReLUGradient or ElementFunction.LeakyReLUGradient or ElementFunction.LogSoftmaxRowsGradient)
            && (!IsUnfused || Function is ElementFunction.Silu or ElementFunction.Mish or ElementFunction.Softplus or ElementFunction.Softsign or ElementFunction.HardSigmoid or ElementFunction.GeluTanh);

    /// <summary>Of the gradients, a third of the bytes are the values, which are read alone. Of the others half are read, half are written: over what was read, except for those that write to another block.</summary>
    public override Demand Demand => Function switch
    {
        ElementFunction.Exp or ElementFunction.Log or ElementFunction.Log1P or ElementFunction.Erf or (>= ElementFunction.Elu and <= ElementFunction.HardSigmoid) =>
            new(0, 0, new("arguments", Access.Read, Work.Bytes / 2, Work.Bytes), new("results", Access.Write, Work.Bytes / 2, Work.Bytes)),
        _ when IsGradient => new(0, 0, new("values", Access.Read, Work.Bytes / 3, Work.Bytes * 2 / 3), new("gradient", Access.Update, Work.Bytes * 2 / 3, Work.Bytes * 2 / 3)),
        _ => new(0, 0, new Stream("values", Access.Update, Work.Bytes, Work.Bytes / 2)),
    };

    /// <summary>Elements that are read or written for each one.</summary>
    private static double Passes(ElementFunction function) => function switch
    {
        ElementFunction.SoftmaxCrossEntropy => 3,
        _ when OfGradient(function) => 3,
        ElementFunction.Adam => 7,
        _ => 2,
    };

    private static bool OfGradient(ElementFunction function) => function is >= ElementFunction.SigmoidGradient and <= ElementFunction.LeakyReLUGradient
        or >= ElementFunction.EluGradient and <= ElementFunction.HardSigmoidGradient or ElementFunction.LogSoftmaxRowsGradient;

    private static string NameOf(ElementFunction function) => function switch
    {
        ElementFunction.Exp => "exp",
        ElementFunction.Sigmoid => "sigmoid",
        ElementFunction.Tanh => "tanh",
        ElementFunction.ReLU => "relu",
        ElementFunction.Log => "log",
        ElementFunction.Log1P => "log1p",
        ElementFunction.Erf => "erf",
        ElementFunction.SigmoidGradient => "sigmoid gradient",
        ElementFunction.TanhGradient => "tanh gradient",
        ElementFunction.ReLUGradient => "relu gradient",
        ElementFunction.LeakyReLUGradient => "leaky relu gradient",
        ElementFunction.Elu => "elu",
        ElementFunction.EluGradient => "elu gradient",
        ElementFunction.Selu => "selu",
        ElementFunction.SeluGradient => "selu gradient",
        ElementFunction.Gelu => "gelu",
        ElementFunction.GeluGradient => "gelu gradient",
        ElementFunction.GeluTanh => "gelu tanh",
        ElementFunction.GeluTanhGradient => "gelu tanh gradient",
        ElementFunction.Silu => "silu",
        ElementFunction.SiluGradient => "silu gradient",
        ElementFunction.Mish => "mish",
        ElementFunction.MishGradient => "mish gradient",
        ElementFunction.Softplus => "softplus",
        ElementFunction.SoftplusGradient => "softplus gradient",
        ElementFunction.Softsign => "softsign",
        ElementFunction.SoftsignGradient => "softsign gradient",
        ElementFunction.HardSigmoid => "hard sigmoid",
        ElementFunction.HardSigmoidGradient => "hard sigmoid gradient",
        ElementFunction.LogSoftmaxRows => "log-softmax",
        ElementFunction.LogSoftmaxRowsGradient => "log-softmax gradient",
        ElementFunction.SoftmaxCrossEntropy => "softmax cross-entropy",
        ElementFunction.Adam => "adam",
        _ => "softmax",
    };
}

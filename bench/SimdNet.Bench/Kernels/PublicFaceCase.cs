using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Kernels;

/// <summary>The methods of SimdNet.Numerics, by their names there.</summary>
public enum PublicMethod
{
    Exp,
    Log,
    Log1P,
    Erf,
    Sigmoid,
    Tanh,
    ReLU,
    LeakyReLU,
    SigmoidGradient,
    TanhGradient,
    ReLUGradient,
    LeakyReLUGradient,
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
    AddScaled,
    Sum,
    Dot,
    Norm,
    Softmax,
    SoftmaxGradient,
    LogSoftmax,
    LogSoftmaxGradient,
    LogSumExp,
    SoftmaxRows,
    SoftmaxRowsGradient,
    LogSoftmaxRows,
    LogSoftmaxRowsGradient,
    LogSumExpRows,
    SumColumns,
    AddBias,
    MultiplyVector,
    MultiplyTransposedVector,
    AddOuterProduct,
    Multiply,
    MultiplyTransposedA,
    MultiplyTransposedB,
    Dense,
    DenseInputGradient,
}

/// <summary>One method on one size: a vector of 1,024, a matrix of rows that a classifier has, a matrix that L2 holds in part, a product of 256 × 256.</summary>
public sealed record PublicFaceCase(PublicMethod Method, int Rows, int Columns, Type Element)
    : Case($"{Method} {Rows}x{Columns}", Element, WorkOf(Method, Rows, Columns, Marshal.SizeOf(Element)))
{
    private static readonly PublicMethod[] OfTensorPrimitives =
    [
        PublicMethod.Exp, PublicMethod.Log, PublicMethod.Log1P, PublicMethod.Sigmoid, PublicMethod.Tanh, PublicMethod.ReLU, PublicMethod.AddScaled, PublicMethod.Sum, PublicMethod.Dot, PublicMethod.Norm,
        PublicMethod.Softmax, PublicMethod.SoftmaxRows, PublicMethod.SumColumns, PublicMethod.AddBias, PublicMethod.MultiplyVector,
    ];

    private static readonly PublicMethod[] OfMathNet =
    [
        PublicMethod.Exp, PublicMethod.Log, PublicMethod.Tanh, PublicMethod.Sum, PublicMethod.Dot, PublicMethod.Norm,
        PublicMethod.MultiplyVector, PublicMethod.MultiplyTransposedVector, PublicMethod.Multiply, PublicMethod.MultiplyTransposedA, PublicMethod.MultiplyTransposedB,
    ];

    private static readonly PublicMethod[] OfBlas =
    [
        PublicMethod.AddScaled, PublicMethod.Dot, PublicMethod.Norm, PublicMethod.MultiplyVector, PublicMethod.MultiplyTransposedVector, PublicMethod.AddOuterProduct,
        PublicMethod.Multiply, PublicMethod.MultiplyTransposedA, PublicMethod.MultiplyTransposedB,
    ];

    /// <summary>True for the products of two matrices, which are square.</summary>
    public bool IsProduct => Method >= PublicMethod.Multiply;

    public override Demand Demand => new(Work.Flops, 0);

    public static IEnumerable<PublicFaceCase> All(Type element) => Enum.GetValues<PublicMethod>().Select(method => method switch
    {
        >= PublicMethod.Multiply => new PublicFaceCase(method, 256, 256, element),
        >= PublicMethod.MultiplyVector => new PublicFaceCase(method, 512, 512, element),
        >= PublicMethod.SoftmaxRows => new PublicFaceCase(method, 64, 100, element),
        _ => new PublicFaceCase(method, 1, 1024, element),
    });

    public override bool IsFor(string implementation) => implementation switch
    {
        Implementations.TensorPrimitives => OfTensorPrimitives.Contains(Method),
        Implementations.MathNet => OfMathNet.Contains(Method),
        Implementations.OpenBlas or Implementations.Blis => OfBlas.Contains(Method),
        Implementations.OneDnn => Element == typeof(float) && Method is PublicMethod.Multiply or PublicMethod.MultiplyTransposedA or PublicMethod.MultiplyTransposedB,
        _ => true,
    };

    /// <summary>Multiplications and additions where matrices are multiplied by something, else what is read and written once.</summary>
    private static Work WorkOf(PublicMethod method, int rows, int columns, int size)
    {
        int elements = rows * columns;
        return method switch
        {
            >= PublicMethod.Multiply => new(2.0 * elements * columns, 0, 1, "product"),
            >= PublicMethod.MultiplyVector => new(2.0 * elements, 0, 1, "product"),
            PublicMethod.Sum or PublicMethod.Norm or PublicMethod.LogSumExp or PublicMethod.LogSumExpRows or PublicMethod.SumColumns => new(0, (double)size * elements, elements, "element"),
            PublicMethod.AddScaled or PublicMethod.SigmoidGradient or PublicMethod.TanhGradient or PublicMethod.ReLUGradient or PublicMethod.LeakyReLUGradient or PublicMethod.SoftmaxGradient
                or PublicMethod.SoftmaxRowsGradient or PublicMethod.LogSoftmaxGradient or PublicMethod.LogSoftmaxRowsGradient or (>= PublicMethod.EluGradient and <= PublicMethod.HardSigmoidGradient) => new(0, 3.0 * size * elements, elements, "element"),
            _ => new(0, 2.0 * size * elements, elements, "element"),
        };
    }
}

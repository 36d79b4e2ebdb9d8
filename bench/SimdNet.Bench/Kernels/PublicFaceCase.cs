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
    /// <summary>Peers that lack a method, with the reason: their columns are empty there.</summary>
    public static IReadOnlyDictionary<string, string> Gaps { get; } = new Dictionary<string, string>
    {
        ["TensorPrimitives on Erf, Gelu and GeluGradient"] = "has no error function, nor what it could be composed of",
        ["OpenBLAS, BLIS and oneDNN on functions of one element and on softmax"] = "have products and sums",
        ["oneDNN on sums and on vectors"] = "its interface of BLAS is the product of matrices in float",
    };

    private static readonly PublicMethod[] OfBlas =
    [
        PublicMethod.AddScaled, PublicMethod.Sum, PublicMethod.Dot, PublicMethod.Norm, PublicMethod.SumColumns, PublicMethod.AddBias,
        PublicMethod.MultiplyVector, PublicMethod.MultiplyTransposedVector, PublicMethod.AddOuterProduct,
    ];

    /// <summary>True for the products of two matrices, which are square.</summary>
    public bool IsProduct => Method >= PublicMethod.Multiply;

    public bool HasTransposedA => Method == PublicMethod.MultiplyTransposedA;

    public bool HasTransposedB => Method is PublicMethod.MultiplyTransposedB or PublicMethod.DenseInputGradient;

    /// <summary>Operands are read once, results are written once, what is added to is updated. Call after call on the same: what they take together is what a cache must hold.</summary>
    public override Demand Demand
    {
        get
        {
            (double read, double written, double updated) = Moved(Method, Rows, Columns);
            double size = Marshal.SizeOf(Element);
            double all = size * (read + written + updated);
            return new(
                Work.Flops,
                0,
                new Stream("operands", Access.Read, size * read, all),
                new Stream("results", Access.Write, size * written, all),
                new Stream("sums", Access.Update, 2 * size * updated, all));
        }
    }

    public static IEnumerable<PublicFaceCase> All(Type element) => Enum.GetValues<PublicMethod>().Select(method => method switch
    {
        >= PublicMethod.Multiply => new PublicFaceCase(method, 256, 256, element),
        >= PublicMethod.MultiplyVector => new PublicFaceCase(method, 512, 512, element),
        >= PublicMethod.SoftmaxRows => new PublicFaceCase(method, 64, 100, element),
        _ => new PublicFaceCase(method, 1, 1024, element),
    });

    public override bool IsFor(string implementation) => implementation switch
    {
        Implementations.TensorPrimitives => Method is not (PublicMethod.Erf or PublicMethod.Gelu or PublicMethod.GeluGradient),
        Implementations.OpenBlas or Implementations.Blis => IsProduct || OfBlas.Contains(Method),
        Implementations.OneDnn => Element == typeof(float) && IsProduct,
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
            PublicMethod.AddScaled => new(0, 3.0 * size * elements, elements, "element"),
            _ when method.IsGradient() => new(0, 3.0 * size * elements, elements, "element"),
            _ => new(0, 2.0 * size * elements, elements, "element"),
        };
    }

    /// <summary>Elements that are read alone, written alone, and updated.</summary>
    private static (double Read, double Written, double Updated) Moved(PublicMethod method, int rows, int columns)
    {
        double elements = rows * columns;
        return method switch
        {
            PublicMethod.Sum or PublicMethod.Norm or PublicMethod.LogSumExp => (elements, 0, 0),
            PublicMethod.Dot => (2 * elements, 0, 0),
            PublicMethod.AddScaled => (elements, 0, elements),
            PublicMethod.LogSumExpRows => (elements, rows, 0),
            PublicMethod.SumColumns => (elements, columns, 0),
            PublicMethod.AddBias => (columns, 0, elements),
            PublicMethod.MultiplyVector or PublicMethod.MultiplyTransposedVector => (elements + columns, rows, 0),
            PublicMethod.AddOuterProduct => (columns, 0, elements),
            PublicMethod.Dense => ((2 * elements) + columns, elements, 0),
            >= PublicMethod.Multiply => (2 * elements, elements, 0),
            _ when method.IsGradient() => (2 * elements, elements, 0),
            _ => (elements, elements, 0),
        };
    }
}

/// <summary>What methods have in common.</summary>
internal static class PublicMethods
{
    /// <summary>Whether it takes a gradient beside a vector or matrix, and gives another.</summary>
    public static bool IsGradient(this PublicMethod method) => method is (>= PublicMethod.SigmoidGradient and <= PublicMethod.LeakyReLUGradient) or (>= PublicMethod.EluGradient and <= PublicMethod.HardSigmoidGradient)
        or PublicMethod.SoftmaxGradient or PublicMethod.SoftmaxRowsGradient or PublicMethod.LogSoftmaxGradient or PublicMethod.LogSoftmaxRowsGradient;
}

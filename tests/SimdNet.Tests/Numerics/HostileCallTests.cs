using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics.Tensors;

using SimdNet.Numerics;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Calls that cannot be right: each is refused by an exception of the ArgumentException family, before anything is written.</summary>
public sealed class HostileCallTests
{
    /// <summary>What a call is given: 100 numbers, of which it must not change one.</summary>
    private delegate void Call(float[] memory);

    private static readonly float[] Other = new float[100];

    private static readonly Dictionary<string, Call> Calls = new()
    {
        ["exp to a short span"] = m => VectorPrimitives.Exp<float>(Other.AsSpan(0, 10), m.AsSpan(0, 9)),
        ["exp one further"] = m => VectorPrimitives.Exp<float>(m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["log one before"] = m => VectorPrimitives.Log<float>(m.AsSpan(1, 10), m.AsSpan(0, 10)),
        ["tanh to a short span"] = m => VectorPrimitives.Tanh<float>(Other, m.AsSpan(1)),
        ["gradient of another length"] = m => VectorPrimitives.TanhGradient<float>(Other.AsSpan(0, 10), Other.AsSpan(0, 9), m),
        ["gradient over the output"] = m => VectorPrimitives.TanhGradient<float>(m.AsSpan(0, 10), Other.AsSpan(0, 10), m.AsSpan(0, 10)),
        ["gradient one further"] = m => VectorPrimitives.TanhGradient<float>(Other.AsSpan(0, 10), m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["gradient over the argument"] = m => VectorPrimitives.GeluGradient<float>(m.AsSpan(0, 10), Other.AsSpan(0, 10), m.AsSpan(0, 10)),
        ["mish one further"] = m => VectorPrimitives.Mish<float>(m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["log-softmax one further"] = m => VectorPrimitives.LogSoftmax<float>(m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["gradient of log-softmax rows over the output"] = m => MatrixPrimitives.LogSoftmaxRowsGradient<float>(3, 3, m, Other, m),
        ["dense with an activation of its own"] = m => MatrixPrimitives.Dense<float>(3, 3, 3, Other, Other, [], ActivationKind.Gelu, 0, m),
        ["negative slope"] = m => VectorPrimitives.LeakyReLUGradient<float>(Other, -1, Other, m),
        ["axpy of another length"] = m => VectorPrimitives.AddScaled<float>(1, Other.AsSpan(0, 10), m),
        ["axpy one further"] = m => VectorPrimitives.AddScaled<float>(1, m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["dot of another length"] = m => VectorPrimitives.Dot<float>(Other, m.AsSpan(1)),
        ["softmax one further"] = m => VectorPrimitives.Softmax<float>(m.AsSpan(0, 10), m.AsSpan(1, 10)),
        ["product with a negative side"] = m => MatrixPrimitives.Multiply<float>(-1, 2, 2, Other, Other, m),
        ["product with a negative side of both operands"] = m => MatrixPrimitives.Multiply<float>(2, 2, -2, Other, Other, m),
        ["product of a short A"] = m => MatrixPrimitives.Multiply<float>(5, 5, 5, Other.AsSpan(0, 24), Other, m),
        ["product of a short B"] = m => MatrixPrimitives.Multiply<float>(5, 5, 5, Other, Other.AsSpan(0, 24), m),
        ["product to a short C"] = m => MatrixPrimitives.Multiply<float>(5, 5, 5, Other, Other, m.AsSpan(0, 24)),
        ["product of sides that overflow"] = m => MatrixPrimitives.Multiply<float>(65536, 65536, 65536, Other, Other, m),
        ["product of the largest sides"] = m => MatrixPrimitives.Multiply<float>(int.MaxValue, int.MaxValue, int.MaxValue, Other, Other, m),
        ["product with a small stride"] = m => MatrixPrimitives.Multiply<float>(3, 3, 3, Other, 2, Other, 3, m, 3, accumulate: false),
        ["product with a negative stride"] = m => MatrixPrimitives.Multiply<float>(3, 3, 3, Other, 3, Other, -3, m, 3, accumulate: false),
        ["product with a stride that overflows"] = m => MatrixPrimitives.Multiply<float>(3, 3, 3, Other, 3, Other, 3, m, int.MaxValue, accumulate: true),
        ["product over A"] = m => MatrixPrimitives.Multiply<float>(3, 3, 3, m, Other, m.AsSpan(0, 9)),
        ["product into the end of B"] = m => MatrixPrimitives.MultiplyTransposedA<float>(3, 3, 3, Other, m.AsSpan(0, 9), m.AsSpan(8, 9)),
        ["product into columns of A"] = m => MatrixPrimitives.MultiplyTransposedB<float>(3, 3, 3, m, 10, Other, 3, m.AsSpan(2), 10, accumulate: false),
        ["vector of another length"] = m => MatrixPrimitives.MultiplyVector<float>(3, 4, Other, Other.AsSpan(0, 3), m.AsSpan(0, 3)),
        ["result of another length"] = m => MatrixPrimitives.MultiplyVector<float>(3, 4, Other, Other.AsSpan(0, 4), m.AsSpan(0, 4)),
        ["vector over itself"] = m => MatrixPrimitives.MultiplyVector<float>(3, 3, Other, m.AsSpan(0, 3), m.AsSpan(0, 3)),
        ["transposed vector of another length"] = m => MatrixPrimitives.MultiplyTransposedVector<float>(3, 4, Other, Other.AsSpan(0, 4), m.AsSpan(0, 4)),
        ["transposed vector into the matrix"] = m => MatrixPrimitives.MultiplyTransposedVector<float>(3, 4, m, Other.AsSpan(0, 3), m.AsSpan(4, 4)),
        ["update by its own row"] = m => MatrixPrimitives.AddOuterProduct<float>(3, 4, 1, Other.AsSpan(0, 3), m.AsSpan(4, 4), m),
        ["rows one further"] = m => MatrixPrimitives.SoftmaxRows<float>(3, 3, m, m.AsSpan(1)),
        ["rows in place with another stride"] = m => MatrixPrimitives.SoftmaxRows<float>(3, 3, m, 3, m, 4),
        ["gradient of rows over the output"] = m => MatrixPrimitives.SoftmaxRowsGradient<float>(3, 3, m, Other, m),
        ["log-sum-exp of another length"] = m => MatrixPrimitives.LogSumExpRows<float>(3, 3, Other, m.AsSpan(0, 4)),
        ["log-sum-exp into its rows"] = m => MatrixPrimitives.LogSumExpRows<float>(3, 3, m, m.AsSpan(2, 3)),
        ["column sums of another length"] = m => MatrixPrimitives.SumColumns<float>(3, 4, Other, m.AsSpan(0, 3)),
        ["column sums into the matrix"] = m => MatrixPrimitives.SumColumns<float>(3, 4, m, m.AsSpan(0, 4)),
        ["bias of another length"] = m => MatrixPrimitives.AddBias<float>(3, 4, Other.AsSpan(0, 5), m),
        ["bias in the matrix"] = m => MatrixPrimitives.AddBias<float>(3, 4, m.AsSpan(0, 4), m),
        ["dense with a softmax"] = m => MatrixPrimitives.Dense<float>(3, 3, 3, Other, Other, [], ActivationKind.Softmax, 0, m),
        ["dense with no activation"] = m => MatrixPrimitives.Dense<float>(3, 3, 3, Other, Other, [], (ActivationKind)77, 0, m),
        ["dense with a short bias"] = m => MatrixPrimitives.Dense<float>(3, 3, 3, Other, Other, [1, 2], ActivationKind.Tanh, 0, m),
        ["dense gradient with a short output"] = m => MatrixPrimitives.DenseInputGradient<float>(3, 3, 3, Other, Other, ActivationKind.Tanh, 0, Other.AsSpan(0, 8), m),
        ["dense gradient with a small stride"] = m => MatrixPrimitives.DenseInputGradient<float>(3, 3, 3, Other, 3, Other, 3, ActivationKind.Tanh, 0, Other, 2, m, 3),
        ["dense gradient into columns of the output"] = m => MatrixPrimitives.DenseInputGradient<float>(3, 3, 3, Other, 3, Other, 3, ActivationKind.Tanh, 0, m, 10, m.AsSpan(2), 10),
        ["dense of tensors that do not fit"] = m => MatrixPrimitives.Dense(Tensor(Other, [3, 4]), Tensor(Other, [5, 3]), default, ActivationKind.ReLU, 0, Writable(m, [3, 3])),
        ["dense of columns"] = m => MatrixPrimitives.Dense(new ReadOnlyTensorSpan<float>(Other, [3, 4], [1, 3]), Tensor(Other, [4, 3]), default, ActivationKind.ReLU, 0, Writable(m, [3, 3])),
        ["dense with a tensor of a short bias"] = m => MatrixPrimitives.Dense(Tensor(Other, [3, 4]), Tensor(Other, [4, 3]), Tensor(Other, [2]), ActivationKind.ReLU, 0, Writable(m, [3, 3])),
        ["dense gradient of tensors that do not fit"] = m => MatrixPrimitives.DenseInputGradient(Tensor(Other, [3, 4]), Tensor(Other, [4, 3]), ActivationKind.Identity, 0, default, Writable(m, [3, 3])),
        ["dense gradient of an output of another shape"] = m => MatrixPrimitives.DenseInputGradient(Tensor(Other, [3, 4]), Tensor(Other, [3, 4]), ActivationKind.Tanh, 0, Tensor(Other, [3, 4]), Writable(m, [3, 3])),
        ["dense gradient of tensors over the output"] = m => MatrixPrimitives.DenseInputGradient(Tensor(Other, [3, 4]), Tensor(Other, [3, 4]), ActivationKind.Tanh, 0, Tensor(m, [3, 3]), Writable(m, [3, 3])),
        ["tensors of other shapes"] = m => VectorPrimitives.Exp(Tensor(Other, [3, 4]), Writable(m, [4, 3])),
        ["tensors of other ranks"] = m => VectorPrimitives.Exp(Tensor(Other, [12]), Writable(m, [1, 12])),
        ["broadcast destination"] = m => VectorPrimitives.Exp(Tensor(Other, [3, 4]), new TensorSpan<float>(m, [3, 4], [0, 1])),
        ["tensor one further"] = m => VectorPrimitives.Exp(Tensor(m, [3, 4]), new TensorSpan<float>(m.AsSpan(1), [3, 4], [])),
        ["tensor over its transpose"] = m => VectorPrimitives.Exp(Tensor(m, [3, 3]), new TensorSpan<float>(m, [3, 3], [1, 3])),
        ["axpy of other shapes"] = m => VectorPrimitives.AddScaled(1, Tensor(Other, [3]), Writable(m, [4])),
        ["dot of other shapes"] = m => VectorPrimitives.Dot(Tensor(Other, [3]), Tensor(m, [4])),
        ["softmax of columns"] = m => VectorPrimitives.Softmax(new ReadOnlyTensorSpan<float>(Other, [3, 4], [1, 3]), Writable(m, [3, 4])),
        ["softmax to columns"] = m => VectorPrimitives.Softmax(Tensor(Other, [3, 4]), new TensorSpan<float>(m, [3, 4], [1, 3])),
        ["log-sum-exp of a vector tensor"] = m => VectorPrimitives.LogSumExp(Tensor(Other, [3]), Writable(m, [3])),
        ["log-sum-exp to another shape"] = m => VectorPrimitives.LogSumExp(Tensor(Other, [3, 4]), Writable(m, [4])),
        ["product of no matrix"] = m => MatrixPrimitives.Multiply(Tensor(Other, [3]), Tensor(Other, [3, 3]), Writable(m, [3, 3])),
        ["product of tensors that do not fit"] = m => MatrixPrimitives.Multiply(Tensor(Other, [3, 4]), Tensor(Other, [5, 3]), Writable(m, [3, 3])),
        ["product of tensors to another shape"] = m => MatrixPrimitives.Multiply(Tensor(Other, [3, 4]), Tensor(Other, [4, 5]), Writable(m, [5, 3])),
        ["product of every second element"] = m => MatrixPrimitives.Multiply(new ReadOnlyTensorSpan<float>(Other, [3, 4], [8, 2]), Tensor(Other, [4, 3]), Writable(m, [3, 3])),
        ["product of a broadcast row"] = m => MatrixPrimitives.Multiply(new ReadOnlyTensorSpan<float>(Other, [3, 4], [0, 1]), Tensor(Other, [4, 3]), Writable(m, [3, 3])),
        ["product of tensors over A"] = m => MatrixPrimitives.Multiply(Tensor(m, [3, 3]), Tensor(Other, [3, 3]), Writable(m, [3, 3])),
        ["vector tensor of every second element"] = m => MatrixPrimitives.MultiplyVector(Tensor(Other, [3, 4]), new ReadOnlyTensorSpan<float>(Other, [4], [2]), Writable(m, [3]), accumulate: false),
        ["sums of columns of columns"] = m => MatrixPrimitives.SumColumns(new ReadOnlyTensorSpan<float>(Other, [3, 4], [1, 3]), Writable(m, [4]), accumulate: false),
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_call_is_refused_before_anything_is_written(string name)
    {
        string? fault = Fault(Calls[name]);
        Assert.True(fault is null, $"{name}: {fault}");
    }

    /// <summary>Negative control: a call that writes, one that does not throw and one that throws something else are noticed.</summary>
    [Fact]
    public void A_call_that_writes_or_is_let_through_is_noticed()
    {
        Assert.NotNull(Fault(m =>
        {
            m[3] = 0;
            VectorPrimitives.Exp<float>(m.AsSpan(0, 10), m.AsSpan(1, 10));
        }));
        Assert.NotNull(Fault(_ => { }));
        Assert.NotNull(Fault(m => m[100] = 0));
    }

    [Fact]
    public void Messages_name_both_shapes()
    {
        Assert.Contains("[5 × 5] with a stride of 5, takes 25 elements; the span has 24", Message("product to a short C"), StringComparison.Ordinal);
        Assert.Contains("destination has 9 elements where Other.AsSpan(0, 10) has 10".Replace("Other.AsSpan(0, 10)", "x", StringComparison.Ordinal), Message("exp to a short span"), StringComparison.Ordinal);
        Assert.Contains("[4, 3]", Message("tensors of other shapes"), StringComparison.Ordinal);
        Assert.Contains("[3, 4]", Message("tensors of other shapes"), StringComparison.Ordinal);
        Assert.Contains("strides [8, 2]", Message("product of every second element"), StringComparison.Ordinal);
        Assert.Contains("a, [3 × 4], times b, [5 × 3]", Message("product of tensors that do not fit"), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_numbers_are_not_supported()
    {
        Assert.Throws<NotSupportedException>(() => VectorPrimitives.Exp<Half>([], []));
        Assert.Throws<NotSupportedException>(() => VectorPrimitives.Sum<Half>([Half.One]));
        Assert.Throws<NotSupportedException>(() => MatrixPrimitives.Multiply<Half>(1, 1, 1, [Half.One], [Half.One], new Half[1]));
    }

    /// <summary>What looks close to a mistake and is none.</summary>
    [Fact]
    public void Neighbours_and_whole_operands_are_accepted()
    {
        float[] m = new float[100];
        VectorPrimitives.Exp<float>(m.AsSpan(0, 10), m.AsSpan(10, 10));
        VectorPrimitives.Exp<float>(m.AsSpan(0, 10), m);
        VectorPrimitives.Exp<float>([], []);
        MatrixPrimitives.Multiply<float>(3, 3, 3, m, 10, m.AsSpan(3), 10, m.AsSpan(6), 10, accumulate: false);
        MatrixPrimitives.SoftmaxRows<float>(3, 3, m, 10, m.AsSpan(3), 10);
        MatrixPrimitives.Multiply<float>(0, int.MaxValue, 0, [], [], []);
        MatrixPrimitives.Multiply<float>(int.MaxValue, 0, 0, [], [], []);
        MatrixPrimitives.MultiplyTransposedA<float>(int.MaxValue, 0, 0, [], [], []);
        MatrixPrimitives.MultiplyTransposedB<float>(int.MaxValue, 0, 0, [], [], []);
        MatrixPrimitives.Dense<float>(int.MaxValue, 0, 0, [], [], [], ActivationKind.Tanh, 0, []);
        MatrixPrimitives.SoftmaxRows<float>(int.MaxValue, 0, [], []);
        MatrixPrimitives.SumColumns<float>(int.MaxValue, 0, [], []);
        MatrixPrimitives.AddBias<float>(int.MaxValue, 0, [], []);
        VectorPrimitives.Exp(new ReadOnlyTensorSpan<float>(m, [3, 4], [10, 1]), new TensorSpan<float>(m.AsSpan(4), [3, 4], [10, 1]));
        VectorPrimitives.Exp<float>(default(ReadOnlyTensorSpan<float>), default);
        Assert.True(m.All(float.IsFinite));
    }

    private static ReadOnlyTensorSpan<float> Tensor(float[] memory, ReadOnlySpan<nint> lengths) => new(memory, lengths, []);

    private static TensorSpan<float> Writable(float[] memory, ReadOnlySpan<nint> lengths) => new(memory, lengths, []);

    private static string Message(string name)
    {
        try
        {
            Calls[name](Memory());
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }

        return "";
    }

    private static string? Fault(Call call)
    {
        float[] memory = Memory();
        try
        {
            call(memory);
            return "not refused";
        }
        catch (Exception exception) when (exception is not ArgumentException)
        {
            return exception.ToString();
        }
        catch (ArgumentException)
        {
            return memory.AsSpan().SequenceEqual(Memory()) ? null : "written to";
        }
    }

    private static float[] Memory() => [.. Enumerable.Range(1, 100).Select(i => i * 0.01f)];
}

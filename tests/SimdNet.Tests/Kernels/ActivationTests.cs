using System;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Every activation: values and gradients to PyTorch's, gradients to central differences.</summary>
[Trait("Suite", "Isa")]
public class ActivationTests
{
    private static readonly Activation[] All = Array.ConvertAll(Activation.Names.Split(", "), name => Activation.Parse(name));

    public static TheoryData<string> Names => [.. All.Select(activation => activation.ToString())];

    [Fact]
    public void Every_kind_has_a_name() => Assert.Equal(Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.Custom), All.Select(activation => activation.Kind).Order());

    [Fact]
    public void Values_and_gradients_are_those_of_PyTorch()
    {
        AgreesWithGolden<float>();
        AgreesWithGolden<double>();
    }

    /// <summary>Negative control: the numbers of another function must be refused.</summary>
    [Fact]
    public void Another_function_is_noticed()
    {
        Golden golden = Golden.Load("activations");
        Assert.NotNull(Difference<double>(golden, Activation.Gelu, "gelu_tanh"));
        Assert.NotNull(Difference<double>(golden, Activation.LeakyReLU(0.011), "leaky_relu"));
        Assert.Null(Difference<double>(golden, Activation.LeakyReLU(0.01), "leaky_relu"));
    }

    /// <summary>In double, along the direction of a random upstream gradient, as GradientTests has it for whole networks.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_central_differences(string name)
    {
        Activation activation = Activation.Parse(name);
        Assert.True(WorstGradient(activation, 1) <= 1);

        // The control: a gradient that is off by a hundred-thousandth.
        if (activation.Kind != ActivationKind.Identity)
        {
            Assert.True(WorstGradient(activation, 1 + 1e-5) > 1);
        }
    }

    [Fact]
    public void Log_softmax_keeps_its_digits_and_is_NaN_where_there_is_none()
    {
        foreach (KernelSet<double> set in KernelSets.Supported<double>())
        {
            Assert.Equal([-2000, 0], LogSoftmax(set, [-1000, 1000]));
            Assert.Equal([-Math.Log(2), -Math.Log(2)], LogSoftmax(set, [1000, 1000]), (a, b) => Math.Abs(a - b) <= Tolerance.Epsilon<double>());
            Assert.Equal([double.NegativeInfinity, 0], LogSoftmax(set, [double.NegativeInfinity, 3]));
            Assert.Equal([0], LogSoftmax(set, [-7]));
            Assert.Empty(LogSoftmax(set, []));
            foreach (double none in (double[])[double.NaN, double.PositiveInfinity])
            {
                Assert.All(LogSoftmax(set, [1, none, 2]), value => Assert.True(double.IsNaN(value)));
            }

            Assert.All(LogSoftmax(set, [double.NegativeInfinity, double.NegativeInfinity]), value => Assert.True(double.IsNaN(value)));
        }
    }

    private static double[] LogSoftmax(KernelSet<double> set, double[] row)
    {
        // Once alone and once among others, where rows are taken in blocks.
        double[] many = [.. Enumerable.Range(0, 9).SelectMany(_ => row)];
        set.LogSoftmaxRows(new(many, 9, row.Length));
        set.LogSoftmaxRows(new(row, 1, row.Length));
        Assert.Equal(row, many[..row.Length]);
        Assert.Equal(row, many[^row.Length..]);
        return row;
    }

    private static string GoldenName(Activation activation) => activation.ToString().Split('(')[0].Replace('-', '_');

    private static void AgreesWithGolden<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Golden golden = Golden.Load("activations");
        foreach (Activation activation in All.Where(activation => activation != Activation.Identity))
        {
            string? difference = Difference<T>(golden, activation, GoldenName(activation));
            Assert.True(difference is null, difference);
        }
    }

    /// <summary>Four units in the last place of what the terms amount to: x, and a row's upstream gradients where it is row-wise.</summary>
    private static string? Difference<T>(Golden golden, Activation activation, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = golden.Shape("x")[1];
        double[] x = golden["x"];
        double[] upstream = golden["upstream"];
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            (double[] values, double[] gradients) = Compute<T>(set, activation, x, upstream, columns);
            for (int i = 0; i < x.Length; i++)
            {
                int row = i / columns * columns;
                bool isRowWise = ActivationKinds.IsRowWise(activation.Kind);
                double ofX = Math.Max(1, isRowWise ? x[row..(row + columns)].Max(value => Math.Abs(value)) : Math.Abs(x[i]));
                double ofGradient = Math.Max(1, isRowWise ? upstream[row..(row + columns)].Sum(value => Math.Abs(value)) : Math.Abs(upstream[i]));
                double unit = 4 * Tolerance.Epsilon<T>();
                double gradient = golden[name + "_grad"][i];
                if (activation.Kind == ActivationKind.HardSigmoid)
                {
                    // PyTorch's sixth is that of a float.
                    gradient *= 1.0 / 6 / (1f / 6f);
                }

                if (!(Math.Abs(values[i] - golden[name][i]) <= unit * ofX) || !(Math.Abs(gradients[i] - gradient) <= unit * ofX * ofGradient))
                {
                    return $"{set.Name}, {typeof(T).Name}: {activation}({x[i]}) = {values[i]}, PyTorch's is {golden[name][i]}; gradient {gradients[i]}, PyTorch's is {gradient}.";
                }
            }
        }

        return null;
    }

    private static (double[] Values, double[] Gradients) Compute<T>(KernelSet<T> set, Activation activation, double[] x, double[] upstream, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] arguments = Array.ConvertAll(x, value => T.CreateTruncating(value));
        T[] values = (T[])arguments.Clone();
        T[] gradients = Array.ConvertAll(upstream, value => T.CreateTruncating(value));
        T parameter = T.CreateTruncating(activation.Parameter);
        MatrixView<T> y = new(values, x.Length / columns, columns);
        MatrixView<T> g = new(gradients, x.Length / columns, columns);
        switch (activation.Kind)
        {
            case ActivationKind.Softmax:
                set.SoftmaxRows(y);
                set.SoftmaxRowsGradient(y, g);
                break;
            case ActivationKind.LogSoftmax:
                set.LogSoftmaxRows(y);
                set.LogSoftmaxRowsGradient(y, g);
                break;
            default:
                set.Activate(activation.Kind, parameter, values);
                set.ActivateGradient(activation.Kind, parameter, arguments, values, gradients);
                break;
        }

        return (Array.ConvertAll(values, value => double.CreateTruncating(value)), Array.ConvertAll(gradients, value => double.CreateTruncating(value)));
    }

    /// <summary>|analytic − numeric| over what is allowed, the worst of many rows: Σ upstream·f, by each element of x in turn.</summary>
    private static double WorstGradient(Activation activation, double factor)
    {
        const int Columns = 5;
        KernelSet<double> set = KernelSets.Supported<double>()[0];
        int rows = Long.Count(200, 5_000);
        double[] x = new double[rows * Columns];
        double[] upstream = new double[x.Length];
        Numbers.Fill<double>(x, 1, 6);
        Numbers.Fill<double>(upstream, 2);

        // Kinks are avoided.
        x = Array.ConvertAll(x, value => Math.Abs(value) < 1e-3 || Math.Abs(Math.Abs(value) - 3) < 1e-3 ? value + 0.01 : value);
        double[] gradients = Compute<double>(set, activation, x, upstream, Columns).Gradients;
        double[] differences = new double[x.Length];
        for (int column = 0; column < Columns; column++)
        {
            double[] above = Moved(1);
            double[] below = Moved(-1);
            for (int i = 0; i < x.Length; i++)
            {
                differences[(i / Columns * Columns) + column] += upstream[i] * (above[i] - below[i]) / (2 * Step(x[(i / Columns * Columns) + column]));
            }

            double[] Moved(double direction) =>
                Compute<double>(set, activation, [.. x.Select((value, i) => i % Columns == column ? value + (direction * Step(value)) : value)], upstream, Columns).Values;
        }

        return gradients.Zip(differences, (analytic, numeric) => Math.Abs((analytic * factor) - numeric) / ((1e-6 * Math.Max(Math.Abs(analytic), Math.Abs(numeric))) + 1e-9)).Max();
    }

    private static double Step(double x) => 6e-6 * Math.Max(1, Math.Abs(x));
}

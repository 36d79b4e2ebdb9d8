using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Data;

public sealed class ScalerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_exam_is_divided_by_its_columns_maxima()
    {
        Dataset<double> exam = Dataset.Exam<double>();
        Scaler<double> scaler = Scaler<double>.ColumnMaximum(exam.Inputs.Span, exam.Features);
        Assert.Equal([3, 9], scaler.Divisors.ToArray());
        Assert.Equal([0, 0], scaler.Offsets.ToArray());
        Assert.Equal(("max", 2), (scaler.Kind, scaler.Columns));
        double[] scaled = new double[6];
        scaler.Transform(exam.Inputs.Span, scaled);
        Assert.Equal([2.0 / 3, 1, 1.0 / 3, 5.0 / 9, 1, 6.0 / 9], scaled);
        scaler.Inverse(scaled, scaled);
        Assert.Equal(exam.Inputs.ToArray(), scaled);
    }

    [NumpyFact]
    public void Values_have_the_bits_of_numpy()
    {
        Random random = new(4);
        double[] rows = [.. Enumerable.Range(0, 700).Select(_ => (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-3, 4)))];
        NpyFile.Write<double>(_folder.File("x.npy"), rows, 100, 7);
        NpyFile.Write<float>(_folder.File("f.npy"), [.. rows.Select(x => (float)x)], 100, 7);
        Numpy.Run(
            """
            import numpy as np
            x, f = np.load('x.npy'), np.load('f.npy')
            np.save('max.npy', x / np.amax(x, axis=0))
            np.save('fmax.npy', f / np.amax(f, axis=0))
            np.save('255.npy', f / np.float32(255))
            np.save('minmax.npy', (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0)))
            np.save('standard.npy', (x - x.mean(axis=0)) / x.std(axis=0))
            """,
            _folder.Path);
        Assert.Equal(Expected<double>("max.npy"), Apply(Scaler<double>.ColumnMaximum(rows, 7), rows));
        Assert.Equal(Expected<double>("minmax.npy"), Apply(Scaler<double>.MinMax(rows, 7), rows));
        float[] floats = [.. rows.Select(x => (float)x)];
        Assert.Equal(Expected<float>("fmax.npy"), Apply(Scaler<float>.ColumnMaximum(floats, 7), floats));
        Assert.Equal(Expected<float>("255.npy"), Apply(Scaler<float>.Constant(255, 7), floats));

        // numpy sums pairwise, so means and deviations agree to rounding: 100 terms, each step ε/2.
        double[] standard = Apply(Scaler<double>.Standard(rows, 7), rows);
        double[] expected = Expected<double>("standard.npy");
        double tolerance = 100 * (double.BitIncrement(1) - 1);
        for (int i = 0; i < standard.Length; i++)
        {
            Assert.InRange(Math.Abs(standard[i] - expected[i]), 0, tolerance * (1 + Math.Abs(expected[i])));
        }
    }

    [Fact]
    public void A_column_that_would_be_divided_by_zero_is_divided_by_one()
    {
        double[] rows = [0, 5, -1, 0, 5, -0.0];
        Assert.Equal([1, 5, 1], Scaler<double>.ColumnMaximum(rows, 3).Divisors.ToArray());
        Assert.Equal([1, 1, 1], Scaler<double>.MinMax(rows, 3).Divisors.ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 1], Apply(Scaler<double>.MinMax(rows, 3), rows));
        double[] tenths = [.. Enumerable.Repeat(0.1, 10)];
        Scaler<double> standard = Scaler<double>.Standard(tenths, 1);
        Assert.Equal(1, standard.Divisors[0]);
        Assert.Equal(new double[10], Apply(standard, tenths));
        Assert.Equal([1, 2], Scaler<double>.Standard([1, 0, 3, 4], 2).Divisors.ToArray());
    }

    [Fact]
    public void Calls_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Scaler<double>.ColumnMaximum([], 2));
        Assert.Throws<ArgumentException>(() => Scaler<double>.MinMax([1, 2, 3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scaler<double>.Standard([1, 2, 3], 0));
        Assert.Contains("row 1, column 1", Assert.Throws<ArgumentException>(
            () => Scaler<double>.ColumnMaximum([1, 2, 3, double.NaN], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("column 0", Assert.Throws<ArgumentException>(
            () => Scaler<double>.MinMax([double.MaxValue, -double.MaxValue], 1)).Message, StringComparison.Ordinal);
        foreach (double divisor in new[] { 0, -0.0, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Scaler<double>.Constant(divisor, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Scaler<float>.Constant(1e-60, 1));
        Scaler<double> scaler = Scaler<double>.Constant(2, 2);
        double[] memory = new double[8];
        Assert.Throws<ArgumentException>(() => scaler.Transform(memory.AsSpan(0, 3), memory.AsSpan(0, 3)));
        Assert.Throws<ArgumentException>(() => scaler.Transform(memory.AsSpan(0, 4), memory.AsSpan(4, 2)));
        Assert.Throws<ArgumentException>(() => scaler.Transform(memory.AsSpan(0, 4), memory.AsSpan(2, 4)));
        Assert.Throws<ArgumentException>(() => scaler.Inverse(memory.AsSpan(2, 4), memory.AsSpan(0, 4)));
        Assert.Throws<InvalidOperationException>(() => Scaler<double>.Constant(1e300, 1).To<float>());
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        Dataset<float> digits = Dataset.Digits<float>();
        Scaler<float> scaler = Scaler<float>.Standard(digits.Inputs.Span, digits.Features);
        float[] values = digits.Inputs.ToArray();
        scaler.Transform(values, values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        scaler.Inverse(values, values);
        scaler.Transform(values, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Text_brings_every_bit_back()
    {
        Random random = new(6);
        for (int round = 0; round < 500; round++)
        {
            double[] wide = [.. Enumerable.Range(0, 6).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Select(x => double.IsFinite(x) ? x / 4 : 1)];
            float[] narrow = [.. Enumerable.Range(0, 6).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Select(x => float.IsFinite(x) ? x / 4 : 1)];
            Same(Scaler<double>.MinMax(wide, 3), s => Scaler<double>.FromJson(s.ToJson()));
            Same(Scaler<float>.MinMax(narrow, 3), s => Scaler<float>.FromJson(s.ToJson()));
            Same(Scaler<float>.ColumnMaximum(narrow, 2), s => s.To<double>().To<float>());
        }

        Assert.Equal("""{"kind":"divide","offsets":[0],"divisors":[255]}""", Scaler<float>.Constant(255, 1).ToJson());

        static void Same<T>(Scaler<T> scaler, Func<Scaler<T>, Scaler<T>> roundTrip)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Scaler<T> back = roundTrip(scaler);
            Assert.Equal(scaler.Kind, back.Kind);
            Assert.True(MemoryMarshal.AsBytes(scaler.Offsets).SequenceEqual(MemoryMarshal.AsBytes(back.Offsets)));
            Assert.True(MemoryMarshal.AsBytes(scaler.Divisors).SequenceEqual(MemoryMarshal.AsBytes(back.Divisors)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"max","offsets":[0]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1,2]}""")]
    [InlineData("""{"kind":"max","offsets":[],"divisors":[]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[0]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[-0.0]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1e400]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1e-400]}""")]
    [InlineData("""{"kind":"max","offsets":["0"],"divisors":[1]}""")]
    [InlineData("""{"kind":"max","offsets":[NaN],"divisors":[1]}""")]
    [InlineData("""{"kind":"max","offsets":[[0]],"divisors":[1]}""")]
    [InlineData("""{"kind":"other","offsets":[0],"divisors":[1]}""")]
    [InlineData("""{"kind":1,"offsets":[0],"divisors":[1]}""")]
    [InlineData("""{"kind":"max","kind":"max","offsets":[0],"divisors":[1]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1],"divisors":[1]}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1],"more":1}""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1]} x""")]
    [InlineData("""{"kind":"max","offsets":[0],"divisors":[1]""")]
    [InlineData("""{"kind":"\uD800","offsets":[0],"divisors":[1]}""")]
    [InlineData("""{"\uD800":"max","offsets":[0],"divisors":[1]}""")]
    public void Other_text_is_refused(string json) => Assert.Throws<SimdNetFormatException>(() => Scaler<double>.FromJson(json));

    private T[] Expected<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => NpyFile.Read(_folder.File(name)).ToArray<T>();

    private static T[] Apply<T>(Scaler<T> scaler, T[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] result = new T[rows.Length];
        scaler.Transform(rows, result);
        return result;
    }
}

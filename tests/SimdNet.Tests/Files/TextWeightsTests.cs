using System;
using System.IO;
using System.Text;

using SimdNet.Files;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

public sealed class TextWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-120.0, "-120.0")]
    [InlineData(1.6243453636632417, "1.6243453636632417")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(123456789012345.6, "123456789012345.6")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.25e+100, "1.25e+100")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Doubles_have_Pythons_form(double value, string expected)
    {
        Assert.Equal(expected, Format(value));
        Assert.True(NumpyText.TryParse(Encoding.ASCII.GetBytes(expected), out double back));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : back));
    }

    [Fact]
    public void Any_bits_come_back()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            double wide = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            float narrow = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            Assert.True(NumpyText.TryParse(Encoding.ASCII.GetBytes(Format(wide)), out double wideBack));
            Assert.True(NumpyText.TryParse(Encoding.ASCII.GetBytes(Format(narrow)), out float narrowBack));
            Assert.True(double.IsNaN(wide) ? double.IsNaN(wideBack) : BitConverter.DoubleToInt64Bits(wide) == BitConverter.DoubleToInt64Bits(wideBack));
            Assert.True(float.IsNaN(narrow) ? float.IsNaN(narrowBack) : BitConverter.SingleToInt32Bits(narrow) == BitConverter.SingleToInt32Bits(narrowBack));
        }
    }

    [NumpyFact]
    public void The_file_is_the_one_that_numpy_writes_and_reads()
    {
        Numpy.Run(
            """
            import numpy as np
            r = np.random.RandomState(3)
            for t, b in ((np.float64, np.int64), (np.float32, np.int32)):
                i = np.iinfo(b)
                bits = np.frombuffer(r.bytes(3000 * np.dtype(t).itemsize), t)
                a = np.concatenate([np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-4, 1e-5, 1e15, 1e16, 0.1, 12345678.0], t),
                                    bits, r.standard_normal(1989).astype(t)]).reshape(-1, 4)
                a = np.where(np.isnan(a), np.array(np.nan, t), a)
                np.save(np.dtype(t).name + '.npy', a)
                np.savetxt(np.dtype(t).name + '.txt', a, fmt='%s')
                np.savetxt(np.dtype(t).name + '.18e.txt', a)
            """,
            _folder.Path);
        NpyArray wide = NpyFile.Read(_folder.File("float64.npy"));
        NpyArray narrow = NpyFile.Read(_folder.File("float32.npy"));
        TextWeights.Write<double>(_folder.File("d.txt"), wide.ToArray<double>(), 4);
        TextWeights.Write<float>(_folder.File("f.txt"), narrow.ToArray<float>(), 4);
        Assert.Equal(File.ReadAllText(_folder.File("float64.txt")), File.ReadAllText(_folder.File("d.txt")));
        Assert.Equal(File.ReadAllText(_folder.File("float32.txt")), File.ReadAllText(_folder.File("f.txt")));
        foreach (string name in new[] { "float64.txt", "float64.18e.txt" })
        {
            (double[] values, int rows, int columns) = TextWeights.Read<double>(_folder.File(name));
            Assert.Equal((wide.Shape[0], 4), (rows, columns));
            Assert.Equal(wide.ToArray<double>(), values);
        }

        string output = Numpy.Run(
            "import numpy as np; a = np.loadtxt('d.txt'); b = np.load('float64.npy'); print(np.array_equal(a, b, equal_nan=True), np.array_equal(np.signbit(a), np.signbit(b)))",
            _folder.Path);
        Assert.Equal("True True", output.Trim());
    }

    [Theory]
    [InlineData("1 2\n3 4\n", 2, 2)]
    [InlineData("1 2\r\n3 4", 2, 2)]
    [InlineData("1\t 2\r3 4\r", 2, 2)]
    [InlineData("# heading\n\n 1  2 # remark\n   \n3 4 #\n", 2, 2)]
    [InlineData("\uFEFF1.0e0 2.0E+00\n+3 4.\n", 2, 2)]
    [InlineData("1 2 3 4", 1, 4)]
    [InlineData("1.000000000000000000e+00\n2.000000000000000000e+00\n3\n4\n", 4, 1)]
    public void Text_is_read_as_loadtxt_reads_it(string text, int rows, int columns)
    {
        (double[] values, int rowsRead, int columnsRead) = TextWeights.Read<double>(_folder.Text("a.txt", text));
        Assert.Equal([1.0, 2, 3, 4], values);
        Assert.Equal((rows, columns), (rowsRead, columnsRead));
    }

    [Theory]
    [InlineData("", "no number")]
    [InlineData("# nothing\n\n", "no number")]
    [InlineData("1 2\n3\n", "line 2 has 1 numbers")]
    [InlineData("1 2\n\n# c\n3 4 5\n", "line 4 has 3 numbers")]
    [InlineData("1,5 2\n", "line 1: '1,5'")]
    [InlineData("1 2\n3 x\n", "line 2: 'x'")]
    [InlineData("1e999\n", "line 1: '1e999'")]
    [InlineData("1_000\n", "line 1: '1_000'")]
    [InlineData("0x10\n", "line 1: '0x10'")]
    [InlineData("∞\n", "line 1: ")]
    [InlineData("--1\n", "line 1: '--1'")]
    [InlineData("- 1\n", "line 1: '-'")]
    [InlineData(".\n", "line 1: '.'")]
    [InlineData("1e\n", "line 1: '1e'")]
    [InlineData("infinit\n", "line 1: 'infinit'")]
    [InlineData("1\0\n", "line 1: '1?'")]
    [InlineData("1\u001b[2J\n", "line 1: '1?[2J'")]
    public void Other_text_is_refused_by_line(string text, string expected)
    {
        string path = _folder.Text("a.txt", text);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => TextWeights.Read<double>(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_beyond_float_is_refused_for_float_only()
    {
        string path = _folder.Text("a.txt", "1e39");
        Assert.Equal([1e39], TextWeights.Read<double>(path).Values);
        Assert.Contains("Single", Assert.Throws<SimdNetFormatException>(() => TextWeights.Read<float>(path)).Message, StringComparison.Ordinal);
    }

    private static string Format<T>(T value)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Span<byte> text = stackalloc byte[NumpyText.MaxLength];
        return Encoding.ASCII.GetString(text[..NumpyText.Format(value, text)]);
    }
}

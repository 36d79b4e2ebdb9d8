using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Interop;

public sealed class CsvFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Dataset<double> Read(string text, CsvOptions? options = null) => CsvFile.Read<double>(_folder.Text("a.csv", text), options);

    [Fact]
    public void Whole_numbers_are_class_labels()
    {
        Dataset<double> data = Read("x,y,label\n1,2.5,0\n-3,4e1,2\n");
        Assert.Equal([1, 2.5, -3, 40], data.Inputs.ToArray());
        Assert.Equal([0, 2], data.Labels.ToArray());
        Assert.Equal(["x", "y"], data.FeatureNames!);
        Assert.Null(data.ClassNames);
        Assert.Equal((2, 2, 3), (data.Rows, data.Features, data.ClassCount));
    }

    [Theory]
    [InlineData("0.5", "1", 0.5, 1)]
    [InlineData("-1", "1", -1, 1)]
    [InlineData("3000000000", "7", 3e9, 7)]
    [InlineData("1.0", "2.0", 1, 2)]
    [InlineData("1e-300", " 2 ", 1e-300, 2)]
    public void Other_numbers_are_a_target(string first, string second, double firstValue, double secondValue)
    {
        Dataset<double> data = Read($"x,y\n1,{first}\n2,{second}\n");
        Assert.Equal([firstValue, secondValue], data.Targets.ToArray());
        Assert.False(data.HasLabels);
    }

    [Fact]
    public void Text_names_classes_in_ordinal_order()
    {
        Dataset<double> data = Read("x,kind\n1,setosa\n2, virginica \n3,Virginica\n4,\"a, b\"\n5,setosa\n");
        Assert.Equal(["Virginica", "a, b", "setosa", "virginica"], data.ClassNames!);
        Assert.Equal([2, 3, 0, 1, 2], data.Labels.ToArray());
    }

    [Fact]
    public void How_labels_are_understood_can_be_said()
    {
        Assert.Equal([92, 86], Read("a,y\n1,92\n2,86\n", new CsvOptions { Labels = CsvLabels.Numbers }).Targets.ToArray());
        Dataset<double> signs = Read("a,y\n1,-1\n2,1\n3,-1\n", new CsvOptions { Labels = CsvLabels.Classes });
        Assert.Equal(["-1", "1"], signs.ClassNames!);
        Assert.Equal([0, 1, 0], signs.Labels.ToArray());
        Dataset<double> mixed = Read("a,y\n1,3\n2,c\n", new CsvOptions { Labels = CsvLabels.Classes });
        Assert.Equal(["3", "c"], mixed.ClassNames!);
    }

    [Fact]
    public void Labels_map_to_given_classes()
    {
        CsvOptions options = new() { ClassNames = ["versicolor", "setosa", "virginica"] };
        Dataset<double> data = Read("x,kind\n1,setosa\n2,versicolor\n", options);
        Assert.Equal([1, 0], data.Labels.ToArray());
        Assert.Equal(options.ClassNames, data.ClassNames!);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Read("x,kind\n1,setosa\n2,rose\n", options));
        Assert.Contains("line 3, column 'kind': 'rose'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Read("x,kind\n1,a\n", new CsvOptions { ClassNames = ["a", "a"] }));
    }

    [Theory]
    [InlineData("y", new[] { 1.0, 3, 4, 6 }, new[] { 2, 5 })]
    [InlineData("0", new[] { 2.0, 3, 5, 6 }, new[] { 1, 4 })]
    [InlineData("1", new[] { 1.0, 2, 4, 5 }, new[] { 3, 6 })] // a column is named 1: a name wins over a number
    [InlineData(null, new[] { 1.0, 2, 4, 5 }, new[] { 3, 6 })]
    public void The_label_column_is_found_by_name_or_number(string? column, double[] inputs, int[] labels)
    {
        Dataset<double> data = Read("x,y,1\n1,2,3\n4,5,6\n", new CsvOptions { LabelColumn = column });
        Assert.Equal(inputs, data.Inputs.ToArray());
        Assert.Equal(labels, data.Labels.ToArray());
    }

    [Theory]
    [InlineData("\uFEFFx,y\n1,2\n")]
    [InlineData("x,y\r\n1,2\r\n")]
    [InlineData("x,y\r1,2\r")]
    [InlineData("\n x , y \n\n\"1\",\"2\"\n\n   \n")]
    [InlineData("\"x\",\"y\"\n1,2")]
    [InlineData("#x,y\n1,2")]
    public void Variants_of_the_format_are_read(string text)
    {
        Dataset<double> data = Read(text);
        Assert.Equal([1.0], data.Inputs.ToArray());
        Assert.Equal([2], data.Labels.ToArray());
    }

    [Fact]
    public void A_file_without_header_and_another_delimiter_are_read_when_said()
    {
        Dataset<double> data = Read("1;2;3\n4;5;6\n", new CsvOptions { HasHeader = false, Delimiter = ';', LabelColumn = "0" });
        Assert.Equal([2.0, 3, 5, 6], data.Inputs.ToArray());
        Assert.Equal([1, 4], data.Labels.ToArray());
        Assert.Null(data.FeatureNames);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData("\uFEFF", "empty")]
    [InlineData("x,y\n", "header and no rows")]
    [InlineData("x\n1\n", "one column")]
    [InlineData("x;y\n1;2\n", "another")]
    [InlineData("1,2\n3,4\n", "line 1 holds only numbers")]
    [InlineData("x,x,y\n1,2,3\n", "'x' twice")]
    [InlineData(",,y\n1,2,3\n", "'' twice")]
    [InlineData("x,y\n1,2\n3\n", "line 3 has 1 fields")]
    [InlineData("x,y\n1,2\n\n3,4,5\n", "line 4 has 3 fields")]
    [InlineData("x,y,z\n1,\"2\n!\",3\n", "line 2, column 'y': '2?!'")]
    [InlineData("x,\"y\nz\"\n1,2\n3\n", "line 4 has 1 fields")]
    [InlineData("x,y\n\"1,5\",2\n", "line 2, column 'x': '1,5'")]
    [InlineData("x,y\nabc,2\n", "line 2, column 'x': 'abc'")]
    [InlineData("x,y\n1 000,2\n", "line 2, column 'x': '1 000'")]
    [InlineData("x,y\n0x10,2\n", "line 2, column 'x': '0x10'")]
    [InlineData("x,y\n(1),2\n", "line 2, column 'x': '(1)'")]
    [InlineData("x,y\n$1,2\n", "line 2, column 'x': '$1'")]
    [InlineData("x,y\n٣,2\n", "line 2, column 'x': '٣'")]
    [InlineData("x,y\n,2\n", "line 2, column 'x': the value is missing")]
    [InlineData("x,y\n  ,2\n", "line 2, column 'x': the value is missing")]
    [InlineData("x,y\n1,\n", "line 2, column 'y': the value is missing")]
    [InlineData("x,y\nNaN,2\n", "line 2, column 'x': 'NaN' is not finite")]
    [InlineData("x,y\nInfinity,2\n", "not finite")]
    [InlineData("x,y\n1e309,2\n", "line 2, column 'x': '1e309' is not finite, or too large")]
    [InlineData("x,y\n1,1e309\n2,0.5\n", "line 2, column 'y': '1e309' is not finite, or too large")]
    [InlineData("x,y\n1,3\n2,4O\n", "line 3, column 'y': '4O' is no number")]
    [InlineData("x,y\n1\0,2\n", "line 2, column 'x'")]
    [InlineData("x,y\n1,2\0\n", "line 2, column 'y'")]
    [InlineData("x,y\n1,\"2\n", "line 2 is no CSV")]
    [InlineData("x,y\n1,\"2\"3\n", "line 2 is no CSV")]
    [InlineData("x,y\n1\u001b[31m,2\n", "'1?[31m'")]
    public void Anything_else_is_refused_by_line_and_column(string text, string expected)
    {
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Read(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.File("a.csv"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Contains("no column 'z'", Assert.Throws<SimdNetFormatException>(
            () => Read("x,y\n1,2\n", new CsvOptions { LabelColumn = "z" })).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 1", Assert.Throws<SimdNetFormatException>(
            () => Read("1,2\n", new CsvOptions { HasHeader = false, LabelColumn = "2" })).Message, StringComparison.Ordinal);
        Assert.Contains("--no-header", Assert.Throws<SimdNetFormatException>(() => Read("5.1,3.5,setosa\n4.9,3,setosa\n")).Message, StringComparison.Ordinal);
        Assert.Equal(["0", "1"], Read("0,1,kind\n4.9,3,setosa\n").FeatureNames);
        Assert.Contains("HasHeader = true", Assert.Throws<SimdNetFormatException>(
            () => Read("x,y\n1,2\n", new CsvOptions { HasHeader = false })).Message, StringComparison.Ordinal);
        Assert.Contains("numbers were asked for", Assert.Throws<SimdNetFormatException>(
            () => Read("x,y\n1,a\n", new CsvOptions { Labels = CsvLabels.Numbers })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Read("x,y\n1,2\n", new CsvOptions { NoLabel = true }));
        Assert.Throws<FileNotFoundException>(() => CsvFile.Read<float>(_folder.File("none.csv")));
    }

    /// <summary>1.5 would be two numbers, without a word.</summary>
    [Fact]
    public void A_delimiter_that_may_stand_in_a_field_is_refused()
    {
        foreach (char delimiter in ".+-7eE\"\n\r\0§\uD800")
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => new CsvOptions { Delimiter = delimiter });
            Assert.Contains($"U+{(int)delimiter:X4} cannot stand between fields", error.Message, StringComparison.Ordinal);
        }

        // The control: those that files have.
        foreach (char delimiter in ",;\t|")
        {
            Assert.Equal([1.5, 4], Read($"a{delimiter}y\n1.5{delimiter}2\n4{delimiter}0\n", new CsvOptions { Delimiter = delimiter }).Inputs.ToArray());
        }
    }

    [Fact]
    public void A_value_beyond_float_is_refused_for_float_only()
    {
        string path = _folder.Text("a.csv", "x,y\n1e39,0\n");
        Assert.Equal([1e39], CsvFile.Read<double>(path).Inputs.ToArray());
        Assert.Contains("Single", Assert.Throws<SimdNetFormatException>(() => CsvFile.Read<float>(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'x', 0, (byte)',', 0 })]
    [InlineData(new byte[] { (byte)'x', (byte)',', (byte)'y', (byte)'\n', (byte)'1', (byte)',', 0xC3, (byte)'\n' })]
    public void What_is_no_UTF8_says_so(byte[] bytes)
    {
        string path = _folder.File("a.csv", bytes);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => CsvFile.Read<float>(path));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_end_does_not_grow_without_end()
    {
        byte[] bytes = new byte[20_000_000];
        bytes.AsSpan().Fill((byte)'1');
        string path = _folder.File("a.csv", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => CsvFile.Read<float>(path));
        Assert.Contains("characters", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void Inputs_are_read_with_or_without_a_label()
    {
        string three = _folder.Text("3.csv", "a,b,c\n1,2,x\n3,4,y\n");
        CsvInputs<float> inputs = CsvFile.ReadInputs<float>(three, 2);
        Assert.Equal([1f, 2, 3, 4], inputs.Values.ToArray());
        Assert.Equal(["a", "b"], inputs.ColumnNames!);
        Assert.Equal((2, 2), (inputs.Rows, inputs.Columns));

        string two = _folder.Text("2.csv", "1,2\n3,4\n");
        Assert.Equal([1f, 2, 3, 4], CsvFile.ReadInputs<float>(two, 2, new CsvOptions { HasHeader = false }).Values.ToArray());
        Assert.Equal([2f, 4], CsvFile.ReadInputs<float>(two, 1, new CsvOptions { HasHeader = false, LabelColumn = "0" }).Values.ToArray());
        Assert.Contains("2 columns where 4 inputs", Assert.Throws<SimdNetFormatException>(
            () => CsvFile.ReadInputs<float>(two, 4, new CsvOptions { HasHeader = false })).Message, StringComparison.Ordinal);
        Assert.Contains("2 columns where 1 inputs are", Assert.Throws<SimdNetFormatException>(
            () => CsvFile.ReadInputs<float>(two, 1, new CsvOptions { HasHeader = false, NoLabel = true })).Message, StringComparison.Ordinal);
        Assert.Equal(4, CsvFile.ReadInputs<float>(_folder.Text("1.csv", "a\n1\n\n2\n3\n4\n"), 1).Rows);
    }

    [Fact]
    public void The_widest_row_is_read_in_bounded_memory_and_one_field_more_is_refused()
    {
        const int MaxColumns = 17_000;
        string path = _folder.Text("wide.csv", Row(MaxColumns) + Row(MaxColumns));
        CsvOptions options = new() { HasHeader = false };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(MaxColumns - 1, CsvFile.Read<float>(path, options).Features);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L << 20) + (2 * new FileInfo(path).Length));
        Assert.Contains("line 2 has more than", Assert.Throws<SimdNetFormatException>(() => CsvFile.Read<float>(_folder.Text("wider.csv", Row(2) + Row(MaxColumns + 1)), options)).Message, StringComparison.Ordinal);

        static string Row(int columns) => string.Join(',', Enumerable.Range(0, columns).Select(i => i % 10)) + "\n";
    }

    /// <summary>Rows end where the reader ends them: else the fields of many rows would be counted together, and refused.</summary>
    [Theory]
    [InlineData("1,x\"\n2,y\n")]
    [InlineData("1,\"x\ny\"\n2,y\n")]
    [InlineData("1,\"\"\"\n\"\"\"\n2,y\n")]
    [InlineData("\"1\",\"x,\"\r\n\"2\",y\r\n")]
    [InlineData("1,x\"\"\n2,\"y\"\n")]
    [InlineData("1,x\r\n2,y\r\n")]
    public void The_fields_of_rows_with_quotation_marks_are_counted_row_by_row(string rows) =>
        Assert.Equal(40_000, CsvFile.Read<float>(_folder.Text("rows.csv", "a,y\n" + string.Concat(Enumerable.Repeat(rows, 20_000)))).Rows);

    /// <summary>Lines of old: each row ends as the first does.</summary>
    [Theory]
    [InlineData("1,x\r2,y\r")]
    [InlineData("1,\"x\ry\"\r2,\"a,\nb\"\r")]
    public void Rows_may_end_in_a_carriage_return(string rows) =>
        Assert.Equal(40_000, CsvFile.Read<float>(_folder.Text("rows.csv", "a,y\r" + string.Concat(Enumerable.Repeat(rows, 20_000)))).Rows);

    [Fact]
    public void Predictions_come_back()
    {
        string path = _folder.File("p.csv");
        CsvFile.WritePredictions<float>(path, [0.1f, 1e-30f, -2, 3], 2, ["p, first", "q\"x"], ["a,b", " c"]);
        Assert.Equal("class,\"p, first\",\"q\"\"x\"\n\"a,b\",0.1,1E-30\n\" c\",-2,3\n", File.ReadAllText(path));
        Dataset<float> back = CsvFile.Read<float>(path, new CsvOptions { LabelColumn = "class" });
        Assert.Equal([0.1f, 1e-30f, -2, 3], back.Inputs.ToArray());
        CsvFile.WritePredictions<double>(path, [1.5, 2], 1);
        Assert.Equal("output0\n1.5\n2\n", File.ReadAllText(path));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 2, ["a"]));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 2, null, ["a", "b"]));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 2, ["a", null!]));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 1, null, ["a", null!]));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 2, ["a", "\uD800"]));
        Assert.Throws<ArgumentException>(() => CsvFile.WritePredictions<double>(path, [1, 2], 1, null, ["a", "\uD800"]));
        Assert.Equal("output0\n1.5\n2\n", File.ReadAllText(path));
    }

    [Fact]
    public void Any_values_come_back_bit_for_bit()
    {
        Random random = new(5);
        double[] values = [.. Enumerable.Range(0, 6000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite)];
        values = values[..(values.Length / 3 * 3)];
        StringBuilder text = new("a,b,c\n");
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(values[i].ToString("R", CultureInfo.InvariantCulture)).Append(i % 3 == 2 ? '\n' : ',');
        }

        Dataset<double> data = Read(text.ToString());
        for (int i = 0; i < values.Length; i++)
        {
            double back = i % 3 == 2 ? data.Targets.Span[i / 3] : data.Inputs.Span[(i / 3 * 2) + (i % 3)];
            Assert.Equal(BitConverter.DoubleToInt64Bits(values[i]), BitConverter.DoubleToInt64Bits(back));
        }
    }
}

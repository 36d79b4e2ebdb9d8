using System;
using System.IO;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Text by the options of numpy's savetxt and loadtxt.</summary>
public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2\n3,4\n", ',', "#", 0)]
    [InlineData(" 1 , 2 # remark\n\n#\n3,\t4", ',', "#", 0)]
    [InlineData("1;2\r\n3;4\r\n", ';', "#", 0)]
    [InlineData("1\t2\n3\t4\n", '\t', "#", 0)]
    [InlineData("1 2\n3 4\n", ' ', "#", 0)]
    [InlineData("a,b\n1,2\n3,4\n", ',', "#", 1)]
    [InlineData("# c\n\nx y\n1 2\n3 4", null, "#", 3)]
    [InlineData("% c\n1 2 % d\n3 4", null, "%", 0)]
    [InlineData("// c\n1 2 // d\n3 4", null, "//", 0)]
    [InlineData("1 2\n3 4\n", null, null, 0)]
    public void Layouts_are_read(string text, char? delimiter, string? comments, int skip)
    {
        NpyArray array = TextFile.Read<double>(_folder.Text("a.txt", text), new() { Delimiter = delimiter, Comments = comments, SkipRows = skip });
        Assert.Equal([2, 2], array.Shape.ToArray());
        Assert.Equal([1.0, 2, 3, 4], array.ToArray<double>());
    }

    [Theory]
    [InlineData("1,2\n3\n", ',', "#", 0, "line 2 has 1 numbers")]
    [InlineData("1,,2\n", ',', "#", 0, "line 1: '' is no number")]
    [InlineData("1,2,\n", ',', "#", 0, "line 1: '' is no number")]
    [InlineData("1 2,3\n", ',', "#", 0, "line 1: '1 2' is no number that Double holds; ',' stands between")]
    [InlineData("1;2\n", ',', "#", 0, "'1;2'")]
    [InlineData("1,5\n", null, "#", 0, "'1,5'")]
    [InlineData("1 2 # x\n", null, null, 0, "'#'")]
    [InlineData("a\nb\n1\n", null, "#", 1, "line 2: 'b'")]
    [InlineData("1 2\n", null, "#", 1, "no number")]
    [InlineData("1,5;2\n", ';', "#", 0, "'1,5'")]
    public void What_does_not_fit_is_refused_by_line(string text, char? delimiter, string? comments, int skip, string expected)
    {
        string path = _folder.Text("a.txt", text);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => TextFile.Read<double>(path, new() { Delimiter = delimiter, Comments = comments, SkipRows = skip }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layouts_are_written()
    {
        string path = _folder.File("a.txt");
        TextFile.Write<double>(path, [1, 0.5, -0.0, 1e-7], 2);
        Assert.Equal("1.0 0.5\n-0.0 1e-07\n", File.ReadAllText(path));
        TextFile.Write<double>(path, [1, 0.5, -0.0, 1e-7], 2, new() { Delimiter = ',', Header = "a,b\r\nc" });
        Assert.Equal("# a,b\n# c\n1.0,0.5\n-0.0,1e-07\n", File.ReadAllText(path));
        TextFile.Write<float>(path, [1, 2], 2, new() { Comments = "//", Header = "é" });
        Assert.Equal("// é\n1.0 2.0\n", File.ReadAllText(path));
        TextFile.Write<float>(path, [1, 2], 2, new() { Comments = null });
        Assert.Equal("1.0 2.0\n", File.ReadAllText(path));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.All("0e+-.\n\rxN\0é", character => Assert.Throws<ArgumentException>(() => new TextOptions { Delimiter = character }));
        Assert.Throws<ArgumentException>(() => new TextOptions { Comments = "" });
        Assert.Throws<ArgumentException>(() => new TextOptions { Comments = "a\nb" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextOptions { SkipRows = -1 });
        Assert.Throws<ArgumentException>(() => TextFile.Write<float>(_folder.File("a.txt"), [1], 1, new() { Comments = null, Header = "h" }));
        Assert.Throws<ArgumentException>(() => TextFile.Write<float>(_folder.File("a.txt"), [1, 2, 3], 2));

        // A comment would begin at the first number, or behind it.
        TextOptions[] ambiguous = [new() { Delimiter = '#' }, new() { Comments = " " }, new() { Comments = "-" }, new() { Comments = "nan" }, new() { Delimiter = ';', Comments = ";;" }, new() { Delimiter = ',', Comments = "0," }];
        Assert.All(ambiguous, options => Assert.Throws<ArgumentException>(() => TextFile.Write<float>(_folder.File("a.txt"), [1, 2], 2, options)));
        Assert.All(ambiguous, options => Assert.Throws<ArgumentException>(() => WeightFiles.SaveText(NetworkSpec.Parse("1,1").Build<float>(), _folder.Path, options)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        string path = _folder.Text("a.txt", "1 2\n");
        Assert.All(ambiguous, options => Assert.Throws<ArgumentException>(() => TextFile.Read<float>(path, options)));

        // The control: with a character of its own it may have any.
        Assert.Equal(2, TextFile.Read<float>(path, new() { Comments = "-- #" }).Length);
    }

    [NumpyFact]
    public void Numpy_agrees_on_every_option()
    {
        TextFile.Write<double>(_folder.File("w.txt"), [1.5, -2e-300, 3, double.NegativeInfinity], 2, new() { Delimiter = ',', Comments = "%", Header = "x,y\nz" });
        string output = Numpy.Run(
            """
            import numpy as np
            a = np.array([[1.5, -2e-300], [3, -np.inf]])
            assert np.array_equal(np.loadtxt('w.txt', delimiter=',', comments='%'), a)
            np.savetxt('s.txt', a, fmt='%s', delimiter=',', comments='% ', header='x,y\nz')
            print(open('s.txt').read() == open('w.txt').read())
            np.savetxt('n.txt', a, delimiter=' ; ', comments='// ', header='h', footer='end')
            np.savetxt('skip.txt', a, delimiter='\t', comments='', header='x\ty')
            """,
            _folder.Path);
        Assert.Equal("True", output.Trim());
        Assert.Equal([1.5, -2e-300, 3, double.NegativeInfinity], TextFile.Read<double>(_folder.File("n.txt"), new() { Delimiter = ';', Comments = "//" }).ToArray<double>());
        Assert.Equal([1.5, -2e-300, 3, double.NegativeInfinity], TextFile.Read<double>(_folder.File("skip.txt"), new() { SkipRows = 1 }).ToArray<double>());
    }
}

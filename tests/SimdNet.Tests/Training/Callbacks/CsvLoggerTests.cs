using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>The log of epochs as comma-separated values.</summary>
public sealed class CsvLoggerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    [Fact]
    public void A_line_an_epoch_is_there_when_the_epoch_is_over()
    {
        Scripted training = new(0.1, double.NaN, double.PositiveInfinity);
        List<int> lines = [];
        History history = training.Fit(new CsvLogger<float>(Log), new LambdaCallback<float> { EpochEnd = _ => lines.Add(Read().Length) });
        Assert.Equal([2, 3, 4], lines);
        string[] read = Read();
        Assert.Equal("epoch,loss,accuracy,scripted,learning_rate", read[0]);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            EpochResult result = history.Epochs[epoch - 1];
            Assert.Equal([epoch, result.Loss, result.Accuracy!.Value, training.Values[epoch - 1], 0.05], read[epoch].Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)));
        }

        training.Fit(new CsvLogger<float>(Log));
        Assert.Equal(4, Read().Length);
    }

    [Fact]
    public void Numbers_are_those_of_no_culture()
    {
        using (new CommaCulture())
        {
            new Scripted(0.5).Fit(new CsvLogger<float>(Log));
        }

        Assert.Contains(",0.5,", Read()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_can_be_added_to_those_of_before()
    {
        new Scripted(1, 2).Fit(new CsvLogger<float>(Log) { Append = true });
        new Scripted(3).Fit(new CsvLogger<float>(Log) { Append = true });
        Assert.Equal(["1", "2", "1"], Read().Skip(1).Select(line => line.Split(',')[0]));

        // A power failure has cut the last line.
        File.WriteAllText(Log, File.ReadAllText(Log)[..^5]);
        new Scripted(3).Fit(new CsvLogger<float>(Log) { Append = true });
        Assert.Equal(5, Read().Length);

        File.WriteAllText(Log, "something,else\n");
        Assert.Contains("first line", Assert.Throws<SimdNetFormatException>(() => new Scripted(3).Fit(new CsvLogger<float>(Log) { Append = true })).Message, StringComparison.Ordinal);
        Assert.Equal("something,else\n", File.ReadAllText(Log));
    }

    [Fact]
    public void A_value_that_an_epoch_lacks_leaves_its_field_empty()
    {
        new Scripted(1, 2).Fit(new LambdaCallback<float> { EpochEnd = context => { if (context.Epoch == 1) { context.Log("once", 7); } } }, new CsvLogger<float>(Log));
        Assert.EndsWith(",7,0.05", Read()[1], StringComparison.Ordinal);
        Assert.EndsWith(",,0.05", Read()[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_a_comma_is_one_field()
    {
        for (int training = 0; training < 2; training++)
        {
            new Scripted(1).Fit(new LambdaCallback<float> { EpochEnd = context => context.Log("share, \"top\"", 7) }, new CsvLogger<float>(Log) { Append = true });
        }

        Assert.EndsWith(",\"share, \"\"top\"\"\",learning_rate", Read()[0], StringComparison.Ordinal);
        Assert.Equal(3, Read().Length);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_before_the_first_step()
    {
        Scripted training = new(1);
        string before = training.Network.Fingerprint();
        Assert.ThrowsAny<IOException>(() => training.Fit(new CsvLogger<float>(_folder.File("no/log.csv"))));
        Assert.Equal(before, training.Network.Fingerprint());
    }

    public void Dispose() => _folder.Dispose();

    private string Log => _folder.File("log.csv");

    private string[] Read()
    {
        using FileStream file = new(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        string text = reader.ReadToEnd();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text.Split('\n')[..^1];
    }
}

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>evaluate, predict, inspect and export: what can be done with a model.</summary>
public sealed class ModelCommandTests(CliFiles files) : IClassFixture<CliFiles>
{
    [Theory]
    [InlineData("colours.safetensors names.csv", true, "precision,recall,f1")]
    [InlineData("colours.safetensors REVERSED.CSV --label-column colour", true, "precision,recall,f1")]
    [InlineData("binary.safetensors X.npy --labels binary.npy", true, "precision,recall,f1,roc_auc")]
    [InlineData("real.safetensors X.npy --labels real.npy", false, "mae,rmse,r2")]
    public void Evaluate_measures(string line, bool hasAccuracy, string metrics)
    {
        string[] arguments = ["evaluate", .. line.Split(' ')];
        JsonElement json = CliProcess.Succeed(files.Path, [.. arguments, "--json"]).Json(["rows", "loss", "accuracy", .. metrics.Split(',')]);
        Assert.Equal(CliFiles.Rows, json.GetProperty("rows").GetInt32());
        Assert.True(json.GetProperty("loss").GetDouble() >= 0);
        if (hasAccuracy)
        {
            Assert.True(json.GetProperty("accuracy").GetDouble() > 0.9);
        }
        else
        {
            Assert.Equal(JsonValueKind.Null, json.GetProperty("accuracy").ValueKind);
        }

        Assert.StartsWith("rows ", CliProcess.Succeed(files.Path, arguments).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inputs.csv")]
    [InlineData("names.csv")]
    [InlineData("REVERSED.CSV --label-column 0")]
    [InlineData("numbers.csv --no-header")]
    [InlineData("X.npy")]
    [InlineData("inputs.npz")]
    public void Predict_tells_classes_by_name(string data)
    {
        string[] arguments = ["predict", "colours.safetensors", .. data.Split(' ')];
        JsonElement json = CliProcess.Succeed(files.Path, [.. arguments, "--json"]).Json("rows", "outputs", "classes");
        string[] classes = CliProcess.Succeed(files.Path, [.. arguments, "--classes"]).OutputLines;
        Assert.Equal(CliFiles.Rows, json.GetProperty("rows").GetInt32());
        Assert.Equal(CliFiles.Rows, classes.Length);
        Assert.Equal(classes, json.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Empty(classes.Except(["red", "green", "blue"]));
        Assert.All(json.GetProperty("outputs").EnumerateArray(), row => Assert.Equal(1, row.EnumerateArray().Sum(value => value.GetDouble()), 5));
    }

    [Fact]
    public void Predict_prints_a_row_a_line_with_every_digit()
    {
        Network<float> network = ModelFile.Load<float>(files.File("colours.safetensors"));
        float[] inputs = NpyFile.Read(files.File("X.npy")).ToArray<float>();
        string[] lines = CliProcess.Succeed(files.Path, "predict", "colours.safetensors", "X.npy").OutputLines;
        Assert.Equal(CliFiles.Rows, lines.Length);
        Assert.Equal(network.Predict(inputs), lines.SelectMany(line => line.Split(',')).Select(value => float.Parse(value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("evaluate digits.safetensors digits --json")]
    [InlineData("predict digits.safetensors digits")]
    [InlineData("predict digits.safetensors digits --classes")]
    public void Threads_do_not_change_what_is_printed(string line)
    {
        using TemporaryFolder folder = new();
        CliProcess.Succeed(folder.Path, "train", "digits", "--layers", "300:relu,10:softmax", "--epochs", "1", "--output", "digits.safetensors");
        string[] arguments = line.Split(' ');
        string alone = CliProcess.Succeed(folder.Path, arguments).Output;
        Assert.All(["1", "2", "3"], threads => Assert.Equal(alone, CliProcess.Succeed(folder.Path, [.. arguments, "--threads", threads]).Output));

        // Negative control: another model.
        CliProcess.Succeed(folder.Path, "train", "digits", "--layers", "300:relu,10:softmax", "--epochs", "1", "--seed", "9", "--output", "digits.safetensors");
        Assert.NotEqual(alone, CliProcess.Succeed(folder.Path, [.. arguments, "--threads", "2"]).Output);
    }

    [Fact]
    public void Predict_writes_an_npy_of_outputs_or_of_classes()
    {
        CliResult result = CliProcess.Succeed(files.Path, "predict", "real.safetensors", "X.npy", "--output", "P.npy");
        Assert.Empty(result.Output);
        NpyArray outputs = NpyFile.Read(files.File("P.npy"));
        Assert.Equal(NpyElementType.Float64, outputs.Type);
        Assert.Equal([CliFiles.Rows, 3], outputs.Shape.ToArray());
        Assert.Equal(ModelFile.Load<double>(files.File("real.safetensors")).Predict(NpyFile.Read(files.File("X.npy")).ToArray<double>()), outputs.ToArray<double>());

        CliProcess.Succeed(files.Path, "predict", "binary.safetensors", "X.npy", "--output", "classes.npy", "--classes");
        Assert.Equal(NpyFile.Read(files.File("binary.npy")).ToLabels(), NpyFile.Read(files.File("classes.npy")).ToLabels());
    }

    [Fact]
    public void Predict_writes_a_csv_with_names()
    {
        CliProcess.Succeed(files.Path, "predict", "colours.safetensors", "X.npy", "--output", "P.csv", "--classes");
        string[] lines = File.ReadAllLines(files.File("P.csv"));
        Assert.Equal(CliFiles.Rows + 1, lines.Length);
        Assert.Equal("class,blue,green,red", lines[0]);
        CliProcess.Succeed(files.Path, "predict", "real.safetensors", "X.npy", "--output", "P.csv");
        Assert.Equal("output0,output1,output2", File.ReadLines(files.File("P.csv")).First());
    }

    [Fact]
    public void Predict_as_json_has_numbers_of_classes_or_null()
    {
        JsonElement binary = CliProcess.Succeed(files.Path, "predict", "binary.safetensors", "X.npy", "--json").Json("rows", "outputs", "classes");
        Assert.Equal(NpyFile.Read(files.File("binary.npy")).ToLabels(), binary.GetProperty("classes").EnumerateArray().Select(label => label.GetInt32()));
        JsonElement real = CliProcess.Succeed(files.Path, "predict", "real.safetensors", "X.npy", "--json").Json("rows", "outputs", "classes");
        Assert.Equal(JsonValueKind.Null, real.GetProperty("classes").ValueKind);
    }

    [Fact]
    public void Exam_scores_come_back_in_points()
    {
        CliProcess.Succeed(files.Path, "train", "exam", "--output", "exam.safetensors");
        double[] points = [.. CliProcess.Succeed(files.Path, "predict", "exam.safetensors", "exam").OutputLines.Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(Dataset.Exam<double>().Targets.ToArray(), points, (expected, actual) => Math.Abs(expected - actual) < 2);

        // Points are numbers: a sigmoid under them makes no classes.
        Assert.Equal(JsonValueKind.Null, CliProcess.Succeed(files.Path, "predict", "exam.safetensors", "exam", "--json").Json("rows", "outputs", "classes").GetProperty("classes").ValueKind);
        Assert.Contains("numbers, not classes", CliProcess.Run(files.Path, "predict", "exam.safetensors", "exam", "--classes").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_shows_what_a_model_is()
    {
        string text = CliProcess.Succeed(files.Path, "inspect", "colours.safetensors").Output;
        foreach (string part in (string[])["3,4:tanh,3:softmax", "float32", "minmax", "blue, green, red", "cross-entropy", "31"])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Export_writes_arrays_tensors_or_text()
    {
        Network<float> network = ModelFile.Load<float>(files.File("colours.safetensors"));
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "weights.npz");
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "weights.safetensors");
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "weights");
        Assert.Equal(["W1", "b1", "W2", "b2"], NpzFile.Read(files.File("weights.npz")).Keys);
        Assert.True(File.Exists(files.File("weights.safetensors")));
        Assert.Equal(["b1.txt", "b2.txt", "w1.txt", "w2.txt"], Directory.GetFiles(files.File("weights")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Network<float> fromText = network.Spec.Build<float>(1);
        Network<float> fromArrays = network.Spec.Build<float>(2);
        WeightFiles.LoadText(fromText, files.File("weights"));
        WeightFiles.LoadNpz(fromArrays, files.File("weights.npz"));
        foreach (ParameterInfo parameter in network.Parameters)
        {
            Assert.Equal(network.GetParameter(parameter.Name), fromText.GetParameter(parameter.Name));
            Assert.Equal(network.GetParameter(parameter.Name), fromArrays.GetParameter(parameter.Name));
        }
    }

    [Fact]
    public void Export_deflates_arrays_and_takes_a_delimiter_for_text()
    {
        Network<float> network = ModelFile.Load<float>(files.File("colours.safetensors"));
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "stored.npz");
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "deflated.npz", "--deflate");
        Assert.True(new FileInfo(files.File("deflated.npz")).Length < new FileInfo(files.File("stored.npz")).Length);
        Network<float> read = network.Spec.Build<float>(1);
        WeightFiles.LoadNpz(read, files.File("deflated.npz"));
        Assert.Equal(network.Fingerprint(), read.Fingerprint());
        foreach ((string word, char delimiter) in ((string, char)[])[(",", ','), ("tab", '\t')])
        {
            CliProcess.Succeed(files.Path, "export", "colours.safetensors", $"text {word}", "--delimiter", word);
            Assert.Contains(delimiter, File.ReadAllText(files.File($"text {word}/w1.txt")));
            read = network.Spec.Build<float>(1);
            WeightFiles.LoadText(read, files.File($"text {word}"), new() { Delimiter = delimiter });
            Assert.Equal(network.Fingerprint(), read.Fingerprint());
        }
    }

    [NumpyFact]
    public void Numpy_reads_what_is_exported()
    {
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "numpy.npz");
        CliProcess.Succeed(files.Path, "export", "colours.safetensors", "numpy");
        const string Script = "import numpy as np; z = np.load('numpy.npz'); print(all((np.loadtxt('numpy/%s.txt' % k.lower()).astype('f4') == z[k]).all() for k in z))";
        Assert.Equal("True", Numpy.Run(Script, files.Path).Trim());
    }

    /// <summary>Data and models are often the only copy.</summary>
    [Theory]
    [InlineData("predict colours.safetensors names.csv --output ./names.csv", "--output would replace names.csv, which is data")]
    [InlineData("predict colours.safetensors X.npy --output X.npy", "--output would replace X.npy, which is data")]
    [InlineData("export colours.safetensors ./colours.safetensors", "OUT would replace the model colours.safetensors")]
    [InlineData("train inputs.npz --layers 3:softmax --weights-out inputs.npz", "--weights-out would replace inputs.npz, which is data")]
    public void What_is_read_is_not_written_over(string line, string part) =>
        CliProcess.Run(files.Path, line.Split(' ')).AssertMistake(2, $"simdnet {line[..line.IndexOf(' ', StringComparison.Ordinal)]}", part);
}

using System;
using System.IO;

using SimdNet.Files;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>Files of somebody who means harm, in the hands of somebody who does not know: what the tool shows of them cannot steer a terminal, and what it writes takes the place of nothing that is read.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Hostile = "\u001b]0;owned\u0007\u001b[2J\u202ered\r\nloss                 0";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_in_a_model_cannot_steer_a_terminal()
    {
        Network<float> network = NetworkSpec.Input(1).Dense(1, Activation.Sigmoid).Build<float>();
        network.ClassNames = [Hostile, Hostile + "2"];
        network.Metadata[Hostile] = Hostile;
        network.Metadata["loss"] = "[red]" + Hostile;
        network.Save(_folder.File("m.safetensors"));
        _folder.Text("x.csv", "a,y\n1,0\n2,1\n");
        foreach (string arguments in (string[])["inspect m.safetensors", "predict m.safetensors x.csv", "predict m.safetensors x.csv --classes", "evaluate m.safetensors x.csv", "predict m.safetensors x.csv --json"])
        {
            CliResult result = CliProcess.Run(_folder.Path, arguments.Split(' '));
            Assert.DoesNotContain(result.Output + result.Error, character => (char.IsControl(character) && character != '\n') || character is '\u202e');
            Assert.InRange(result.ErrorLines.Length, 0, 1);
        }

        // A line for each row, whatever a class is called.
        Assert.Equal(2, CliProcess.Succeed(_folder.Path, "predict", "m.safetensors", "x.csv", "--classes").OutputLines.Length);
        Assert.Single(CliProcess.Succeed(_folder.Path, "inspect", "m.safetensors").OutputLines, line => line.StartsWith("loss ", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_of_tensors_cannot_either()
    {
        SafetensorsFile.Write(_folder.File("w.safetensors"), [NamedBlock.Create<float>(Hostile, [1], 1)]);
        string output = CliProcess.Succeed(_folder.Path, "inspect", "w.safetensors").Output;
        Assert.DoesNotContain(output, character => (char.IsControl(character) && character != '\n') || character is '\u202e');
        Assert.Contains("owned", Assert.Single(output.Split('\n'), line => line.StartsWith("F32 ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_is_not_replaced_through_a_link()
    {
        string text = "a,y\n1,0\n2,1\n";
        _folder.Text("x.csv", text);
        NetworkSpec.Input(1).Dense(1, Activation.Sigmoid).Build<float>().Save(_folder.File("m.safetensors"));
        byte[] model = File.ReadAllBytes(_folder.File("m.safetensors"));
        Directory.CreateSymbolicLink(_folder.File("here"), _folder.Path);
        File.CreateSymbolicLink(_folder.File("link.csv"), _folder.File("x.csv"));
        File.CreateSymbolicLink(_folder.File("link.safetensors"), _folder.File("m.safetensors"));
        CliProcess.Run(_folder.Path, "predict", "m.safetensors", "x.csv", "--output", "link.csv").AssertMistake(2, "simdnet predict", "would replace x.csv");
        CliProcess.Run(_folder.Path, "predict", "m.safetensors", "x.csv", "--output", "here/x.csv").AssertMistake(2, "simdnet predict", "would replace x.csv");
        CliProcess.Run(_folder.Path, "export", "m.safetensors", "link.safetensors").AssertMistake(2, "simdnet export", "would replace the model");
        Assert.Equal(text, File.ReadAllText(_folder.File("x.csv")));
        Assert.Equal(model, File.ReadAllBytes(_folder.File("m.safetensors")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }
}

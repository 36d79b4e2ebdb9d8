using System.CommandLine;

namespace SimdNet.Cli.Commands;

/// <summary>The argument MODEL.</summary>
internal sealed class ModelArgument(string description = "A .safetensors that 'simdnet train' or 'simdnet import' wrote.")
{
    public Argument<string> Argument { get; } = new("MODEL") { Description = description };

    /// <summary>The file, and which precision it is to be loaded in: the one it was trained in.</summary>
    public string Read(ParseResult parsed, out bool isDouble)
    {
        string path = parsed.GetRequiredValue(Argument);
        isDouble = ModelFile.ReadInfo(path).Precision == "float64";
        return path;
    }
}

using System.CommandLine;

namespace SimdNet.Cli.CommandLine;

/// <summary>A command with what its help shows below the options.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Lines about what the options do not say.</summary>
    public string[] Notes { get; init; } = [];

    /// <summary>Command lines that work as typed.</summary>
    public string[] Examples { get; init; } = [];
}

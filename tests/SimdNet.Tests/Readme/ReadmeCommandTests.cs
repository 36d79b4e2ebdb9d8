using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Cli;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Readme;

/// <summary>Every line of the README's shell blocks that calls the tool is run as it is written, by the build beside the tests, in the README's order and in one folder.</summary>
/// <remarks>Building, testing and publishing are left to those who run these tests; a line that names the tool by its project or by its published file is a line that calls it.</remarks>
public sealed partial class ReadmeCommandTests
{
    private static readonly string[] SetUp = ["dotnet test -c Release", "dotnet publish -c Release src/SimdNet.Cli -o tool"];

    private static readonly string[] Tool = ["dotnet run -c Release --project src/SimdNet.Cli -- ", "tool/simdnet ", "simdnet "];

    [Fact]
    public void Every_command_works_as_written()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder.File("X.npy"), [0, 0, 0, 1, 1, 0, 1, 1], 4, 2);
        NpyFile.Write<double>(folder.File("y.npy"), [0, 1, 1, 0], 4, 1);
        File.Copy(Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "import", "pytorch.npz"), folder.File("W.npz"));
        string[] lines = Commands(File.ReadAllText(Path.Combine(Repository.Root, "README.md")));
        Assert.True(lines.Length >= 7, "The README has commands.");
        foreach (string line in lines)
        {
            string[] arguments = Arguments(line);
            if (arguments.Length > 1 && Path.IsPathRooted(arguments[1]) && !Directory.Exists(arguments[1]))
            {
                // A data set that this machine has not.
                continue;
            }

            CliProcess.Succeed(folder.Path, arguments);
        }

        Assert.True(File.Exists(folder.File("digits.safetensors")) && Directory.Exists(folder.File("weights")), "The commands leave what the README says.");
    }

    /// <summary>Negative control: an option that the tool has not, and a line that is neither set-up nor the tool.</summary>
    [Fact]
    public void A_command_that_does_not_work_is_noticed()
    {
        using TemporaryFolder folder = new();
        string line = Assert.Single(Commands("```sh\nsimdnet train xor --epoch 3\n```\n"));
        Assert.NotEqual(0, CliProcess.Run(folder.Path, Arguments(line)).ExitCode);
        Assert.ThrowsAny<Exception>(() => Arguments("simdnett train xor"));
    }

    private static string[] Commands(string text) =>
        [.. ShellBlock().Matches(text).SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(line => !SetUp.Contains(line))];

    /// <summary>What stands behind the tool's name. The commands need no quotes.</summary>
    private static string[] Arguments(string line)
    {
        string name = Tool.FirstOrDefault(start => line.StartsWith(start, StringComparison.Ordinal)) ?? throw new InvalidOperationException($"'{line}' calls neither the tool nor a set-up command.");
        Assert.DoesNotContain('"', line);
        return line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>Commands that are printed to be pasted: a shell takes each of them as it stands.</summary>
public sealed partial class ExampleTests(CliFiles files) : IClassFixture<CliFiles>
{
    [BashFact]
    public void A_shell_takes_every_example_of_the_help()
    {
        string root = Help();
        string[] commands = [.. CommandName().Matches(Section(root, "Commands:")).Select(match => match.Groups[1].Value)];
        Assert.Contains("evaluate", commands);
        foreach (string help in commands.Select(command => Help(command)).Prepend(root))
        {
            string[] examples = [.. Section(help, "Examples:").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
            Assert.NotEmpty(examples);
            Assert.All(examples, AssertTaken);
        }
    }

    [BashFact]
    public void A_shell_takes_every_command_beside_a_result()
    {
        string[] commands = [.. Directory.GetFiles(Path.Combine(Repository.Root, "perf-results"), "*.md").SelectMany(File.ReadLines).Where(line => line.StartsWith("simdnet ", StringComparison.Ordinal))];
        Assert.NotEmpty(commands);
        Assert.All(commands, AssertTaken);
    }

    /// <summary>Negative control: parentheses are a shell's own.</summary>
    [BashFact]
    public void A_line_that_a_shell_refuses_is_noticed()
    {
        Assert.NotNull(Bash.Complaint("simdnet evaluate m.safetensors digits --metrics accuracy,top-k(3)"));
        Assert.Null(Bash.Complaint("simdnet evaluate m.safetensors digits --metrics 'accuracy,top-k(3)'"));
    }

    private string Help(params string[] command) => CliProcess.Succeed(files.Path, [.. command, "--help"]).Output;

    /// <summary>The lines below a title, up to an empty one.</summary>
    private static string Section(string help, string title)
    {
        int start = help.IndexOf($"{title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The help has no {title}");
        return help[(start + title.Length)..].TrimStart('\n').Split("\n\n")[0];
    }

    private static void AssertTaken(string line)
    {
        Assert.StartsWith("simdnet ", line, StringComparison.Ordinal);
        Assert.True(Bash.Complaint(line) is null, $"{line}: {Bash.Complaint(line)}");
    }

    [GeneratedRegex("^  ([a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex CommandName();
}

using System;
using System.Linq;
using System.Text.Json;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last line of standard output as a JSON object with exactly these keys in this order.</summary>
    public JsonElement Json(params string[] keys)
    {
        using JsonDocument document = JsonDocument.Parse(OutputLines[^1]);
        Assert.Equal(keys, document.RootElement.EnumerateObject().Select(property => property.Name));
        return document.RootElement.Clone();
    }

    /// <summary>The JSON of train.</summary>
    public JsonElement TrainJson() =>
        Json("epochs", "rows", "parameters", "loss", "accuracy", "test_loss", "test_accuracy", "fingerprint", "seconds", "samples_per_second");

    /// <summary>A mistake is told in one line on standard error, without a stack trace, and nothing else is printed.</summary>
    public void AssertMistake(int exitCode, string command, string part)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}: {Error}");
        Assert.Empty(Output);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", Error, StringComparison.Ordinal);
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith(command + ": ", line, StringComparison.Ordinal);
        Assert.Contains(part, line, StringComparison.Ordinal);
    }
}

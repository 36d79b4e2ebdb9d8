using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A fingerprint that changes is a breaking change: Golden/fingerprints.md lists it, with the version and the reason.</summary>
public sealed class FingerprintChangesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden");

    /// <summary>A line of the list. Nothing came before what was recorded first, and nothing comes after what is trained no more.</summary>
    private sealed record Change(Version Version, string Training, string Before, string After, string Reason);

    [Fact]
    public void Every_change_is_listed() => Assert.Empty(Mistakes(Trained(), Listed(), Current()));

    /// <summary>Negative controls: a change that is not listed, and lines that say something else than what happened.</summary>
    [Fact]
    public void What_is_not_listed_or_listed_wrongly_is_noticed()
    {
        List<(string Training, string Fingerprint)> trained = Trained();
        List<Change> listed = Listed();
        (string training, string fingerprint) = trained[3];
        trained[3] = (training, "0123");
        Assert.Contains($"| {training} | {fingerprint} | 0123 |", Assert.Single(Mistakes(trained, listed, Current())), StringComparison.Ordinal);

        Version next = new(Current().Major, Current().Minor + 1, 0);
        Change change = new(next, training, fingerprint, "0123", "for the control");
        Assert.Empty(Mistakes(trained, [.. listed, change], next));
        Assert.Contains("is later than", Assert.Single(Mistakes(trained, [.. listed, change], Current())), StringComparison.Ordinal);
        Assert.Contains("a version of its own", Assert.Single(Mistakes(trained, [.. listed, change with { Version = listed[3].Version }], next)), StringComparison.Ordinal);
        Assert.Contains("before", Assert.Single(Mistakes(trained, [.. listed, change with { Before = "4567" }], next)), StringComparison.Ordinal);
        Assert.Contains("why", Assert.Single(Mistakes(trained, [.. listed, change with { Reason = "" }], next)), StringComparison.Ordinal);
        Assert.Contains($"| {training} | | 0123 |", Assert.Single(Mistakes(trained, [.. listed.Where(line => line.Training != training)], Current())), StringComparison.Ordinal);

        trained.RemoveAt(3);
        Assert.Contains("is trained no more", Assert.Single(Mistakes(trained, listed, Current())), StringComparison.Ordinal);
        Assert.Empty(Mistakes(trained, [.. listed, change with { After = "" }], next));
    }

    private static List<string> Mistakes(List<(string Training, string Fingerprint)> trained, List<Change> listed, Version version)
    {
        List<string> mistakes = [];
        foreach ((string training, string fingerprint) in trained)
        {
            string last = listed.LastOrDefault(line => line.Training == training)?.After ?? "";
            if (last != fingerprint)
            {
                mistakes.Add($"'{training}' ends in other bits than Golden/fingerprints.md lists last. Where that is meant, it is a breaking change: raise <Version> in Directory.Build.props, and add this line with the reason:\n| VERSION | {training} | {(last.Length > 0 ? last + " " : "")}| {fingerprint} | WHY |");
            }
        }

        foreach (IGrouping<string, Change> lines in listed.GroupBy(line => line.Training))
        {
            Change? former = null;
            foreach (Change line in lines)
            {
                if (line.Before != (former?.After ?? ""))
                {
                    mistakes.Add($"'{line.Training}' was {former?.After ?? "not there"} before {line.Version}, and its line says {line.Before}.");
                }

                if (former is not null && line.Version <= former.Version)
                {
                    mistakes.Add($"'{line.Training}' changed in {line.Version} after {former.Version}: a change has a version of its own.");
                }

                if (line.Reason.Length == 0)
                {
                    mistakes.Add($"The line of '{line.Training}' in {line.Version} does not say why.");
                }

                former = line;
            }

            if (former!.Version > version)
            {
                mistakes.Add($"'{former.Training}' changed in {former.Version}, which is later than the version of Directory.Build.props, {version}.");
            }

            if (former.After.Length > 0 && !trained.Exists(line => line.Training == former.Training))
            {
                mistakes.Add($"'{former.Training}' is trained no more: add a line that says in which version and why, with nothing after it.");
            }
        }

        return mistakes;
    }

    private static List<(string Training, string Fingerprint)> Trained() =>
        [.. File.ReadAllLines(Path.Combine(Folder, "fingerprints.txt")).Select(line => line.Split("  ", 2)).Select(parts => (parts[1], parts[0]))];

    private static List<Change> Listed() =>
        [.. File.ReadAllLines(Path.Combine(Folder, "fingerprints.md")).Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => new Change(new(cells[1]), cells[2], cells[3], cells[4], cells[5]))];

    private static Version Current()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        int start = text.IndexOf("<Version>", StringComparison.Ordinal) + "<Version>".Length;
        return new(text[start..text.IndexOf("</Version>", StringComparison.Ordinal)]);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Measurement;

/// <summary>Which cases of a suite are run, and whether to measure them.</summary>
/// <param name="IsSmoke">Once, in this process, the first case alone where no text is given: shows that the suite works.</param>
/// <param name="Text">A part of the names of the cases; null for all.</param>
internal readonly record struct Selection(bool IsSmoke, string? Text)
{
    /// <summary>Whether the results are a suite's: only those are recorded.</summary>
    public bool IsWhole => !IsSmoke && Text is null;

    public Case[] Of(IEnumerable<Case> cases)
    {
        string? text = Text;
        return [.. cases.Distinct().Where(subject => text is null || $"{subject.Precision} {subject.Name}".Contains(text, StringComparison.OrdinalIgnoreCase)).Take(IsSmoke && text is null ? 1 : int.MaxValue)];
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Results;

/// <summary>A suite as it was measured: what its files hold.</summary>
/// <param name="Version">Of the form of the file, <see cref="CurrentVersion"/>.</param>
/// <param name="Suite">Its name.</param>
/// <param name="Date">When it began.</param>
/// <param name="Seconds">How long it took, with the build of its processes.</param>
/// <param name="Machine">Where.</param>
/// <param name="Commit">The commit that was built, followed by "+changes" where the sources differed from it.</param>
/// <param name="Peaks">What the core could do at the same time.</param>
/// <param name="Peers">Others that were measured, and their versions.</param>
/// <param name="Absent">Others that were not, and why.</param>
/// <param name="Results">Every implementation on every case, in the order of the source.</param>
internal sealed record SuiteResult(
    int Version, string Suite, DateTime Date, double Seconds, Machine Machine, string Commit, Peaks Peaks,
    IReadOnlyDictionary<string, string> Peers, IReadOnlyDictionary<string, string> Absent, IReadOnlyList<CaseResult> Results)
{
    /// <summary>Raised when a field changes its meaning, or when measuring does.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The implementations of each case, in order.</summary>
    public IEnumerable<IGrouping<(string Precision, string Case), CaseResult>> ByCase() => Results.GroupBy(item => item.Id);
}

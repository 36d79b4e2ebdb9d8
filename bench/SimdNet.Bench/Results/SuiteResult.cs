using System;
using System.Collections.Generic;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;

namespace SimdNet.Bench.Results;

/// <summary>A suite as it was measured.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Date">When it began.</param>
/// <param name="Duration">How long it took, with the build of its process.</param>
/// <param name="Machine">Where.</param>
/// <param name="Peaks">What the core could do at the same time.</param>
/// <param name="Peers">Who was looked for, and whether he was there.</param>
/// <param name="Results">Every implementation on every case, in the order of the source.</param>
internal sealed record SuiteResult(string Suite, DateTimeOffset Date, TimeSpan Duration, Machine Machine, Peaks Peaks, IReadOnlyList<Peer> Peers, IReadOnlyList<CaseResult> Results);

using System;
using System.Collections.Generic;

using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Threading;

/// <summary>Work in two parts that is handed out and waited for.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Operations">Operations of a part, each of which waits for the last.</param>
/// <param name="Gap">Time before the work in which the caller does something else, a part of the call.</param>
/// <param name="IsParked">Whether the team's workers sleep as soon as they have nothing to do.</param>
public sealed record ForkJoinCase(string Name, int Operations, TimeSpan Gap, bool IsParked) : Case(Name, typeof(double), new(0, 0, 1, "call"))
{
    /// <summary>About 20 µs: 2 to 3 ns each.</summary>
    private const int SomeOperations = 8_000;

    /// <summary>Long enough for a worker to fall asleep.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMicroseconds(200);

    public static IEnumerable<ForkJoinCase> All =>
    [
        new("fork and join, nothing to do, spinning", 0, TimeSpan.Zero, IsParked: false),
        new("fork and join, nothing to do, parked, after 200 µs of other work", 0, Long, IsParked: true),
        new("fork and join, 20 µs in each part, spinning", SomeOperations, TimeSpan.Zero, IsParked: false),
        new("fork and join, 20 µs in each part, parked, after 200 µs of other work", SomeOperations, Long, IsParked: true),
    ];

    /// <summary>Handing over has no roof: nothing is declared where nothing is done. A part's operations wait for each other, the two parts do not.</summary>
    public override Demand Demand => new(0, Operations);
}

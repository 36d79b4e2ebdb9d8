using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Roofline;

/// <summary>What is done to memory.</summary>
public enum Access
{
    Read,
    Write,

    /// <summary>Read, changed and written back.</summary>
    Update,
}

/// <summary>Bytes that a call cannot do without moving.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Access">What is done to them.</param>
/// <param name="Bytes">How many are moved: once for each byte read or written, twice where it is updated.</param>
/// <param name="Footprint">What else is touched before the same byte is touched again, itself included. The smallest cache that holds so much is where it comes from.</param>
public sealed record Stream(string Name, Access Access, double Bytes, double Footprint);

/// <summary>What a call cannot do without, by the formula and the promises of SimdNet: the roofs that no implementation gets above.</summary>
/// <param name="Flops">Arithmetic, less what may be skipped.</param>
/// <param name="Chain">Fused multiply-adds, or what takes as long, that wait one for the other.</param>
/// <param name="Streams">Memory.</param>
public sealed record Demand(double Flops, double Chain, params IReadOnlyList<Stream> Streams)
{
    /// <summary>What each of some cores cannot do without where they share the work evenly and move nothing twice. The chain is as long as before.</summary>
    /// <remarks>The roofs are then those of one core, measured alone: side by side none has more.</remarks>
    public Demand On(int cores) => new(Flops / cores, Chain, [.. Streams.Select(stream => stream with { Bytes = stream.Bytes / cores, Footprint = stream.Footprint / cores })]);
}

using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Peers;

/// <summary>Another implementation that is measured beside SimdNet where it is installed.</summary>
/// <remarks>One that is not there is left out of the run and named, with the reason, in its results: its absence is no error, and nobody takes its silence for a victory.</remarks>
internal sealed class Peer
{
    private readonly Lazy<Presence> _presence;

    private Peer(string name, Func<Presence> find)
    {
        Name = name;
        _presence = new(find);
    }

    /// <summary>All that can be absent.</summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        new(Implementations.OpenBlas, () => Cblas.OpenBlas.Presence),
        new(Implementations.Blis, () => Cblas.Blis.Presence),
        new(Implementations.OneDnn, () => OneDnn.Presence),
        new(Implementations.MathNet, () => Presence.Of(typeof(MathNet.Numerics.Control))),
        new(Implementations.C, () => CNetwork.Presence),
        new(Implementations.Fann, () => FannNetwork.Presence),
        new(Implementations.TorchSharp, () => TorchNetwork.Presence),
        new(Implementations.OnnxRuntime, () => OnnxPredictor.Presence),
    ];

    /// <summary>One of <see cref="Implementations"/>.</summary>
    public string Name { get; }

    /// <summary>Looked for when it is first asked for.</summary>
    public Presence Presence => _presence.Value;

    /// <summary>The peer of that name; null for what is a part of this program.</summary>
    public static Peer? Find(string name) => All.FirstOrDefault(peer => peer.Name == name);

    public static bool IsPresent(string name) => Find(name)?.Presence.IsPresent ?? true;
}

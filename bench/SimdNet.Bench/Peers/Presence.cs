using System;
using System.Reflection;

namespace SimdNet.Bench.Peers;

/// <summary>Whether a peer can be measured on this machine.</summary>
/// <param name="IsPresent">Whether it can.</param>
/// <param name="Text">Its version where it can, else why it can't.</param>
internal sealed record Presence(bool IsPresent, string Text)
{
    public static Presence Here(string version) => new(true, version);

    public static Presence Absent(string reason) => new(false, reason);

    /// <summary>Of managed code, which comes with this program.</summary>
    public static Presence Of(Type type) => Here(type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "");
}

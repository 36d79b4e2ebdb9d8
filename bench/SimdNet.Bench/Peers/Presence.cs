using System;
using System.Linq;
using System.Reflection;

namespace SimdNet.Bench.Peers;

/// <summary>Whether a peer can be measured on this machine.</summary>
/// <param name="IsPresent">Whether it can.</param>
/// <param name="Text">Its version where it can, else why it can't.</param>
internal sealed record Presence(bool IsPresent, string Text)
{
    public static Presence Here(string version) => new(true, version);

    public static Presence Absent(string reason) => new(false, reason);

    /// <summary>Of a package that is restored on demand alone.</summary>
    public static Presence NotBuilt { get; } = Absent("not in this build, which -p:Peers=true makes with it");

    /// <summary>Of what is here but does not run here. The innermost exception names the cause, in a line among others: a library, or a version of one, that is not found.</summary>
    public static Presence DoesNotLoad(Exception exception)
    {
        string[] lines = exception.GetBaseException().Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Absent($"does not load: {lines.FirstOrDefault(line => line.Contains("not found", StringComparison.Ordinal)) ?? lines.FirstOrDefault("")}".Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal));
    }

    /// <summary>Of managed code, which comes with this program.</summary>
    public static Presence Of(Type type) => Here(type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "");
}

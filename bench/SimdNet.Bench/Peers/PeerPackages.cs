using System.Collections.Generic;
using System.Linq;
using System.Reflection;

using BenchmarkDotNet.Jobs;

namespace SimdNet.Bench.Peers;

/// <summary>Which packages of peers this program was built with: its child processes are built again, and must have the same.</summary>
internal static class PeerPackages
{
    private const string Property = "Peers";

    /// <summary>What the command line of this program's build had of them.</summary>
    public static IReadOnlyList<Argument> BuildArguments { get; } =
    [
        .. typeof(PeerPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(metadata => metadata.Key == Property && !string.IsNullOrEmpty(metadata.Value))
            .Select(metadata => new MsBuildArgument($"/p:{Property}={metadata.Value}")),
    ];
}

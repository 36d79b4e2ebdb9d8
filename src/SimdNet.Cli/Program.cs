using System.Collections.Generic;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli;

internal static class Program
{
    public static int Main(string[] args) => Tool.Run((IReadOnlyList<string>)args);
}

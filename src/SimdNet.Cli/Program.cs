using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli;

internal static class Program
{
    public static int Main(string[] args) => Tool.Run(args);
}

namespace SimdNet.Cli;

/// <summary>What the tool tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command line was right, and its work could not be done: a file is missing or damaged, shapes do not fit, numbers went bad.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, by itself or for the data or the model that it names. Nothing was written.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ctrl-C, as shells number it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Likewise, 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

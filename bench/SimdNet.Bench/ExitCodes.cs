namespace SimdNet.Bench;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A benchmark failed, or something became slower.</summary>
    public const int Failure = 1;

    /// <summary>The command line, or what it names, is not what it should be.</summary>
    public const int Misuse = 2;
}

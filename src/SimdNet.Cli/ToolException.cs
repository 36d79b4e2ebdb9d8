using System;

namespace SimdNet.Cli;

/// <summary>A user's mistake that the tool found: one line that says what, where and what to do, and the exit code that goes with it.</summary>
internal sealed class ToolException : Exception
{
    public ToolException()
        : this(Cli.ExitCode.Failed, "The command failed.")
    {
    }

    public ToolException(string message)
        : this(Cli.ExitCode.Failed, message)
    {
    }

    public ToolException(string message, Exception innerException)
        : base(message, innerException) => ExitCode = Cli.ExitCode.Failed;

    private ToolException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    public int ExitCode { get; }

    /// <summary>The command line is wrong.</summary>
    public static ToolException Usage(string message) => new(Cli.ExitCode.WrongUsage, message);

    /// <summary>The work was stopped from outside.</summary>
    public static ToolException Stopped(int exitCode, string message) => new(exitCode, message);

    /// <summary>The command line is right, and its work cannot be done.</summary>
    public static ToolException Failure(string message) => new(Cli.ExitCode.Failed, message);
}

using System;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test that reads what Linux alone tells; elsewhere it is skipped with this reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It reads the system's records of a thread under /proc.";
}

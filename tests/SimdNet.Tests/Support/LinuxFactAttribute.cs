using System;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test of what Linux alone tells; elsewhere it is skipped with this reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It needs what Linux tells of threads or files.";
}

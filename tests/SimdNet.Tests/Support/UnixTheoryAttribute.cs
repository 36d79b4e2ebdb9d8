using System;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test of devices and named pipes; elsewhere it is skipped with this reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "It needs /dev and named pipes." : null;
}

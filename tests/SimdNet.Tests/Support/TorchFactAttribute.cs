using System;
using System.IO;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test that needs Python with PyTorch; reported as skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchFactAttribute : FactAttribute
{
    private static readonly bool IsAvailable = Numpy.TryRun("import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)", Path.GetTempPath(), out _);

    public TorchFactAttribute()
    {
        if (!IsAvailable)
        {
            Skip = "python3 with torch was not found; what it would read and write is unchecked.";
        }
    }
}

using System;
using System.IO;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test on Fashion-MNIST, 60,000 + 10,000 images. Where Debian's package is not installed it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FashionMnistFactAttribute : FactAttribute
{
    /// <summary>Where Debian's dataset-fashion-mnist puts its four files.</summary>
    public const string Folder = "/usr/share/datasets/fashion-mnist";

    public FashionMnistFactAttribute() => Skip = Directory.Exists(Folder) ? null : $"{Folder} is missing: install Debian's dataset-fashion-mnist to run this test.";
}

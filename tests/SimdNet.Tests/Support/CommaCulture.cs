using System;
using System.Globalization;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A culture of a thread that writes numbers as no file may: −1.000,5 with a sign of its own, until it is disposed of.</summary>
internal sealed class CommaCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public CommaCulture()
    {
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.CurrentCulture = comma;
        Assert.Equal("\u22121.000,5", (-1000.5).ToString("N1", CultureInfo.CurrentCulture));
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}

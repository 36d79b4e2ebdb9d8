using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Architecture;

/// <summary>tests/long.sh runs every test that takes a larger count before a release, and names no class that is gone.</summary>
public sealed partial class LongCountTests
{
    private static readonly string Tests = Path.Combine(Repository.Root, "tests", "SimdNet.Tests");

    private static readonly string[] Sources = Directory.GetFiles(Tests, "*Tests.cs", SearchOption.AllDirectories);

    [Fact]
    public void Every_long_count_is_run()
    {
        HashSet<string> listed = [.. Listed()];
        string[] counting = [.. Sources.Where(source => Count().IsMatch(File.ReadAllText(source))).Select(source => Path.GetFileNameWithoutExtension(source))];
        Assert.True(counting.Length > 10, "The pattern finds them.");
        Assert.Empty(counting.Except(listed));
    }

    [Fact]
    public void Every_class_that_is_named_is_there() => Assert.Empty(Listed().Except(Sources.Select(source => Path.GetFileNameWithoutExtension(source))));

    private static IEnumerable<string> Listed() => ClassName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "tests", "long.sh"))).Select(match => match.Value);

    [GeneratedRegex(@"\bLong\.(?:Count\(|Enabled)|GetEnvironmentVariable\(""SIMDNET_LONG")]
    private static partial Regex Count();

    [GeneratedRegex(@"\b[A-Z]\w+Tests\b")]
    private static partial Regex ClassName();
}

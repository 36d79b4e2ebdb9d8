using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>Tests of this collection run while no other test does: they count collections of the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

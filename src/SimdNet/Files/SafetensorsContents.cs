using System.Collections.Generic;

namespace SimdNet.Files;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Blocks">The tensors, in the order of the header.</param>
/// <param name="Metadata">The strings under <c>__metadata__</c>, in the order of the header; empty if there are none.</param>
internal sealed record SafetensorsContents(IReadOnlyList<NamedBlock> Blocks, IReadOnlyDictionary<string, string> Metadata);

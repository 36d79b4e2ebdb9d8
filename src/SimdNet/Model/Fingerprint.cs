using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SimdNet.Model;

/// <summary>SHA-256 of numbers as their bytes, lowest first, tensor after tensor without what lies between them: it tells whether two runs ended in the same bits.</summary>
/// <param name="part">Elements that are hashed at a time: a tensor may have more bytes than a span can.</param>
internal sealed class Fingerprint(int part = 1 << 24) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="parameters">The tensors, in the order of the files.</param>
    /// <param name="block">A block of their layout: the parameters, or a moment.</param>
    public void Add<T>(IReadOnlyList<ParameterInfo> parameters, ReadOnlySpan<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterInfo parameter in parameters)
        {
            ReadOnlySpan<T> rest = block.Slice(parameter.Start, parameter.Length);
            while (!rest.IsEmpty)
            {
                Append(rest[..Math.Min(rest.Length, part)]);
                rest = rest[Math.Min(rest.Length, part)..];
            }
        }
    }

    public void Add(double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }

    private void Append<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (BitConverter.IsLittleEndian)
        {
            _hash.AppendData(MemoryMarshal.AsBytes(values));
            return;
        }

        // The values in reverse order come first to last once the bytes of all are reversed.
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        MemoryMarshal.Cast<byte, T>(bytes.AsSpan()).Reverse();
        bytes.AsSpan().Reverse();
        _hash.AppendData(bytes);
    }

    /// <summary>64 hexadecimal digits, lower case.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}

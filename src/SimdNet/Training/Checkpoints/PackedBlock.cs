using System;
using System.Collections.Generic;

namespace SimdNet.Training.Checkpoints;

/// <summary>A block of the parameters' layout as files have it: one tensor after the other, without the zeros between them, so that a layout may change and files stay.</summary>
internal static class PackedBlock
{
    /// <summary>Elements of all tensors.</summary>
    public static int Length(IReadOnlyList<ParameterInfo> parameters)
    {
        int length = 0;
        foreach (ParameterInfo parameter in parameters)
        {
            length += parameter.Length;
        }

        return length;
    }

    public static T[] Pack<T>(IReadOnlyList<ParameterInfo> parameters, ReadOnlySpan<T> block)
    {
        T[] packed = new T[Length(parameters)];
        Span<T> rest = packed;
        foreach (ParameterInfo parameter in parameters)
        {
            block.Slice(parameter.Start, parameter.Length).CopyTo(rest);
            rest = rest[parameter.Length..];
        }

        return packed;
    }

    public static void Unpack<T>(IReadOnlyList<ParameterInfo> parameters, ReadOnlySpan<T> packed, Span<T> block)
    {
        foreach (ParameterInfo parameter in parameters)
        {
            packed[..parameter.Length].CopyTo(block[parameter.Start..]);
            packed = packed[parameter.Length..];
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.Numerics;

/// <summary>A tensor somewhere in an array: shape, strides, and where its first element is. What lies between its elements shows whether a function kept to them.</summary>
internal sealed record TensorLayout(string Name, nint[] Lengths, nint[] Strides, int Offset = 0)
{
    /// <summary>Elements of an array that holds it, with some behind.</summary>
    public int Size => Offset + Lengths.Zip(Strides, (length, stride) => (int)(Math.Max(0, length - 1) * stride)).Sum() + 4 + (int)Elements;

    public nint Elements => Lengths.Aggregate((nint)1, (product, length) => product * length);

    /// <summary>What does not move has no stride, as tensor spans want it.</summary>
    private nint[] UsedStrides => [.. Lengths.Zip(Strides, (length, stride) => length > 1 ? stride : 0)];

    /// <summary>A tensor of that shape, its rows behind each other.</summary>
    public static TensorLayout Dense(params nint[] lengths)
    {
        nint[] strides = new nint[lengths.Length];
        nint stride = 1;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= lengths[i];
        }

        return new("dense", lengths, strides);
    }

    /// <summary>Layouts of one shape that a destination may have.</summary>
    public static IEnumerable<TensorLayout> Of(params nint[] lengths)
    {
        TensorLayout dense = Dense(lengths);
        yield return dense;
        yield return dense with { Name = "every second element", Strides = [.. dense.Strides.Select(stride => 2 * stride)], Offset = 3 };
        yield return dense with { Name = "a slice", Strides = [.. dense.Strides.SkipLast(1).Select(stride => 3 * stride), 1], Offset = 1 };
        TensorLayout reversed = Dense([.. lengths.Reverse()]);
        yield return dense with { Name = "transposed", Strides = [.. reversed.Strides.Reverse()], Offset = 2 };
    }

    public ReadOnlyTensorSpan<T> Read<T>(T[] memory) => new(memory.AsSpan(Offset), Lengths, UsedStrides);

    public TensorSpan<T> Write<T>(T[] memory) => new(memory.AsSpan(Offset), Lengths, UsedStrides);

    /// <summary>Where the elements are, in the order of the indices.</summary>
    public int[] Places()
    {
        int[] places = new int[Elements];
        for (int i = 0; i < places.Length; i++)
        {
            nint rest = i;
            nint place = Offset;
            for (int d = Lengths.Length - 1; d >= 0; d--)
            {
                place += rest % Lengths[d] * Strides[d];
                rest /= Lengths[d];
            }

            places[i] = (int)place;
        }

        return places;
    }

    /// <summary>The elements in the order of the indices.</summary>
    public T[] Gather<T>(T[] memory) => [.. Places().Select(place => memory[place])];

    /// <summary>An array of canaries with these elements in it.</summary>
    public T[] Place<T>(T[] elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] memory = new T[Size];
        memory.AsSpan().Fill(T.CreateTruncating(-98765.25));
        int[] places = Places();
        for (int i = 0; i < places.Length; i++)
        {
            memory[places[i]] = elements[i];
        }

        return memory;
    }

    public T[] PlaceRandom<T>(int seed, double lower = -1, double upper = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Place(FunctionTests.Random<T>((int)Elements, seed, lower, upper));

    /// <summary>True where the array holds these elements, and canaries elsewhere.</summary>
    public bool Holds<T>(T[] elements, T[] memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Numbers.FirstDifference<T>(Place(elements), memory) < 0;
}

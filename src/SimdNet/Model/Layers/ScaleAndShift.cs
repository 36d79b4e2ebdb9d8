using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>γ and β of a normalization: output = γ·x̂ + β.</summary>
internal sealed class ScaleAndShift<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterInfo _gamma;
    private readonly ParameterInfo _beta;

    /// <param name="list">What the normalization is added to.</param>
    /// <param name="number">Its number.</param>
    public ScaleAndShift(LayerList<T> list, int number)
    {
        _gamma = new(string.Create(CultureInfo.InvariantCulture, $"gamma{number}"), [list.Width]) { Start = list.End, Length = list.Width, Layer = list.SpecLayer, Kind = ParameterKind.Gamma };
        _beta = new(string.Create(CultureInfo.InvariantCulture, $"beta{number}"), [list.Width]) { Start = list.End + AlignedBuffer<T>.RoundUp(list.Width), Length = list.Width, Layer = list.SpecLayer, Kind = ParameterKind.Beta };
    }

    public IReadOnlyList<ParameterInfo> Parameters => [_gamma, _beta];

    public void Initialize(Span<T> parameters)
    {
        parameters.Slice(_gamma.Start, _gamma.Length).Fill(T.One);
        parameters.Slice(_beta.Start, _beta.Length).Clear();
    }

    public ReadOnlySpan<T> Gamma(ReadOnlySpan<T> parameters) => parameters.Slice(_gamma.Start, _gamma.Length);

    public ReadOnlySpan<T> Beta(ReadOnlySpan<T> parameters) => parameters.Slice(_beta.Start, _beta.Length);

    /// <summary>γ's gradient = Σ outputGradient·x̂ over the rows, β's = Σ outputGradient; parts are ranges of features.</summary>
    /// <param name="kernels">What sums.</param>
    /// <param name="share">The part that is done.</param>
    /// <param name="outputGradient">[batch × features].</param>
    /// <param name="normalized">x̂, [batch × features].</param>
    /// <param name="gradients">A block of the parameters' layout.</param>
    /// <param name="accumulate">True: added to. False: overwritten.</param>
    [MethodImpl(Compiled.Entry)]
    public void Gradients(KernelSet<T> kernels, Share share, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> normalized, Span<T> gradients, bool accumulate)
    {
        (int start, int count) = share.Of(_gamma.Length, AlignedBuffer<T>.Alignment);
        kernels.ColumnSums(outputGradient.SliceColumns(start, count), gradients.Slice(_beta.Start + start, count), accumulate);
        ColumnProducts(outputGradient.SliceColumns(start, count), normalized.SliceColumns(start, count), gradients.Slice(_gamma.Start + start, count), accumulate);
    }

    /// <summary>sums = the sum of a·b down each column, or sums += it: a chain of rows in their order.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void ColumnProducts(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, Span<T> sums, bool accumulate)
    {
        if (!accumulate)
        {
            sums.Clear();
        }

        for (int row = 0; row < a.Rows; row++)
        {
            TensorPrimitives.MultiplyAdd(a.Row(row), b.Row(row), sums, sums);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;

namespace SimdNet.Training.Steps;

/// <summary>Bounds of a gradient before the optimizer sees it: of each value, then of the norm of each tensor, then of the norm of all.</summary>
internal sealed class Clipping<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Added to the norm of all, as PyTorch's <c>clip_grad_norm_</c> does.</summary>
    private const double GlobalEpsilon = 1e-6;

    private readonly KernelSet<T> _kernels;
    private readonly IReadOnlyList<ParameterInfo> _tensors;
    private readonly double? _value;
    private readonly double? _norm;
    private readonly double? _globalNorm;

    private Clipping(TrainerOptions options, Network<T> network)
    {
        _kernels = network.Kernels;
        _tensors = network.Parameters;
        _value = options.ClipValue;
        _norm = options.ClipNorm;
        _globalNorm = options.ClipGlobalNorm;
    }

    /// <summary>What the options ask for; null for nothing.</summary>
    public static Clipping<T>? Of(TrainerOptions? options, Network<T> network) =>
        options is { ClipValue: not null } or { ClipNorm: not null } or { ClipGlobalNorm: not null } ? new(options, network) : null;

    /// <summary>Clips a gradient in place.</summary>
    /// <param name="gradient">A block of the parameters' layout, with zeros between tensors.</param>
    /// <returns>False where a value of it is not finite: no bound makes a direction of that, and no step should be made.</returns>
    [MethodImpl(Compiled.Entry)]
    public bool Clip(Span<T> gradient)
    {
        double norm = Norm(gradient);
        if (!double.IsFinite(norm))
        {
            return false;
        }

        if (_value is { } value)
        {
            T most = T.CreateTruncating(value);
            TensorPrimitives.Clamp(gradient, -most, most, gradient);
        }

        if (_norm is { } mostOfTensor)
        {
            for (int i = 0; i < _tensors.Count; i++)
            {
                Span<T> tensor = gradient.Slice(_tensors[i].Start, _tensors[i].Length);
                double length = Norm(tensor);
                if (length > mostOfTensor)
                {
                    TensorPrimitives.Multiply(tensor, T.CreateTruncating(mostOfTensor / length), tensor);
                }
            }
        }

        if (_globalNorm is { } mostOfAll)
        {
            norm = _value is null && _norm is null ? norm : Norm(gradient);
            double factor = mostOfAll / (norm + GlobalEpsilon);
            if (factor < 1)
            {
                TensorPrimitives.Multiply(gradient, T.CreateTruncating(factor), gradient);
            }
        }

        return true;
    }

    /// <summary>√Σx², also where a square overflows; NaN where a number is not finite.</summary>
    [MethodImpl(Compiled.Entry)]
    private double Norm(ReadOnlySpan<T> x)
    {
        double sum = double.CreateTruncating(_kernels.Dot(x, x));
        return double.IsFinite(sum) ? Math.Sqrt(sum) : NormOfLarge(x);
    }

    private static double NormOfLarge(ReadOnlySpan<T> x)
    {
        double largest = 0;
        foreach (T value in x)
        {
            if (!T.IsFinite(value))
            {
                return double.NaN;
            }

            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
        }

        double sum = 0;
        foreach (T value in x)
        {
            double share = double.CreateTruncating(value) / largest;
            sum += share * share;
        }

        return largest * Math.Sqrt(sum);
    }
}

using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <content>Optimizers' steps.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    [MethodImpl(Compiled.Entry)]
    public override void UpdateSgd(Span<T> parameters, ReadOnlySpan<T> gradient, T rate, T decay)
    {
        Debug.Assert(parameters.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new SgdUpdate<T, TPrecision, TVector, TWidth>(rate, decay), pp, pg, null, null, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateSgdMomentum(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, T decay, T momentum, bool nesterov)
    {
        Debug.Assert(parameters.Length == gradient.Length && velocity.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pv = velocity)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new MomentumUpdate<T, TPrecision, TVector, TWidth>(rate, decay, momentum, nesterov), pp, pg, pv, null, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings) =>
        UpdateAdam<PlainAdam>(parameters, gradient, mean, variance, T.Zero, settings);

    [MethodImpl(Compiled.Entry)]
    public override void UpdateAdamW(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings) =>
        UpdateAdam<DecoupledAdam>(parameters, gradient, mean, variance, T.Zero, settings);

    [MethodImpl(Compiled.Entry)]
    public override void UpdateNAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, T gradientRate, in AdamScalars<T> settings) =>
        UpdateAdam<NesterovAdam>(parameters, gradient, mean, variance, gradientRate, settings);

    [MethodImpl(Compiled.Entry)]
    public override void UpdateRmsProp(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> square, Span<T> velocity, Span<T> mean, in RmsPropScalars<T> settings)
    {
        Debug.Assert(parameters.Length == gradient.Length && square.Length == gradient.Length, "Shapes agree.");
        Debug.Assert(velocity.Length == (velocity.IsEmpty ? 0 : gradient.Length) && mean.Length == (mean.IsEmpty ? 0 : gradient.Length), "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, ps = square, pv = velocity, pm = mean)
        {
            if (!mean.IsEmpty)
            {
                UpdateLoop<T, TVector, TWidth>.Run(new RmsPropUpdate<T, TPrecision, TVector, TWidth, CenteredRmsProp>(settings), pp, pg, ps, pv, pm, parameters.Length);
            }
            else if (!velocity.IsEmpty)
            {
                UpdateLoop<T, TVector, TWidth>.Run(new RmsPropUpdate<T, TPrecision, TVector, TWidth, MomentumRmsProp>(settings), pp, pg, ps, pv, null, parameters.Length);
            }
            else
            {
                UpdateLoop<T, TVector, TWidth>.Run(new RmsPropUpdate<T, TPrecision, TVector, TWidth, PlainRmsProp>(settings), pp, pg, ps, null, null, parameters.Length);
            }
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateAdagrad(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sum, T rate, T decay, T epsilon)
    {
        Debug.Assert(parameters.Length == gradient.Length && sum.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, ps = sum)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new AdagradUpdate<T, TPrecision, TVector, TWidth>(rate, decay, epsilon), pp, pg, ps, null, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateRprop(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> previous, Span<T> steps, in RpropScalars<T> settings)
    {
        Debug.Assert(parameters.Length == gradient.Length && previous.Length == gradient.Length && steps.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pr = previous, ps = steps)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new RpropUpdate<T, TPrecision, TVector, TWidth>(settings), pp, pg, pr, ps, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void UpdateAdam<TKind>(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, T gradientRate, in AdamScalars<T> settings)
        where TKind : IAdamKind
    {
        Debug.Assert(parameters.Length == gradient.Length && mean.Length == gradient.Length && variance.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pm = mean, pv = variance)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new AdamUpdate<T, TPrecision, TVector, TWidth, TKind>(settings, gradientRate), pp, pg, pm, pv, null, parameters.Length);
        }
    }
}

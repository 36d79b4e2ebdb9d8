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
            UpdateLoop<T, TVector, TWidth>.Run(new SgdUpdate<T, TPrecision, TVector, TWidth>(rate, decay), pp, pg, null, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateSgdMomentum(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, T decay, T momentum, bool nesterov)
    {
        Debug.Assert(parameters.Length == gradient.Length && velocity.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pv = velocity)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new MomentumUpdate<T, TPrecision, TVector, TWidth>(rate, decay, momentum, nesterov), pp, pg, pv, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings)
    {
        Debug.Assert(parameters.Length == gradient.Length && mean.Length == gradient.Length && variance.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pm = mean, pv = variance)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new AdamUpdate<T, TPrecision, TVector, TWidth>(settings), pp, pg, pm, pv, parameters.Length);
        }
    }
}

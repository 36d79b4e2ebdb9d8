using System;
using System.Numerics;

namespace SimdNet.Kernels;

/// <content>Optimizers' steps.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Plain gradient descent with L2: p −= rate·(g + decay·p). Here and in the other rules, a parameter below the normal range becomes 0.</summary>
    public abstract void UpdateSgd(Span<T> parameters, ReadOnlySpan<T> gradient, T rate, T decay);

    /// <summary>Momentum as PyTorch has it: g += decay·p; v = μ·v + g; p −= rate·(nesterov ? g + μ·v : v). A velocity below the normal range becomes 0.</summary>
    public abstract void UpdateSgdMomentum(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, T decay, T momentum, bool nesterov);

    /// <summary>Adam (Kingma and Ba 2015, algorithm 1): g += decay·p; m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= rate·m / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings);

    /// <summary>Adam with decoupled decay (Loshchilov and Hutter 2019): m and v as in <see cref="UpdateAdam"/>, without decay; p = p − decay·p − rate·m / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="settings">The step's scalars; Decay is the share that a parameter loses, learning rate · decay.</param>
    public abstract void UpdateAdamW(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings);

    /// <summary>Adam with Nesterov's momentum (Dozat 2016): g, m and v as in <see cref="UpdateAdam"/>; p −= (gradientRate·g + rate·m) / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="gradientRate">Factor of the gradient.</param>
    /// <param name="settings">The step's scalars; Rate is the factor of the mean.</param>
    public abstract void UpdateNAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, T gradientRate, in AdamScalars<T> settings);

    /// <summary>RMSprop as PyTorch has it: g += decay·p; v = ρ·v + (1 − ρ)·g²; b = μ·b + g / (√v + ε); p −= rate·b. Centered, the root is that of v − a², with a = ρ·a + (1 − ρ)·g. A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="square">v.</param>
    /// <param name="velocity">b; empty where there is no momentum and no mean.</param>
    /// <param name="mean">a; empty where v is not centered.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateRmsProp(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> square, Span<T> velocity, Span<T> mean, in RmsPropScalars<T> settings);

    /// <summary>Adagrad (Duchi, Hazan and Singer 2011): g += decay·p; s += g²; p −= rate·g / (√s + ε).</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="sum">s.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="decay">L2 penalty.</param>
    /// <param name="epsilon">Added to the root.</param>
    public abstract void UpdateAdagrad(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sum, T rate, T decay, T epsilon);

    /// <summary>RPROP (Riedmiller and Braun 1993, without going back, as PyTorch has it): each parameter's step grows where its gradient keeps its sign and shrinks where that changes, and p −= sign(g)·step; after a change of sign g counts as 0 once.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="previous">The gradients of the step before, 0 where their sign had changed.</param>
    /// <param name="steps">The steps' sizes, positive.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateRprop(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> previous, Span<T> steps, in RpropScalars<T> settings);
}

/// <summary>What <see cref="KernelSet{T}.UpdateAdam"/> reads once a step.</summary>
/// <param name="Rate">Learning rate / (1 − β₁ᵗ).</param>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Rest1">1 − β₁, rounded once.</param>
/// <param name="Beta2">Decay of the variance.</param>
/// <param name="Rest2">1 − β₂, rounded once: the difference of rounded numbers would be off by 5e-5 of it in float.</param>
/// <param name="Correction">1 / √(1 − β₂ᵗ).</param>
/// <param name="Epsilon">Added to the root.</param>
internal readonly record struct AdamScalars<T>(T Rate, T Decay, T Beta1, T Rest1, T Beta2, T Rest2, T Correction, T Epsilon);

/// <summary>What <see cref="KernelSet{T}.UpdateRmsProp"/> reads once a step.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Rho">Decay of the means.</param>
/// <param name="Rest">1 − ρ, rounded once.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Epsilon">Added to the root.</param>
internal readonly record struct RmsPropScalars<T>(T Rate, T Decay, T Rho, T Rest, T Momentum, T Epsilon);

/// <summary>What <see cref="KernelSet{T}.UpdateRprop"/> reads once a step.</summary>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Shrink">η⁻, below 1.</param>
/// <param name="Grow">η⁺, above 1.</param>
/// <param name="Least">The smallest step.</param>
/// <param name="Most">The largest step.</param>
internal readonly record struct RpropScalars<T>(T Decay, T Shrink, T Grow, T Least, T Most);

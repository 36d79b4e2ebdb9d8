using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;

namespace SimdNet.Training.Steps;

/// <summary>What layers ask of their weights in training: penalties on them, and a limit of each unit's norm.</summary>
internal sealed class WeightRules<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly WeightRule[] _rules;
    private readonly AlignedBuffer<T> _factors;

    private WeightRules(Network<T> network, WeightRule[] rules, int units)
    {
        _network = network;
        _rules = rules;
        _factors = new(units);
    }

    /// <summary>The rules of the layers that are trained; null where there are none.</summary>
    public static WeightRules<T>? Of(Network<T> network, TrainableParts<T> trained)
    {
        List<WeightRule> rules = [];
        int units = 0;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            if (trained.IsTrained(i) && network.Layers[i].WeightRule is { } rule)
            {
                rules.Add(rule);
                units = Math.Max(units, rule.Units);
            }
        }

        return rules.Count == 0 ? null : new(network, [.. rules], units);
    }

    /// <summary>The sum of all penalties, as they are part of the loss.</summary>
    [MethodImpl(Compiled.Entry)]
    public double Penalty()
    {
        double sum = 0;
        foreach (ref readonly WeightRule rule in _rules.AsSpan())
        {
            if (rule.HasPenalty)
            {
                sum += double.CreateTruncating(_network.Kernels.Penalty(Weights(rule, _network.ParameterBlock), T.CreateTruncating(rule.L1), T.CreateTruncating(rule.L2)));
            }
        }

        return sum;
    }

    /// <summary>The same, and their gradient is added.</summary>
    /// <param name="gradient">A block of the parameters' layout.</param>
    [MethodImpl(Compiled.Entry)]
    public double AddPenalty(Span<T> gradient)
    {
        double sum = 0;
        foreach (ref readonly WeightRule rule in _rules.AsSpan())
        {
            if (rule.HasPenalty)
            {
                sum += double.CreateTruncating(_network.Kernels.AddPenalty(Weights(rule, _network.ParameterBlock), T.CreateTruncating(rule.L1), T.CreateTruncating(rule.L2), Weights(rule, gradient)));
            }
        }

        return sum;
    }

    /// <summary>Shortens the incoming weights of the units whose norm is above their limit.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Limit()
    {
        foreach (ref readonly WeightRule rule in _rules.AsSpan())
        {
            if (rule.MaxNorm > 0)
            {
                _network.Kernels.LimitColumnNorms(new MatrixView<T>(Weights(rule, _network.ParameterBlock), rule.Inputs, rule.Units), T.CreateTruncating(rule.MaxNorm), _factors.Span[..rule.Units]);
            }
        }
    }

    private static Span<T> Weights(in WeightRule rule, Span<T> block) => block.Slice(rule.Start, rule.Inputs * rule.Units);
}

using System;
using System.Globalization;

using SimdNet.Kernels;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>A mean over rows and outputs of a term of each output and target, whatever the last layer is.</summary>
internal sealed record ElementwiseLoss : Loss
{
    private readonly ElementLoss _term;
    private readonly double? _parameter;
    private readonly TargetDomain _domain;

    /// <param name="name">Its name.</param>
    /// <param name="term">The term.</param>
    /// <param name="domain">Where targets lie.</param>
    /// <param name="parameter">The term's, where it has one.</param>
    public ElementwiseLoss(string name, ElementLoss term, TargetDomain domain = TargetDomain.Any, double? parameter = null)
        : base(name)
    {
        _term = term;
        _domain = domain;
        _parameter = parameter;
    }

    private protected override string Text => _parameter is { } value ? string.Create(CultureInfo.InvariantCulture, $"{Name}({value:R})") : Name;

    internal override LossFunction<T> Bind<T>(Network<T> network)
    {
        double parameter = _parameter ?? 0;
        return parameter > 0 && T.CreateTruncating(parameter) is { } rounded && !(T.IsFinite(rounded) && rounded > T.Zero)
            ? throw new ArgumentException($"The loss {this} is not one in {typeof(T).Name}, which has no such number. Choose another.", nameof(network))
            : new ElementLossFunction<T>(network.Kernels, _term, parameter, network.Outputs, _domain, Name) { ClassWeights = ClassWeights?.In<T>() };
    }
}

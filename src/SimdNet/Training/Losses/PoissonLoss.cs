using SimdNet.Kernels;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Negative logarithm of a Poisson probability without the part that no output changes: of the rate where outputs cannot be negative, of its logarithm where they are what an identity gives.</summary>
internal sealed record PoissonLoss : Loss
{
    public PoissonLoss()
        : base("poisson")
    {
    }

    internal override string Needed => "identity, softplus, relu, sigmoid, hard-sigmoid or softmax";

    internal override bool Fits(NetworkSpec spec) => spec.OutputActivation.Kind == ActivationKind.Identity || OutputRange.IsNonNegative(spec.OutputActivation.Kind);

    internal override LossFunction<T> Bind<T>(Network<T> network)
    {
        ElementLoss term = network.Spec.OutputActivation.Kind == ActivationKind.Identity ? ElementLoss.PoissonOfLog : ElementLoss.PoissonOfRate;
        return new ElementLossFunction<T>(network.Kernels, term, 0, network.Outputs, TargetDomain.NonNegative, Name) { ClassWeights = ClassWeights?.In<T>() };
    }
}

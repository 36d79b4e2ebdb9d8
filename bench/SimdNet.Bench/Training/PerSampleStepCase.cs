using System.Collections.Generic;

using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>One step of plain gradient descent on one sample.</summary>
/// <remarks>With softmax, cross-entropy on classes; else half the squared error on targets.</remarks>
public sealed record PerSampleStepCase(string Name, NetworkSpec Spec, double Zeros = 0)
    : NetworkCase(Name, Spec, 1, Step(Spec))
{
    public static IEnumerable<PerSampleStepCase> All =>
    [
        new("2-3-1 sigmoid", Uniform(Activation.Sigmoid, 2, 3, 1)),
        new("4-8-8-1 tanh", Uniform(Activation.Tanh, 4, 8, 8, 1)),
        new("784-16-10 relu softmax", Digits(16)),
        new("784-128-10 relu softmax", Digits(128)),
        new("784-128-10 relu softmax, 80 % zeros", Digits(128), Zeros: 0.8),
    ];

    public override Demand Demand => StepDemand(PerSampleStep.Pool, blocks: 1, 1 - Zeros);

    public override NetworkTask Task => new(NetworkWork.Step, Spec, 1, PerSampleStep.Pool, new Sgd { LearningRate = Samples.Rate }, Zeros);

    /// <summary>Whether targets are classes.</summary>
    public bool HasLabels => Spec.OutputActivation == Activation.Softmax;
}

using System.Collections.Generic;

using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>Plain gradient descent, sample by sample: one step, or an epoch of them.</summary>
/// <remarks>With softmax, cross-entropy on classes; else half the squared error on targets.</remarks>
public sealed record PerSampleStepCase(string Name, NetworkSpec Spec, double Zeros = 0, TrainerCall Call = TrainerCall.Step, int DataRows = 1)
    : NetworkCase(Name, Spec, DataRows, Step(Spec))
{
    /// <summary>An epoch of small samples, 160 KB: what a call costs does not count.</summary>
    private const int ManySamples = 10_000;

    /// <summary>An epoch of images, 3 MB.</summary>
    private const int ManyImages = 1_000;

    private static readonly NetworkSpec Tiny = Uniform(Activation.Sigmoid, 2, 3, 1);
    private static readonly NetworkSpec Small = Uniform(Activation.Tanh, 4, 8, 8, 1);

    public static IEnumerable<PerSampleStepCase> All =>
    [
        new("2-3-1 sigmoid", Tiny),
        new("4-8-8-1 tanh", Small),
        new("784-16-10 relu softmax", Digits(16)),
        new("784-16-10 relu softmax, 80 % zeros", Digits(16), Zeros: 0.8),
        new("784-128-10 relu softmax", Digits(128)),
        new("784-128-10 relu softmax, 80 % zeros", Digits(128), Zeros: 0.8),
        new("2-3-1 sigmoid, fit", Tiny, 0, TrainerCall.Fit, ManySamples),
        new("4-8-8-1 tanh, fit", Small, 0, TrainerCall.Fit, ManySamples),
        new("784-16-10 relu softmax, fit", Digits(16), 0, TrainerCall.Fit, ManyImages),
        new("784-16-10 relu softmax, 80 % zeros, fit", Digits(16), 0.8, TrainerCall.Fit, ManyImages),
        new("784-128-10 relu softmax, fit", Digits(128), 0, TrainerCall.Fit, ManyImages),
        new("784-128-10 relu softmax, 80 % zeros, fit", Digits(128), 0.8, TrainerCall.Fit, ManyImages),
    ];

    public override Demand Demand => Call == TrainerCall.Step ? StepDemand(PerSampleStep.Pool, blocks: 1, 1 - Zeros) : SequenceDemand(1 - Zeros);

    /// <summary>Single steps alone: an epoch of steps that are asked for one by one tells nothing more.</summary>
    public override NetworkTask? Task => Call == TrainerCall.Step ? new(NetworkWork.Step, Spec, 1, PerSampleStep.Pool, new Sgd { LearningRate = Samples.Rate }, Zeros) : null;

    /// <summary>TorchSharp steps on a sample as on any batch: an epoch of such steps, of 100 µs each, tells nothing more.</summary>
    public override bool IsFor(string implementation) => implementation != Implementations.TorchSharp || Call == TrainerCall.Step;

    /// <summary>Whether targets are classes.</summary>
    public bool HasLabels => Spec.OutputActivation == Activation.Softmax;
}

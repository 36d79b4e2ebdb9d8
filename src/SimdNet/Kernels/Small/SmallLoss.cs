namespace SimdNet.Kernels;

/// <summary>The losses that kernels of whole networks end in.</summary>
internal enum SmallLoss
{
    /// <summary><see cref="KernelSet{T}.SquaredError"/> of the output.</summary>
    SquaredError,

    /// <summary><see cref="KernelSet{T}.SigmoidCrossEntropy"/> of the logits.</summary>
    SigmoidCrossEntropy,

    /// <summary>The softmax cross-entropy of the logits with a target row.</summary>
    SoftmaxCrossEntropy,
}

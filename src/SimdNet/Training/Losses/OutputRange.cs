namespace SimdNet.Training.Losses;

/// <summary>What a last layer's outputs can be, by its activation.</summary>
internal static class OutputRange
{
    /// <summary>True where each output lies in [0, 1].</summary>
    public static bool IsUnit(ActivationKind kind) => kind is ActivationKind.Sigmoid or ActivationKind.HardSigmoid or ActivationKind.Softmax;

    /// <summary>True where no output is negative.</summary>
    public static bool IsNonNegative(ActivationKind kind) => IsUnit(kind) || kind is ActivationKind.ReLU or ActivationKind.Softplus;

    /// <summary>True where outputs are the classes' probabilities, or their logarithms.</summary>
    public static bool IsDistribution(ActivationKind kind) => kind is ActivationKind.Softmax or ActivationKind.LogSoftmax;
}

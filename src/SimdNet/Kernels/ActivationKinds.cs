namespace SimdNet.Kernels;

/// <summary>What the kernels make of an activation.</summary>
internal static class ActivationKinds
{
    /// <summary>True for the functions that products and small networks apply while their sums are at hand, and whose derivative they read off the output; a pass of its own applies the others.</summary>
    /// <remarks>Few, because each is compiled into each of those kernels.</remarks>
    public static bool IsFused(ActivationKind kind) => kind <= ActivationKind.Softmax;

    /// <summary>True for functions of a row: <see cref="KernelSet{T}.SoftmaxRows"/> and <see cref="KernelSet{T}.LogSoftmaxRows"/>. The others are functions of an element.</summary>
    public static bool IsRowWise(ActivationKind kind) => kind is ActivationKind.Softmax or ActivationKind.LogSoftmax;
}

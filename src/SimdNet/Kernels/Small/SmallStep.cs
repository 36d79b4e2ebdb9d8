using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What a step on one sample needs beside the network and its input.</summary>
/// <param name="target">[outputs]; not read where there is a label.</param>
/// <param name="label">The class, for the softmax cross-entropy alone; −1 where there is a target.</param>
/// <param name="loss">The loss.</param>
/// <param name="scale">Factor of the loss' gradient.</param>
/// <param name="minusRate">Minus the learning rate.</param>
/// <param name="below">The layer below, where the network is the upper layers of another.</param>
/// <param name="gradient">Of the sums of the layer below, overwritten.</param>
internal readonly unsafe struct SmallStep<T>(T* target, int label, SmallLoss loss, T scale, T minusRate, SmallLayer<T>* below, T* gradient)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Target = target;
    public readonly int Label = label;
    public readonly SmallLoss LossKind = loss;
    public readonly T Scale = scale;
    public readonly T MinusRate = minusRate;
    public readonly SmallLayer<T>* Below = below;
    public readonly T* Gradient = gradient;
}

/// <summary>Whether a pass over a small network trains.</summary>
internal interface ISmallPass
{
    static abstract bool Trains { get; }

    /// <summary>Whether the input is the sums of a layer below: its function is applied to them, the gradient goes down to them, and they become its bias after the step.</summary>
    static abstract bool HasBelow { get; }
}

/// <summary>Forward alone.</summary>
internal readonly struct SmallPrediction : ISmallPass
{
    public static bool Trains => false;

    public static bool HasBelow => false;
}

/// <summary>Forward, backward and the update.</summary>
internal readonly struct SmallTraining : ISmallPass
{
    public static bool Trains => true;

    public static bool HasBelow => false;
}

/// <summary>Forward, backward and the update of the layers above another.</summary>
internal readonly struct SmallTail : ISmallPass
{
    public static bool Trains => true;

    public static bool HasBelow => true;
}

/// <summary>Whether every row of weights and biases fills its vector.</summary>
internal interface ISmallRow
{
    static abstract bool AreWhole { get; }
}

/// <summary>Rows that fill their vectors: read and written without masks, which would take as long to make as to use.</summary>
internal readonly struct WholeRows : ISmallRow
{
    public static bool AreWhole => true;
}

/// <summary>Rows of any width up to a vector's.</summary>
internal readonly struct PartialRows : ISmallRow
{
    public static bool AreWhole => false;
}

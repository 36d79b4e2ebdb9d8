using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What a step on one sample needs beside the network and its input.</summary>
/// <param name="target">[outputs].</param>
/// <param name="loss">The loss.</param>
/// <param name="scale">Factor of the loss' gradient.</param>
/// <param name="minusRate">Minus the learning rate.</param>
internal readonly unsafe struct SmallStep<T>(T* target, SmallLoss loss, T scale, T minusRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T* Target = target;
    public readonly SmallLoss LossKind = loss;
    public readonly T Scale = scale;
    public readonly T MinusRate = minusRate;
}

/// <summary>Whether a pass over a small network trains.</summary>
internal interface ISmallPass
{
    static abstract bool Trains { get; }
}

/// <summary>Forward alone.</summary>
internal readonly struct SmallPrediction : ISmallPass
{
    public static bool Trains => false;
}

/// <summary>Forward, backward and the update.</summary>
internal readonly struct SmallTraining : ISmallPass
{
    public static bool Trains => true;
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

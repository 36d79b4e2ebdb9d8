using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>What the kernels of small networks do row by row through memory: the functions that are more than one operation a lane.</summary>
internal static unsafe class SmallRows<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>The loss of one row and its gradient.</summary>
    /// <param name="loss">Which.</param>
    /// <param name="output">Outputs, or logits that become outputs.</param>
    /// <param name="target">[units]; not read where there is a label.</param>
    /// <param name="label">The class, for the softmax cross-entropy alone; −1 where there is a target.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">With respect to what <paramref name="output"/> held on entry.</param>
    /// <param name="units">Elements of each.</param>
    [MethodImpl(Compiled.Loop)]
    public static T LossSum(SmallLoss loss, T* output, T* target, int label, T scale, T* gradient, int units) => loss switch
    {
        SmallLoss.SquaredError => ReductionLoop<T, TVector, TWidth>.Run<SquaredErrorReduction<T>, SumFold<T>>(new(scale), T.Zero, output, target, gradient, null, units),
        SmallLoss.SigmoidCrossEntropy => ReductionLoop<T, TVector, TWidth>.Run<SigmoidCrossEntropyReduction<T, TPrecision>, SumFold<T>>(new(scale), T.Zero, output, target, output, gradient, units),
        _ when label >= 0 => SoftmaxCrossEntropy<T, TPrecision, TVector, TWidth>.Row(output, label, scale, gradient, units),
        _ => SoftmaxCrossEntropy<T, TPrecision, TVector, TWidth>.Row(output, target, scale, gradient, units),
    };

    /// <summary>row = f(row), softmax among the functions.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Activate(ActivationKind kind, T slope, T* row, int units)
    {
        if (kind == ActivationKind.Softmax)
        {
            Softmax<T, TPrecision, TVector, TWidth>.Rows(row, units, 1, units);
        }
        else
        {
            Activations<T, TPrecision, TVector, TWidth>.Activate(kind, slope, row, row, units);
        }
    }

    /// <summary>gradient = gradient through f, from f's output.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void ActivateGradient(ActivationKind kind, T slope, T* output, T* gradient, int units)
    {
        if (kind == ActivationKind.Softmax)
        {
            Softmax<T, TPrecision, TVector, TWidth>.RowGradient(output, gradient, units);
        }
        else
        {
            Activations<T, TPrecision, TVector, TWidth>.ActivateGradient(kind, slope, output, gradient, units);
        }
    }
}

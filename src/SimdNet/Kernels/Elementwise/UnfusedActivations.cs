using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>From the kind of an activation that is not fused to its operator: the one place that such an activation is entered.</summary>
internal static unsafe class UnfusedActivations<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>destination = f(x), or destination = destination · f′(x).</summary>
    /// <param name="kind">f.</param>
    /// <param name="parameter">Its number, where it has one.</param>
    /// <param name="x">What f is applied to. Forward, it may be the destination.</param>
    /// <param name="destination">The result, or the gradient.</param>
    /// <param name="length">Elements of each.</param>
    /// <param name="isForward">Which of the two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of these.</exception>
    [MethodImpl(Compiled.Entry)]
    public static void Run(ActivationKind kind, T parameter, T* x, T* destination, nint length, bool isForward)
    {
        switch (kind)
        {
            case ActivationKind.Elu: Run(new ExponentialLinearActivation<T, TPrecision>(T.One, parameter), x, destination, length, isForward); break;
            case ActivationKind.Selu: Run(ExponentialLinearActivation<T, TPrecision>.Selu, x, destination, length, isForward); break;
            case ActivationKind.Gelu: Run(default(GeluActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.GeluTanh: Run(default(GeluTanhActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.Silu: Run(default(SiluActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.Mish: Run(default(MishActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.Softplus: Run(default(SoftplusActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.Softsign: Run(default(SoftsignActivation<T, TPrecision>), x, destination, length, isForward); break;
            case ActivationKind.HardSigmoid: Run(default(HardSigmoidActivation<T>), x, destination, length, isForward); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an element-wise activation.");
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Run<TActivation>(TActivation activation, T* x, T* destination, nint length, bool isForward)
        where TActivation : struct, IUnfusedActivation<T>
    {
        if (isForward)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(activation, x, destination, length);
        }
        else
        {
            ElementwiseLoop<T, TVector, TWidth>.Binary(new Backward<TActivation>(activation), x, destination, destination, length);
        }
    }

    /// <summary>g · f′(x).</summary>
    private readonly struct Backward<TActivation>(TActivation activation) : IBinary<T>
        where TActivation : struct, IUnfusedActivation<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther x, TOther gradient)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => TOtherWidth.Multiply(gradient, activation.Derivative<TOther, TOtherWidth>(x));
    }
}

using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>From the kind of an activation to its operator: the one place that a new activation is entered.</summary>
internal static unsafe class Activations<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>values = f(values).</summary>
    public static void Activate(ActivationKind kind, T slope, T* values, nint length) => Dispatch(kind, slope, null, values, length);

    /// <summary>gradient = gradient · f′.</summary>
    public static void ActivateGradient(ActivationKind kind, T slope, T* output, T* gradient, nint length) => Dispatch(kind, slope, output, gradient, length);

    [MethodImpl(Compiled.Entry)]
    private static void Dispatch(ActivationKind kind, T slope, T* output, T* values, nint length)
    {
        switch (kind)
        {
            case ActivationKind.Identity: break;
            case ActivationKind.Sigmoid: Run(default(SigmoidActivation<T, TPrecision>), output, values, length); break;
            case ActivationKind.Tanh: Run(default(TanhActivation<T, TPrecision>), output, values, length); break;
            case ActivationKind.ReLU: Run(default(ReLUActivation<T>), output, values, length); break;
            case ActivationKind.LeakyReLU: Run(new LeakyReLUActivation<T>(slope), output, values, length); break;
            case ActivationKind.Softmax:
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an element-wise activation.");
        }
    }

    /// <summary>Forward where there is no output yet, backward where there is.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Run<TActivation>(TActivation activation, T* output, T* values, nint length)
        where TActivation : struct, IActivation<T>
    {
        if (output is null)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(new Forward<TActivation>(activation), values, values, length);
        }
        else
        {
            ElementwiseLoop<T, TVector, TWidth>.Binary(new Backward<TActivation>(activation), output, values, values, length);
        }
    }

    /// <summary>f(x).</summary>
    private readonly struct Forward<TActivation>(TActivation activation) : IUnary<T>
        where TActivation : struct, IActivation<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther x)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => activation.Invoke<TOther, TOtherWidth>(x);
    }

    /// <summary>g · f′(x), with f′ from f(x).</summary>
    private readonly struct Backward<TActivation>(TActivation activation) : IBinary<T>
        where TActivation : struct, IActivation<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther output, TOther gradient)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => TOtherWidth.Multiply(gradient, activation.Derivative<TOther, TOtherWidth>(output));
    }
}

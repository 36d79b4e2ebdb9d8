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
    /// <summary>destination = f(x). The destination may be x.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Activate(ActivationKind kind, T slope, T* x, T* destination, nint length)
    {
        if (kind != ActivationKind.Identity)
        {
            Use(kind, slope, new Forwards(x, destination, length));
        }
        else if (x != destination)
        {
            new ReadOnlySpan<T>(x, (int)length).CopyTo(new(destination, (int)length));
        }
    }

    /// <summary>gradient = gradient · f′.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void ActivateGradient(ActivationKind kind, T slope, T* output, T* gradient, nint length)
    {
        if (kind != ActivationKind.Identity)
        {
            Use(kind, slope, new Backwards(output, gradient, length));
        }
    }

    /// <summary>f(x) of one vector, whose lanes stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(ActivationKind kind, T slope, TVector x) => kind switch
    {
        ActivationKind.Sigmoid => default(SigmoidActivation<T, TPrecision>).Invoke<TVector, TWidth>(x),
        ActivationKind.Tanh => default(TanhActivation<T, TPrecision>).Invoke<TVector, TWidth>(x),
        ActivationKind.ReLU => default(ReLUActivation<T>).Invoke<TVector, TWidth>(x),
        ActivationKind.LeakyReLU => new LeakyReLUActivation<T>(slope).Invoke<TVector, TWidth>(x),
        _ => x,
    };

    /// <summary>f′ of one vector, from f's output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(ActivationKind kind, T slope, TVector output) => kind switch
    {
        ActivationKind.Sigmoid => default(SigmoidActivation<T, TPrecision>).Derivative<TVector, TWidth>(output),
        ActivationKind.Tanh => default(TanhActivation<T, TPrecision>).Derivative<TVector, TWidth>(output),
        ActivationKind.ReLU => default(ReLUActivation<T>).Derivative<TVector, TWidth>(output),
        ActivationKind.LeakyReLU => new LeakyReLUActivation<T>(slope).Derivative<TVector, TWidth>(output),
        _ => TWidth.Broadcast(T.One),
    };

    /// <summary>Hands the kind's operator to <paramref name="use"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Softmax is not element-wise.</exception>
    [MethodImpl(Compiled.Entry)]
    public static void Use<TUse>(ActivationKind kind, T slope, TUse use)
        where TUse : struct, IActivationUse<T>
    {
        switch (kind)
        {
            case ActivationKind.Identity: use.Run(default(IdentityActivation<T>)); break;
            case ActivationKind.Sigmoid: use.Run(default(SigmoidActivation<T, TPrecision>)); break;
            case ActivationKind.Tanh: use.Run(default(TanhActivation<T, TPrecision>)); break;
            case ActivationKind.ReLU: use.Run(default(ReLUActivation<T>)); break;
            case ActivationKind.LeakyReLU: use.Run(new LeakyReLUActivation<T>(slope)); break;
            case ActivationKind.Softmax:
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an element-wise activation.");
        }
    }

    private readonly struct Forwards(T* x, T* destination, nint length) : IActivationUse<T>
    {
        [MethodImpl(Compiled.Entry)]
        public void Run<TActivation>(TActivation activation)
            where TActivation : struct, IActivation<T>
            => ElementwiseLoop<T, TVector, TWidth>.Unary(new Forward<TActivation>(activation), x, destination, length);
    }

    private readonly struct Backwards(T* output, T* gradient, nint length) : IActivationUse<T>
    {
        [MethodImpl(Compiled.Entry)]
        public void Run<TActivation>(TActivation activation)
            where TActivation : struct, IActivation<T>
            => ElementwiseLoop<T, TVector, TWidth>.Binary(new Backward<TActivation>(activation), output, gradient, gradient, length);
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

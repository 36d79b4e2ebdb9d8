using System;
using System.Collections.Generic;

namespace SimdNet.Tests.Support;

/// <summary>A user's activation: x · |x| / 2, or with a number, times that.</summary>
internal sealed class SignedSquare(double factor = 0.5) : CustomActivation("signed-square", factor)
{
    private readonly double _factor = factor;

    public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units)
    {
        T factor = T.CreateTruncating(_factor);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = factor * x[i] * T.Abs(x[i]);
        }
    }

    public override void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units)
    {
        T factor = T.CreateTruncating(2 * _factor);
        for (int i = 0; i < x.Length; i++)
        {
            gradient[i] *= factor * T.Abs(x[i]);
        }
    }
}

/// <summary>A user's layer: a·x + b·x², each feature with parameters of its own. What it keeps is x².</summary>
internal sealed class ParabolaLayer() : CustomLayer("parabola")
{
    public override IReadOnlyList<CustomParameter> ParametersFor(int inputs) => [new("slope", [inputs], Initializer.Constant(1)), new("bend", [inputs], Initializer.Normal(0.1))];

    public override int KeptPerRow(int inputs) => inputs;

    public override void Forward<T>(in LayerContext<T> context, ReadOnlySpan<T> input, Span<T> output)
    {
        ReadOnlySpan<T> slope = context.Parameter(0);
        ReadOnlySpan<T> bend = context.Parameter(1);
        for (int i = 0; i < input.Length; i++)
        {
            T square = input[i] * input[i];
            output[i] = (slope[i % context.Inputs] * input[i]) + (bend[i % context.Inputs] * square);
            if (context.IsTraining)
            {
                context.Kept[i] = square;
            }
        }
    }

    public override void InputGradient<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        ReadOnlySpan<T> slope = context.Parameter(0);
        ReadOnlySpan<T> bend = context.Parameter(1);
        for (int i = 0; i < input.Length; i++)
        {
            inputGradient[i] = outputGradient[i] * (slope[i % context.Inputs] + (bend[i % context.Inputs] * (input[i] + input[i])));
        }
    }

    public override void ParameterGradients<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient)
    {
        for (int i = 0; i < input.Length; i++)
        {
            context.Gradient(0)[i % context.Inputs] += outputGradient[i] * input[i];
            context.Gradient(1)[i % context.Inputs] += outputGradient[i] * context.Kept[i];
        }
    }
}

/// <summary>What readers of texts and files with the tests' own parts are given.</summary>
internal static class CustomParts
{
    public static LayerRegistry Registry { get; } = new LayerRegistry()
        .AddLayer("parabola", _ => new ParabolaLayer())
        .AddActivation("signed-square", numbers => new SignedSquare(numbers[0]));
}

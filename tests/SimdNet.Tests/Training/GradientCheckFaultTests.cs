using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>The gradient check on every kind of layer, and on users' own parts: right ones pass, and each way to get one wrong is found in the tensor that shows it.</summary>
[Trait("Suite", "Isa")]
public sealed class GradientCheckFaultTests
{
    [Theory]
    [InlineData("3,8:tanh,dropout(0.5),4:tanh,2")]
    [InlineData("3,8,layernorm,tanh,2")]
    [InlineData("3,8:no-bias,batchnorm,tanh,2")]
    [InlineData("3,8:tanh,residual(5:tanh,dropout(0.2),8),2")]
    [InlineData("3,8:gelu,6:mish,4:selu,2:softplus")]
    [InlineData("3,8:relu:l1=0.01:l2=0.02,2")]
    public void Layers_of_every_kind_pass(string spec)
    {
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            Network<float> network = NetworkSpec.Parse(spec).Build<float>(seed);
            GradientCheckReport report = GradientCheck.Run(network, Loss.MeanSquaredError, GradientCheck.SampleData(network, Loss.MeanSquaredError, seed: seed), new() { MostSkipped = 0.2 });
            Assert.True(report.Passed, report.ToString());
            Assert.All(report.Tensors, tensor => Assert.DoesNotContain("running", tensor.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Frozen_layers_are_left_out()
    {
        Network<double> network = NetworkSpec.Parse("3,4:tanh,2").Build<double>();
        network.Freeze(0);
        GradientCheckReport report = GradientCheck.Run(network, Loss.MeanSquaredError, GradientCheck.SampleData(network, Loss.MeanSquaredError));
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["W2", "b2"], report.Tensors.Select(tensor => tensor.Name));
        Assert.True(network.IsFrozen(0));
    }

    [Fact]
    public void Parts_of_ones_own_pass_where_they_are_right()
    {
        Network<float> network = NetworkSpec.Input(3).Custom(new ParabolaLayer()).Dense(4, Activation.Custom(new SignedSquare())).Dense(2).Build<float>();
        GradientCheckReport report = Check(network, new Cubic(1));
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void A_wrong_derivative_of_an_activation_shows_below_it()
    {
        GradientCheckReport report = Check(NetworkSpec.Input(3).Dense(4, Activation.Custom(new Softer(0.99))).Dense(2).Build<double>(), Loss.MeanSquaredError);
        Assert.True(report.Tensors[0].Failed > 0 && report.Tensors[1].Failed > 0, report.ToString());
        Assert.All(report.Tensors.Skip(2), tensor => Assert.Equal(0, tensor.Failed));
        Assert.True(Check(NetworkSpec.Input(3).Dense(4, Activation.Custom(new Softer(1))).Dense(2).Build<double>(), Loss.MeanSquaredError).Passed);
    }

    [Fact]
    public void A_wrong_derivative_of_a_loss_shows_everywhere()
    {
        GradientCheckReport report = Check(NetworkSpec.Input(3).Dense(4, Activation.Tanh).Dense(2).Build<double>(), new Cubic(1.001));
        Assert.All(report.Tensors, tensor => Assert.Equal(tensor.Compared, tensor.Failed));
    }

    [Theory]
    [InlineData(LayerFault.None, 0)]
    [InlineData(LayerFault.InputGradient, 2)]
    [InlineData(LayerFault.ParameterGradient, 1)]
    public void A_wrong_derivative_of_a_layer_shows_where_it_is(LayerFault fault, int tensors)
    {
        Network<double> network = NetworkSpec.Input(3).Dense(4, Activation.Tanh).Custom(new Scaled(fault)).Dense(2).Build<double>();
        GradientCheckReport report = Check(network, Loss.MeanSquaredError);
        Assert.Equal(tensors, report.Tensors.Count(tensor => tensor.Failed > 0));
        Assert.Equal(fault == LayerFault.ParameterGradient, report.Tensors[2].Failed > 0);
        Assert.Equal(fault == LayerFault.None, report.Passed);
    }

    [Fact]
    public void A_layer_that_keeps_a_state_does_not_repeat()
    {
        GradientCheckReport report = Check(NetworkSpec.Input(3).Dense(4, Activation.Custom(new Drifting())).Dense(2).Build<double>(), Loss.MeanSquaredError);
        Assert.False(report.Repeats);
        Assert.Contains(report.Complaints, complaint => complaint.Contains("second run", StringComparison.Ordinal));
    }

    private static GradientCheckReport Check<T>(Network<T> network, Loss loss)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => GradientCheck.Run(network, loss, GradientCheck.SampleData(network, loss));

    /// <summary>x / (1 + |x|), whose derivative is off by a factor for negative x.</summary>
    private sealed class Softer(double factor) : CustomActivation("softer", factor)
    {
        private readonly double _factor = factor;

        public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units)
        {
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] / (T.One + T.Abs(x[i]));
            }
        }

        public override void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units)
        {
            for (int i = 0; i < x.Length; i++)
            {
                T divisor = T.One + T.Abs(x[i]);
                gradient[i] *= (x[i] < T.Zero ? T.CreateTruncating(_factor) : T.One) / (divisor * divisor);
            }
        }
    }

    /// <summary>An activation that counts its calls and adds a little for each.</summary>
    private sealed class Drifting() : CustomActivation("drifting")
    {
        private int _calls;

        public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y, int units)
        {
            _calls++;
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] + T.CreateTruncating(1e-3 * _calls);
            }
        }

        public override void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> gradient, int units)
        {
        }
    }

    /// <summary>Σ |p − y|³ / 3, whose derivative is off by a factor.</summary>
    private sealed record Cubic(double Factor) : CustomLoss("cubic", Factor)
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            T sum = T.Zero;
            for (int i = 0; i < output.Length; i++)
            {
                T error = output[i] - target[i];
                gradient[i] = T.CreateTruncating(Factor) * error * T.Abs(error);
                sum += T.Abs(error * error * error) / T.CreateTruncating(3);
            }

            return sum;
        }
    }

    public enum LayerFault
    {
        None,
        InputGradient,
        ParameterGradient,
    }

    /// <summary>Each feature times a factor of its own, whose derivatives can be wrong.</summary>
    private sealed class Scaled(LayerFault fault) : CustomLayer("scaled")
    {
        private readonly LayerFault _fault = fault;

        public override IReadOnlyList<CustomParameter> ParametersFor(int inputs) => [new("factor", [inputs], Initializer.Normal(1))];

        public override void Forward<T>(in LayerContext<T> context, ReadOnlySpan<T> input, Span<T> output)
        {
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = input[i] * context.Parameter(0)[i % context.Inputs];
            }
        }

        public override void InputGradient<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        {
            for (int i = 0; i < input.Length; i++)
            {
                inputGradient[i] = _fault == LayerFault.InputGradient ? outputGradient[i] : outputGradient[i] * context.Parameter(0)[i % context.Inputs];
            }
        }

        public override void ParameterGradients<T>(in LayerContext<T> context, ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient)
        {
            // The fault: the first feature is left out.
            for (int i = 0; i < input.Length; i++)
            {
                context.Gradient(0)[i % context.Inputs] += _fault == LayerFault.ParameterGradient && i % context.Inputs == 0 ? T.Zero : outputGradient[i] * input[i];
            }
        }
    }
}

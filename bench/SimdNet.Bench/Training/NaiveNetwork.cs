using System;
using System.Linq;

namespace SimdNet.Bench.Training;

/// <summary>A fully connected network and its gradient descent as a textbook writes them: scalar loops over arrays, one layer after the other.</summary>
internal sealed class NaiveNetwork
{
    private readonly Layer[] _layers;
    private readonly float _rate;

    /// <summary>A network with a copy of the parameters of another.</summary>
    public NaiveNetwork(Network<float> network, float rate)
    {
        DenseSpec[] specs = [.. network.Spec.Layers.Cast<DenseSpec>()];
        _layers = new Layer[specs.Length];
        int inputs = network.Inputs;
        for (int i = 0; i < specs.Length; i++)
        {
            _layers[i] = new(inputs, specs[i].Units, specs[i].Activation.Kind, network.GetParameter($"W{i + 1}").ToArray(), network.GetParameter($"b{i + 1}").ToArray());
            inputs = specs[i].Units;
        }

        _rate = rate;
    }

    /// <summary>One step on half the squared error.</summary>
    /// <returns>The loss before the step.</returns>
    public float Step(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        Layer last = Forward(x);
        float loss = 0;
        for (int j = 0; j < last.Units; j++)
        {
            float difference = last.Output[j] - target[j];
            loss += 0.5f * difference * difference;
            last.Gradient[j] = difference * last.Derivative(last.Output[j]);
        }

        Backward(x);
        return loss;
    }

    /// <summary>One step on the cross-entropy of a softmax.</summary>
    /// <returns>The loss before the step.</returns>
    public float Step(ReadOnlySpan<float> x, int label)
    {
        Layer last = Forward(x);
        for (int j = 0; j < last.Units; j++)
        {
            last.Gradient[j] = last.Output[j] - (j == label ? 1 : 0);
        }

        float loss = -MathF.Log(last.Output[label]);
        Backward(x);
        return loss;
    }

    private Layer Forward(ReadOnlySpan<float> x)
    {
        foreach (Layer layer in _layers)
        {
            layer.Forward(x);
            x = layer.Output;
        }

        return _layers[^1];
    }

    private void Backward(ReadOnlySpan<float> x)
    {
        for (int i = _layers.Length - 1; i > 0; i--)
        {
            _layers[i].BackwardAndStep(_layers[i - 1], _rate);
        }

        _layers[0].Step(x, _rate);
    }

    private sealed class Layer(int inputs, int units, ActivationKind activation, float[] weights, float[] bias)
    {
        public int Units { get; } = units;

        public float[] Output { get; } = new float[units];

        /// <summary>With respect to the sums before the activation.</summary>
        public float[] Gradient { get; } = new float[units];

        public void Forward(ReadOnlySpan<float> x)
        {
            bias.CopyTo(Output, 0);
            for (int i = 0; i < inputs; i++)
            {
                float value = x[i];
                ReadOnlySpan<float> row = weights.AsSpan(i * Units, Units);
                Span<float> sums = Output.AsSpan(0, Units);
                for (int j = 0; j < row.Length && j < sums.Length; j++)
                {
                    sums[j] += value * row[j];
                }
            }

            Activate();
        }

        /// <summary>The gradient of the layer before, and the step of this one, in one pass over the weights.</summary>
        public void BackwardAndStep(Layer before, float rate)
        {
            for (int i = 0; i < inputs; i++)
            {
                float scaled = rate * before.Output[i];
                Span<float> row = weights.AsSpan(i * Units, Units);
                ReadOnlySpan<float> gradient = Gradient.AsSpan(0, Units);
                float sum = 0;
                for (int j = 0; j < row.Length && j < gradient.Length; j++)
                {
                    sum += row[j] * gradient[j];
                    row[j] -= scaled * gradient[j];
                }

                before.Gradient[i] = sum * before.Derivative(before.Output[i]);
            }

            StepBias(rate);
        }

        public void Step(ReadOnlySpan<float> x, float rate)
        {
            for (int i = 0; i < inputs; i++)
            {
                float scaled = rate * x[i];
                Span<float> row = weights.AsSpan(i * Units, Units);
                ReadOnlySpan<float> gradient = Gradient.AsSpan(0, Units);
                for (int j = 0; j < row.Length && j < gradient.Length; j++)
                {
                    row[j] -= scaled * gradient[j];
                }
            }

            StepBias(rate);
        }

        /// <summary>The activation's derivative, from its output.</summary>
        public float Derivative(float y) => activation switch
        {
            ActivationKind.Sigmoid => y * (1 - y),
            ActivationKind.Tanh => 1 - (y * y),
            ActivationKind.ReLU => y > 0 ? 1 : 0,
            ActivationKind.Identity => 1,
            _ => throw new NotSupportedException($"{activation} has no derivative of one element."),
        };

        private void StepBias(float rate)
        {
            for (int j = 0; j < Units; j++)
            {
                bias[j] -= rate * Gradient[j];
            }
        }

        private void Activate()
        {
            if (activation == ActivationKind.Softmax)
            {
                Softmax();
                return;
            }

            foreach (ref float value in Output.AsSpan())
            {
                value = activation switch
                {
                    ActivationKind.Sigmoid => 1 / (1 + MathF.Exp(-value)),
                    ActivationKind.Tanh => MathF.Tanh(value),
                    ActivationKind.ReLU => MathF.Max(value, 0),
                    ActivationKind.Identity => value,
                    _ => throw new NotSupportedException($"{activation} is not written here."),
                };
            }
        }

        private void Softmax()
        {
            float largest = float.NegativeInfinity;
            foreach (float value in Output)
            {
                largest = MathF.Max(largest, value);
            }

            float sum = 0;
            foreach (ref float value in Output.AsSpan())
            {
                value = MathF.Exp(value - largest);
                sum += value;
            }

            foreach (ref float value in Output.AsSpan())
            {
                value /= sum;
            }
        }
    }
}

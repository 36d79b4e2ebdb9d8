using System;

namespace SimdNet.Startup;

/// <summary>A network and what it is trained on.</summary>
internal sealed class Training
{
    private readonly Trainer<float> _trainer;
    private readonly float[] _inputs;
    private readonly float[] _targets;

    private Training(NetworkSpec spec, int rows)
    {
        Random random = new(1);
        _inputs = new float[rows * spec.Inputs];
        _targets = new float[rows * spec.Outputs];
        foreach (ref float value in _inputs.AsSpan())
        {
            value = random.NextSingle();
        }

        foreach (ref float value in _targets.AsSpan())
        {
            value = random.NextSingle();
        }

        _trainer = new(spec.Build<float>(), Loss.HalfSquaredError, new Sgd { LearningRate = 1e-6 }, new() { MaxBatch = rows });
    }

    /// <summary>Single samples, 4-8-8-1.</summary>
    public static Training Small() => new(NetworkSpec.Input(4).Dense(8, Activation.Tanh).Dense(8, Activation.Tanh).Dense(1, Activation.Tanh), 1);

    /// <summary>Batches of 32, 784-128-10.</summary>
    public static Training Digits() => new(NetworkSpec.Input(784).Dense(128, Activation.ReLU).Dense(10, Activation.Sigmoid), 32);

    public float Step() => _trainer.Step(_inputs, _targets);
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>A small training whose epochs measure what a script says, under the name "scripted", and that notes the parameters after each of them.</summary>
internal sealed class Scripted
{
    public const string Name = "scripted";

    private readonly List<float[]> _after = [];

    public Scripted(params double[] values)
    {
        Values = values;
        Random random = new(11);
        Data = new(Enumerable.Range(0, 20 * 3).Select(_ => random.NextSingle()).ToArray(), 3, Enumerable.Range(0, 20).Select(i => i % 3).ToArray());
        Network = NetworkSpec.Input(3).Dense(4, Activation.Tanh).Dense(3, Activation.Softmax).Build<float>(seed: 5);
        Trainer = new(Network, Loss.CrossEntropy, new Adam { LearningRate = 0.05 });
        Logs = new()
        {
            EpochEnd = context =>
            {
                context.Log(Name, values[context.Epoch - 1]);
                _after.Add(Network.ParameterBlock.ToArray());
            },
        };
    }

    public double[] Values { get; }

    public Dataset<float> Data { get; }

    public Network<float> Network { get; }

    public Trainer<float> Trainer { get; }

    /// <summary>What logs the script; it comes first.</summary>
    public LambdaCallback<float> Logs { get; }

    /// <summary>The parameters after an epoch, counted from 1.</summary>
    public float[] After(int epoch) => _after[epoch - 1];

    public History Fit(params Callback<float>[] callbacks) => Fit(CancellationToken.None, callbacks);

    public History Fit(CancellationToken cancellationToken, params Callback<float>[] callbacks) =>
        Trainer.Fit(Data, new() { Epochs = Values.Length, BatchSize = 8, Callbacks = [Logs, .. callbacks] }, cancellationToken);
}

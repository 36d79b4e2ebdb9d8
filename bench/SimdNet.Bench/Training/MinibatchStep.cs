using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>One step on a batch of samples.</summary>
/// <remarks>With softmax, cross-entropy on classes; else half the squared error on targets.</remarks>
public sealed record MinibatchStepCase(string Name, NetworkSpec Spec, int Rows, Optimizer Optimizer)
    : NetworkCase(Name, Spec, Rows, Step(Spec))
{
    private static readonly NetworkSpec Small = Uniform(Activation.Tanh, 4, 8, 8, 1);
    private static readonly NetworkSpec Medium = NetworkSpec.Input(10).Dense(32, Activation.ReLU).Dense(32, Activation.ReLU).Dense(2, Activation.Softmax);

    /// <summary>Dense layers with the two optimizers that most training has, then the first of them with each other layer added, and with each other optimizer that takes minibatches: L-BFGS takes full batches alone.</summary>
    public static IEnumerable<MinibatchStepCase> All =>
    [
        new("784-128-10 batch 32 sgd", Digits(128), 32, new Sgd { LearningRate = Samples.Rate }),
        new("784-128-10 batch 128 sgd", Digits(128), 128, new Sgd { LearningRate = Samples.Rate }),
        new("784-128-10 batch 32 adam", Digits(128), 32, new Adam { LearningRate = Samples.Rate }),
        new("784-128-10 batch 128 adam", Digits(128), 128, new Adam { LearningRate = Samples.Rate }),
        new("4-8-8-1 tanh batch 8 sgd", Small, 8, new Sgd { LearningRate = Samples.Rate }),
        new("4-8-8-1 tanh batch 32 sgd", Small, 32, new Sgd { LearningRate = Samples.Rate }),
        new("10-32-32-2 batch 8 sgd", Medium, 8, new Sgd { LearningRate = Samples.Rate }),
        new("10-32-32-2 batch 32 sgd", Medium, 32, new Sgd { LearningRate = Samples.Rate }),
        Added("dropout", Hidden.Activate(Activation.ReLU).Dropout(0.2)),
        Added("layernorm", Hidden.LayerNorm().Activate(Activation.ReLU)),
        Added("batchnorm", Hidden.BatchNorm().Activate(Activation.ReLU)),
        Added("residual", Hidden.Activate(Activation.ReLU).Residual(block => block.Dense(128, Activation.ReLU).Dense(128))),
        Updated("momentum", new Sgd { LearningRate = Samples.Rate, Momentum = 0.9 }),
        Updated("nesterov", new Sgd { LearningRate = Samples.Rate, Momentum = 0.9, Nesterov = true }),
        Updated("adamw", new AdamW { LearningRate = Samples.Rate }),
        Updated("nadam", new NAdam { LearningRate = Samples.Rate }),
        Updated("rmsprop", new RmsProp { LearningRate = Samples.Rate }),
        Updated("adagrad", new Adagrad { LearningRate = Samples.Rate }),
        Updated("rprop", new Rprop { LearningRate = Samples.Rate, LeastStep = Samples.Rate, MostStep = Samples.Rate }),
    ];

    /// <summary>The parameters and each moment of the optimizer.</summary>
    public override Demand Demand => StepDemand(MinibatchStep.Pool, blocks: Optimizer switch
    {
        Sgd { Momentum: 0 } => 1,
        Sgd or RmsProp or Adagrad => 2,
        _ => 3,
    });

    /// <summary>TorchSharp's networks are of dense layers, its steps plain or Adam's: PyTorch, whose library it calls, stands for it elsewhere.</summary>
    public override bool IsFor(string implementation) => implementation != Implementations.TorchSharp || (Spec.Layers.All(layer => layer is DenseSpec) && Optimizer is Adam or Sgd { Momentum: 0 });

    public override NetworkTask Task => new(NetworkWork.Step, Spec, Rows, MinibatchStep.Pool, Optimizer);

    /// <summary>Whether targets are classes.</summary>
    public bool HasLabels => Spec.OutputActivation == Activation.Softmax;

    private static NetworkSpec Hidden => NetworkSpec.Input(784).Dense(128);

    private static MinibatchStepCase Added(string layer, NetworkSpec spec) => new($"784-128-10 batch 32 sgd, {layer}", spec.Dense(10, Activation.Softmax), 32, new Sgd { LearningRate = Samples.Rate });

    private static MinibatchStepCase Updated(string name, Optimizer optimizer) => new($"784-128-10 batch 32 {name}", Digits(128), 32, optimizer);
}

/// <summary>Trainer.Step on batches in turn from more samples than L2 holds where they are images, as in an epoch.</summary>
public class MinibatchStep
{
    internal const int Pool = 2048;

    private Samples _samples = null!;
    private Trainer<float> _trainer = null!;
    private TorchNetwork _torch = null!;

    [ParamsSource(nameof(Cases))]
    public MinibatchStepCase Case { get; set; } = null!;

    /// <summary>SimdNet's; more than one make a team.</summary>
    public int Threads { get; init; } = 1;

    public IEnumerable<MinibatchStepCase> Cases => MinibatchStepCase.All;

    [GlobalSetup(Target = nameof(SimdNet))]
    public void SetUpSimdNet()
    {
        Start();
        WarmUp.Run(() => SimdNet());
    }

    [GlobalSetup(Target = nameof(TorchSharp))]
    public void SetUpTorchSharp()
    {
        Start();
        Dataset<float> data = Case.HasLabels ? _samples.ToDataset() : _samples.ToDatasetWithTargets();
        _torch = new(Case.Spec.Build<float>(), Case.Optimizer, data, Case.Rows);
        Agreement.Check<float>(LossesOf(SimdNet), LossesOf(TorchSharp), Case.Name);
        WarmUp.Run(() => TorchSharp());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public float SimdNet()
    {
        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _trainer.Step(x, _samples.Labels) : _trainer.Step(x, _samples.Targets);
    }

    [Benchmark(Description = Implementations.TorchSharp)]
    public float TorchSharp() => _torch.Step();

    private void Start()
    {
        _samples = new(Case.Spec, Pool, Case.Rows);
        _trainer = new(Case.Spec.Build<float>(), Case.HasLabels ? Loss.CrossEntropy : Loss.HalfSquaredError, Case.Optimizer, new() { MaxBatch = Case.Rows, Threads = Threads });
    }

    private static float[] LossesOf(Func<float> implementation)
    {
        float[] losses = new float[16];
        foreach (ref float loss in losses.AsSpan())
        {
            loss = implementation();
        }

        return losses;
    }
}

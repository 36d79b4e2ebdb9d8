using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Cli.Data;
using SimdNet.Model;

namespace SimdNet.Cli.Training;

/// <summary>Everything that a training is told, without contradictions: usage errors are found here, but for those that only the data tells. Nothing was written by then.</summary>
internal sealed class TrainingPlan
{
    private readonly LayerSpec[] _layers;
    private readonly DataSource? _data;

    /// <param name="given">What the user chose.</param>
    /// <param name="data">What to train on; null where rows are made up.</param>
    /// <param name="test">What to test on, not to train on; null for a split, or for nothing.</param>
    public TrainingPlan(TrainingChoices given, DataSource? data, DataSource? test)
    {
        TrainingChoices known = data?.Kind == DataKind.BuiltIn ? BuiltInDefaults.For(data.Text) : new();
        if (test is not null)
        {
            if (given.ValidationSplit is not null)
            {
                throw ToolException.Usage("--test and --validation-split both say what to hold out. Give one of them.");
            }

            known = known with { ValidationSplit = null };
        }

        if (given.Optimizer is not null && given.Optimizer != known.Optimizer)
        {
            // A rate is worth nothing to another optimizer than its own.
            known = known with { LearningRate = null };
        }

        TrainingChoices general = TrainingChoices.General;
        if ((given.Optimizer ?? known.Optimizer) is "rprop" or "lbfgs")
        {
            // What they compare from step to step must be of the same rows.
            general = general with { BatchSize = FitOptions<float>.FullBatch };
            known = known with { BatchSize = null };
        }

        Choices = given.Or(known).Or(general);
        IsScaleGiven = given.Scale is not null;
        if (Choices is { Optimizer: "lbfgs", BatchSize: not FitOptions<float>.FullBatch })
        {
            throw ToolException.Usage($"--optimizer lbfgs takes all rows in one batch, and --batch-size is {Choices.BatchSize}. Leave it out.");
        }

        string? bound = Choices.ClipNorm is not null ? "--clip-norm" : Choices.ClipTensorNorm is not null ? "--clip-tensor-norm" : Choices.ClipValue is not null ? "--clip-value" : null;
        if (Choices.Optimizer == "lbfgs" && bound is not null)
        {
            throw ToolException.Usage($"{bound} bends the gradient, and lbfgs needs it as it is. Leave it out, or choose another --optimizer.");
        }

        _data = data;
        Test = test;
        _layers = Layers(Choices, data);
        OutputSpec = End(_layers);
        Loss = LossOf(Choices, OutputSpec);
        CheckLoss(OutputSpec);
        CheckClassWeights(OutputSpec);
        Optimizer = OptimizerChoice.Of(Choices);
        TrainerOptions = new() { Seed = Choices.Seed!.Value, ClipGlobalNorm = Choices.ClipNorm, ClipNorm = Choices.ClipTensorNorm, ClipValue = Choices.ClipValue, Schedule = OptimizerChoice.ScheduleOf(Choices) };
    }

    public TrainingChoices Choices { get; }

    public DataSource Data => _data ?? throw new InvalidOperationException("There is no data.");

    public bool HasData => _data is not null;

    public DataSource? Test { get; }

    /// <summary>The network from its last dense layer on: what its outputs are, and so what labels mean.</summary>
    public NetworkSpec OutputSpec { get; }

    /// <summary>Without class weights, which may depend on the data.</summary>
    public Loss Loss { get; }

    public Optimizer Optimizer { get; }

    /// <summary>Bounds of the gradient and the schedule, where there are any.</summary>
    public TrainerOptions TrainerOptions { get; }

    /// <summary>The layers, as they are trained.</summary>
    public IReadOnlyList<LayerSpec> LayerSpecs => _layers;

    /// <summary>Whether the user chose the scaling of the inputs.</summary>
    public bool IsScaleGiven { get; }

    /// <summary>Layers from another model, and layers that stay as they are.</summary>
    public TransferChoices Transfer { get; init; } = new();

    /// <summary>File of initial weights; null to initialise.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>The first rows that are used; null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>The threads that compute, the calling one among them: 1 to <see cref="WorkerTeam.MaxSize"/>. Results never depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Epochs between lines of progress; null where the tool decides.</summary>
    public int? LogEvery { get; init; }

    /// <summary>Where the model is saved; null for nowhere.</summary>
    public string? Output { get; init; }

    /// <summary>Where the weights are saved; null for nowhere.</summary>
    public string? WeightsOutput { get; init; }

    /// <summary>Stopping, restoring and logging.</summary>
    public CallbackChoices Callbacks { get; init; } = new();

    public bool Json { get; init; }

    /// <summary>What can be done, and is hardly meant.</summary>
    /// <param name="rows">Rows that are trained on.</param>
    public IEnumerable<string> Doubts(int rows)
    {
        if (Choices.Optimizer == "rprop" && Choices.BatchSize < rows)
        {
            yield return $"rprop goes by the sign of a gradient from step to step, and steps of {Choices.BatchSize} of {rows} rows change it by chance. Leave --batch-size out: all rows are a step then.";
        }

        if (Loss.Name == "hinge" && OutputSpec.OutputActivation.Kind is ActivationKind.Sigmoid or ActivationKind.HardSigmoid or ActivationKind.Softmax or ActivationKind.ReLU or ActivationKind.Softplus)
        {
            yield return $"hinge tells classes apart by the sign of an output, and {OutputSpec.OutputActivation} gives nothing negative. End --layers in an output without an activation or with tanh.";
        }
    }

    /// <summary>As <see cref="SpecFor"/>, with an error for the user.</summary>
    /// <exception cref="ToolException">The layers do not fit so many features.</exception>
    public NetworkSpec CheckedSpecFor(int features)
    {
        try
        {
            return SpecFor(features);
        }
        catch (ArgumentException error)
        {
            throw ToolException.Usage($"--layers does not fit {features} features: {ArgumentText.Of(error)}");
        }
    }

    /// <summary>The network for data with so many features.</summary>
    public NetworkSpec SpecFor(int features)
    {
        NetworkSpec spec = NetworkSpec.Input(features);
        foreach (LayerSpec layer in _layers)
        {
            spec = spec.Add(layer);
        }

        return spec;
    }

    /// <summary>The training as a search carries it out.</summary>
    public TrainingSetup<T> Setup<T>(int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(SpecFor(features))
        {
            Loss = Loss,
            Optimizer = Optimizer,
            Trainer = TrainerOptions,
            Fit = new() { Epochs = Choices.Epochs!.Value, BatchSize = Choices.BatchSize!.Value, Shuffle = Choices.NoShuffle != true, Seed = Choices.Seed!.Value },
            Seed = Choices.Seed.Value,
            InputScaler = rows => Choices.Scale!.Value.Fit(rows.Inputs.Span, rows.Features),
            TargetScaler = Choices.TargetDivisor is { } divisor ? Scaler<T>.Constant(divisor, OutputSpec.Outputs) : null,
        };

    /// <summary>The most rows of a step. A batch normalization takes a batch as a whole, for which room must be made.</summary>
    public int MaxBatch(NetworkSpec spec, int rows)
    {
        return HasBatchNorm(spec.Layers) ? Math.Max(1_024, Math.Min(Choices.BatchSize!.Value, rows)) : int.MaxValue;

        static bool HasBatchNorm(IEnumerable<LayerSpec> layers) => layers.Any(layer => layer is BatchNormSpec || (layer is ResidualSpec block && HasBatchNorm(block.Layers)));
    }

    private static NetworkSpec End(LayerSpec[] layers)
    {
        int last = Array.FindLastIndex(layers, layer => layer is DenseSpec);
        if (last < 0)
        {
            throw ToolException.Usage("--layers has no UNITS:ACTIVATION, which says how many outputs the network has. Give for example --layers 128:relu,10:softmax.");
        }

        NetworkSpec end = NetworkSpec.Input(1);
        foreach (LayerSpec layer in layers.AsSpan(last))
        {
            end = end.Add(layer);
        }

        return end;
    }

    private static LayerSpec[] Layers(TrainingChoices choices, DataSource? data)
    {
        IReadOnlyList<LayerSpec> layers = choices.Layers ?? throw ToolException.Usage($"--layers is missing{(data is null ? "" : $": {data.Text} does not say what network it needs")}. Give for example --layers 128:relu,10:softmax.");
        LayerSpec[] complete = new LayerSpec[layers.Count];
        for (int i = 0; i < complete.Length; i++)
        {
            complete[i] = Complete(layers[i], choices);
        }

        return complete;
    }

    private static LayerSpec Complete(LayerSpec layer, TrainingChoices choices) => layer switch
    {
        DenseSpec dense => dense with
        {
            UseBias = dense.UseBias && choices.NoBias != true,
            KernelInitializer = dense.KernelInitializer == Initializer.GlorotUniform ? choices.Initializer!.Value : dense.KernelInitializer,
            BiasInitializer = dense.BiasInitializer == Initializer.Zeros ? choices.BiasInitializer!.Value : dense.BiasInitializer,
        },
        ResidualSpec residual => new ResidualSpec([.. Array.ConvertAll([.. residual.Layers], inner => Complete(inner, choices))]),
        _ => layer,
    };

    private static Loss LossOf(TrainingChoices choices, NetworkSpec spec)
    {
        Loss loss = choices.Loss == "auto" ? Loss.Auto(spec) : Loss.Parse(choices.Loss!);
        return choices.LabelSmoothing is not { } share
            ? loss
            : loss == Loss.CrossEntropy
            ? Loss.SmoothedCrossEntropy(share)
            : throw ToolException.Usage($"--label-smoothing is cross-entropy's, and the loss is {loss}. {(loss.Name == "cross-entropy" ? "Give the share once." : "Leave it out, or add --loss cross-entropy.")}");
    }

    private void CheckClassWeights(NetworkSpec spec)
    {
        if (Choices.ClassWeights is not { } choice)
        {
            return;
        }

        if (spec.Outputs == 1 && spec.OutputActivation.Kind != ActivationKind.Sigmoid && Loss.Name is not ("bce" or "bce-with-logits" or "hinge"))
        {
            throw ToolException.Usage($"--class-weights needs classes, and --layers ends in one number. End it in 1:sigmoid or in CLASSES:softmax, or leave it out.");
        }

        int classes = Math.Max(2, spec.Outputs);
        if (choice.Given is { } weights && weights.Count != classes)
        {
            throw ToolException.Usage($"--class-weights has {weights.Count} number{(weights.Count == 1 ? "" : "s")}, and --layers tells {classes} classes apart. Give {classes}.");
        }

        if (Choices.TargetDivisor is not null)
        {
            throw ToolException.Usage($"--class-weights needs classes, and the targets of {Data.Text} are numbers. Leave it out.");
        }
    }

    private void CheckLoss(NetworkSpec spec)
    {
        try
        {
            Loss.CheckFits(spec);
        }
        catch (ArgumentException error)
        {
            throw ToolException.Usage($"--loss and --layers do not go together. {ArgumentText.Of(error)}");
        }
    }
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli.Training;

/// <summary>The options of a training, with the defaults of <see cref="TrainingChoices.General"/> in their descriptions.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<IReadOnlyList<LayerSpec>?> _layers = OptionOf.Parsed<IReadOnlyList<LayerSpec>?>(
        "--layers",
        "128:relu,10:softmax",
        "The layers: UNITS:ACTIVATION with relu, leaky-relu(S), elu, selu, gelu, gelu-tanh, silu, mish, softplus, softsign, tanh, sigmoid, hard-sigmoid, softmax, log-softmax, identity (no activation given); :l1=P and :l2=P behind them penalise the weights, :max-norm=N limits those of a unit; dropout(P), layernorm, batchnorm, residual(LAYER,...), or an activation alone. Needed for data that is not built in.",
        text => NetworkSpec.ParseLayers(text));

    private readonly Option<string?> _loss = OptionOf.Value<string?>(
        "--loss",
        "mse|mae|huber(D)|half-sse|bce|cross-entropy|hinge|poisson|kl|auto",
        "What is made smaller. auto: cross-entropy for softmax, bce for sigmoid, else mse. bce-with-logits is for outputs without an activation. [default: auto]",
        "one of auto, mse, mae, huber(D), half-sse, bce, bce-with-logits, cross-entropy, hinge, poisson, kl, with a positive D",
        (string text, out string? value) =>
        {
            value = text.Equals("auto", StringComparison.OrdinalIgnoreCase) ? "auto" : Loss.TryParse(text, out Loss? loss) ? loss.ToString() : null;
            return value is not null;
        });

    private readonly Option<double?> _labelSmoothing = OptionOf.Number("--label-smoothing", "S", "Share of each target of cross-entropy that is spread over all classes. [default: 0]", "a number from 0 to 1", share => share is >= 0 and <= 1);

    private readonly Option<ClassWeightsChoice?> _classWeights = OptionOf.Value<ClassWeightsChoice?>(
        "--class-weights", "balanced|W1,W2,…", "How much the rows of each class count; balanced: so that all classes weigh the same. [default: all alike]", ClassWeightsChoice.Wanted, ClassWeightsChoice.TryRead);

    private readonly Option<string?> _optimizer = OptionOf.Word("--optimizer", "How a gradient moves the parameters; rprop and lbfgs are for full batches. [default: adam]", OptimizerChoice.Names);

    private readonly Option<double?> _learningRate = OptionOf.Number("--learning-rate", "R", "Step size; where the steps of rprop start. [default: 0.001 for adam and adamw, 0.002 for nadam, 1 for lbfgs, else 0.01]", "a number that is not negative", rate => rate >= 0);

    private readonly Option<double?> _momentum = OptionOf.Number("--momentum", "M", "Momentum of sgd and rmsprop. [default: 0]", "a number from 0 to 1", momentum => momentum is >= 0 and <= 1);

    private readonly Option<bool> _nesterov = OptionOf.Flag("--nesterov", "Momentum of sgd that looks ahead.");

    private readonly Option<double?> _weightDecay = OptionOf.Number("--weight-decay", "D", "L2 penalty on all parameters; of adamw, a step takes learning rate times D of them off. [default: 0, 0.01 for adamw]", "a number that is not negative", decay => decay >= 0);

    private readonly Option<double?> _rho = OptionOf.Number("--rho", "R", "Decay of rmsprop's mean of squares. [default: 0.99]", "a number from 0 to below 1", rho => rho is >= 0 and < 1);

    private readonly Option<double?> _beta1 = OptionOf.Number("--beta1", "B", "Decay of the mean of gradients of adam, adamw and nadam. [default: 0.9]", "a number from 0 to below 1", beta => beta is >= 0 and < 1);

    private readonly Option<double?> _beta2 = OptionOf.Number("--beta2", "B", "Decay of the mean of squares of adam, adamw and nadam. [default: 0.999]", "a number from 0 to below 1", beta => beta is >= 0 and < 1);

    private readonly Option<double?> _epsilon = OptionOf.Number("--epsilon", "E", "What keeps the quotient of adam, adamw, nadam, rmsprop and adagrad finite where gradients are 0. [default: 1e-8, 1e-10 for adagrad]", "a positive number", epsilon => epsilon > 0);

    private readonly Option<double?> _clipNorm = OptionOf.Number("--clip-norm", "N", "Shortens gradients whose norm over all parameters is above N. [default: none]", "a positive number", norm => norm > 0);

    private readonly Option<double?> _clipTensorNorm = OptionOf.Number("--clip-tensor-norm", "N", "Shortens the gradient of each weight matrix and each bias whose own norm is above N, before --clip-norm. [default: none]", "a positive number", norm => norm > 0);

    private readonly Option<double?> _clipValue = OptionOf.Number("--clip-value", "V", "Cuts the values of gradients to -V..V. [default: none]", "a positive number", value => value > 0);

    private readonly Option<LearningRateSchedule?> _schedule = OptionOf.Parsed<LearningRateSchedule?>(
        "--schedule",
        "cosine(5000)",
        "How the learning rate changes with the steps: step(N,F), exponential(F), cosine(N), cosine-restarts(N,M), one-cycle(N), warmup(N), polynomial(N,P), plateau(N,F); cosine:N means the same as cosine(N); also warmup(N)+ one of the others. Before plateau, which counts epochs, warmup does too. [default: constant]",
        LearningRateSchedule.Parse);

    private readonly Option<string?> _schedulePer = OptionOf.Word("--schedule-per", "What --schedule counts. [default: step; epoch for plateau, which goes by the losses of epochs]", "step", "epoch");

    private readonly Option<int?> _epochs = OptionOf.Count("--epochs", "N", "Passes over the data; at most so many iterations of lbfgs. [default: 10]");

    private readonly Option<int?> _batchSize = OptionOf.Value<int?>("--batch-size", "N|full", "Rows a step. [default: 32, full for rprop and lbfgs]", "a whole number, at least 1, or full", (string text, out int? value) =>
    {
        value = FitOptions<float>.FullBatch;
        return text.Equals("full", StringComparison.OrdinalIgnoreCase) || OptionOf.TryReadCount(text, out value);
    });

    private readonly Option<string?> _precision = OptionOf.Word("--precision", "The numbers to compute with. [default: float32]", "float32", "float64");

    private readonly Option<Initializer?> _initializer = InitializerOption("--init", "How weights start: glorot-uniform, glorot-normal, he-uniform, he-normal, normal:S, uniform:A,B, constant:C, zeros. [default: glorot-uniform]");

    private readonly Option<Initializer?> _biasInitializer = InitializerOption("--bias-init", "How biases start, by the same names. [default: zeros]");

    private readonly Option<bool> _noBias = OptionOf.Flag("--no-bias", "Layers without biases.");

    private readonly Option<bool> _bias = OptionOf.Flag("--bias", "Layers with biases, which exam has not by itself.");

    private readonly Option<ulong?> _seed = OptionOf.Value<ulong?>("--seed", "N", "Decides initial weights, order and split. [default: 42]", "a whole number from 0", (string text, out ulong? value) =>
    {
        bool isSeed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed);
        value = seed;
        return isSeed;
    });

    private readonly Option<bool> _noShuffle = OptionOf.Flag("--no-shuffle", "Take the rows in their own order in every epoch.");

    private readonly Option<bool> _shuffle = OptionOf.Flag("--shuffle", "Another order in every epoch, which exam and xor have not by themselves.");

    private readonly Option<ScaleChoice?> _scale = OptionOf.Value<ScaleChoice?>("--scale", "none|max|minmax|standard|divide:X", "Scales inputs, per column or by a constant; it is saved with the model. [default: none]", ScaleChoice.Wanted, ScaleChoice.TryRead);

    private readonly Option<double?> _validationSplit = OptionOf.Number("--validation-split", "F", "Share of the rows to hold out instead of --test. [default: 0]", "a number from 0 to below 1", share => share is >= 0 and < 1);

    public IEnumerable<Option> All =>
    [
        _layers, _loss, _labelSmoothing, _classWeights, _optimizer, _learningRate, _momentum, _nesterov, _weightDecay, _rho, _beta1, _beta2, _epsilon, _clipNorm, _clipTensorNorm, _clipValue, _schedule, _schedulePer, _epochs, _batchSize, _precision,
        _initializer, _biasInitializer, _noBias, _bias, _seed, _noShuffle, _shuffle, _scale, _validationSplit,
    ];

    /// <summary>What was chosen on the command line, and nothing else.</summary>
    public TrainingChoices Read(ParseResult parsed) => new()
    {
        Layers = parsed.GetValue(_layers),
        Loss = parsed.GetValue(_loss),
        LabelSmoothing = parsed.GetValue(_labelSmoothing),
        ClassWeights = parsed.GetValue(_classWeights),
        Optimizer = parsed.GetValue(_optimizer),
        LearningRate = parsed.GetValue(_learningRate),
        Momentum = parsed.GetValue(_momentum),
        Nesterov = Given(parsed, _nesterov),
        WeightDecay = parsed.GetValue(_weightDecay),
        Rho = parsed.GetValue(_rho),
        Beta1 = parsed.GetValue(_beta1),
        Beta2 = parsed.GetValue(_beta2),
        Epsilon = parsed.GetValue(_epsilon),
        ClipNorm = parsed.GetValue(_clipNorm),
        ClipTensorNorm = parsed.GetValue(_clipTensorNorm),
        ClipValue = parsed.GetValue(_clipValue),
        Schedule = parsed.GetValue(_schedule),
        SchedulePer = parsed.GetValue(_schedulePer),
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batchSize),
        Precision = parsed.GetValue(_precision),
        Initializer = parsed.GetValue(_initializer),
        BiasInitializer = parsed.GetValue(_biasInitializer),
        NoBias = Either(parsed, _noBias, _bias),
        Seed = parsed.GetValue(_seed),
        NoShuffle = Either(parsed, _noShuffle, _shuffle),
        Scale = parsed.GetValue(_scale),
        ValidationSplit = parsed.GetValue(_validationSplit),
    };

    private static bool? Given(ParseResult parsed, Option<bool> flag) => parsed.GetValue(flag) ? true : null;

    /// <summary>Whether a flag or its opposite is given; null for neither.</summary>
    private static bool? Either(ParseResult parsed, Option<bool> flag, Option<bool> opposite) => (parsed.GetValue(flag), parsed.GetValue(opposite)) switch
    {
        (true, true) => throw ToolException.Usage($"{flag.Name} and {opposite.Name} contradict each other. Give one of them."),
        (false, false) => null,
        (bool isGiven, _) => isGiven,
    };

    private static Option<Initializer?> InitializerOption(string name, string description) =>
        OptionOf.Value<Initializer?>(name, "INIT", description, "glorot-uniform, glorot-normal, he-uniform, he-normal, normal:S, uniform:A,B, constant:C or zeros", (string text, out Initializer? value) =>
        {
            bool isKnown = Initializer.TryParse(text, out Initializer initializer);
            value = initializer;
            return isKnown;
        });
}

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>What <c>simdnet train --help</c> and the README promise: every choice by its name, each of which works.</summary>
public sealed partial class HelpTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Layers = ["UNITS:ACTIVATION", "dropout(P)", "layernorm", "batchnorm", "residual(LAYER,...)"];

    private static readonly string[] Activations =
    [
        "relu", "leaky-relu(S)", "elu", "selu", "gelu", "gelu-tanh", "silu", "mish", "softplus", "softsign", "tanh", "sigmoid", "hard-sigmoid", "softmax", "log-softmax", "identity",
    ];

    private static readonly string[] Losses = ["mse", "mae", "huber(D)", "half-sse", "bce", "cross-entropy", "hinge", "poisson", "kl"];

    private static readonly string[] Optimizers = ["sgd", "rmsprop", "adagrad", "adam", "adamw", "nadam", "rprop", "lbfgs"];

    private static readonly string[] Schedules = ["step(N,F)", "exponential(F)", "cosine(N)", "cosine-restarts(N,M)", "one-cycle(N)", "warmup(N)", "polynomial(N,P)", "plateau(N,F)"];

    private static readonly string[] Options =
    [
        "--layers", "--loss", "--label-smoothing", "--class-weights", "--optimizer", "--momentum", "--nesterov", "--weight-decay", "--rho", "--beta1", "--beta2", "--epsilon", "--clip-norm", "--clip-tensor-norm", "--clip-value", "--schedule", "--schedule-per", "--sample-weights", "--on-nan", "--rollback-factor", "--max-rollbacks", "--bias", "--shuffle",
        "--early-stopping", "--restore-best", "--checkpoint-best", "--csv-log", "--tensorboard", "--init-from", "--freeze",
    ];

    [Fact]
    public void Help_names_every_choice()
    {
        string help = Help("train");
        string[] missing = [.. Options.Concat(Layers).Concat(Activations).Concat(Losses).Concat(Optimizers).Concat(Schedules).Where(name => !IsNamed(help, name))];
        Assert.Empty(missing);
        foreach (string other in (string[])["--hings", "adamax", "swish", "log-cosh"])
        {
            Assert.False(IsNamed(help, other), other);
        }
    }

    /// <summary>Each name as it is written there, with numbers in place of letters.</summary>
    [Fact]
    public void Every_choice_of_the_help_works()
    {
        NetworkSpec all = NetworkSpec.Parse($"3,{string.Join(',', Activations.Select(activation => $"4:{Numbers(activation)}"))},dropout(0.5),layernorm,batchnorm,residual(4),2:softmax");
        Assert.Equal(Activations.Length + 5, all.Layers.Count);
        Assert.All(Losses, loss => Loss.Parse(Numbers(loss)));
        Assert.All(Schedules, schedule => LearningRateSchedule.Parse(Numbers(schedule)));
        foreach (string optimizer in Optimizers)
        {
            CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "3:softmax", "--epochs", "1", "--optimizer", optimizer);
        }
    }

    /// <summary>The README has a section for each of them; its code and commands are tested elsewhere.</summary>
    [Fact]
    public void The_README_names_every_part()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string[] parts =
        [
            "Dense", "dropout", "layer and batch normalization", "residual", "CustomLayer", "CustomLoss", "CustomActivation", "Freeze", "CopyLayersFrom",
            "ReLU", "leaky ReLU", "ELU", "SELU", "GELU", "SiLU", "Mish", "softplus", "softsign", "tanh", "sigmoid", "hard sigmoid", "softmax", "log-softmax",
            "MeanSquaredError", "MeanAbsoluteError", "Huber", "HalfSquaredError", "BinaryCrossEntropy", "BinaryCrossEntropyWithLogits", "CrossEntropy", "SmoothedCrossEntropy", "Hinge", "Poisson", "KullbackLeibler", "ClassWeights", "WithWeights",
            "Sgd", "RmsProp", "Adagrad", "Adam", "AdamW", "NAdam", "Rprop", "Lbfgs", "l2=", "max-norm", "ClipGlobalNorm", "LearningRateSchedule",
            "step", "exponential", "cosine", "restarts", "one-cycle", "warm-up", "plateau", "polynomial",
            "EarlyStopping", "RestoreBestWeights", "ModelCheckpoint", "CsvLogger", "LambdaCallback", "TerminateOnNaN", "TensorBoardCallback",
            "accuracy", "top-k", "precision", "recall", "F1", "ROC AUC", "confusion matrix", "MAE", "RMSE", "R²",
            "PartialFit", "Cross-validation", "RandomSearch", "grid", "LearningCurve", "GradientCheck", "NetworkGenerator", "simdnet tune", "simdnet gradcheck", "--tensorboard", "--init-from", "--freeze",
        ];
        string[] missing = [.. parts.Where(part => !text.Contains(part, StringComparison.Ordinal))];
        Assert.Empty(missing);
    }

    /// <summary>What two commands share means the same in both, or is described for each.</summary>
    [Fact]
    public void Help_of_a_command_is_of_that_command()
    {
        string[] ofTrain = ["Needed for data that is not built in", "[default: float32]"];
        Assert.All(ofTrain, part => Assert.Contains(part, Help("train"), StringComparison.Ordinal));
        string import = Help("import");
        Assert.All(ofTrain, part => Assert.DoesNotContain(part, import, StringComparison.Ordinal));
        Assert.Contains("[default: float64 where the file has such, else float32]", import, StringComparison.Ordinal);
        Assert.Contains("or an .npz", Help("inspect"), StringComparison.Ordinal);
        Assert.Contains("'simdnet train' or 'simdnet import' wrote", Help("predict"), StringComparison.Ordinal);
    }

    private string Help(string command) => string.Join(' ', CliProcess.Succeed(files.Path, command, "--help").Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As a word of its own: no letter, digit or hyphen around it.</summary>
    private static bool IsNamed(string help, string name) => Regex.IsMatch(help, $"(?<![\\w-]){Regex.Escape(name)}(?![\\w-])");

    /// <summary>A share for the one letter that takes no whole number, and whole numbers for the others.</summary>
    private static string Numbers(string choice) => Letters().Replace(choice.Replace("F", "0.5", StringComparison.Ordinal), "2");

    [GeneratedRegex("[SDNMP](?=[,)])")]
    private static partial Regex Letters();
}

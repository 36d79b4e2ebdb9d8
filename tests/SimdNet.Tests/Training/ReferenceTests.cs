using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;
using Xunit.Sdk;

namespace SimdNet.Tests.Training;

/// <summary>Losses behind every kind of last layer, weights, penalties, L-BFGS and scores to the numbers of PyTorch and scikit-learn: Golden/references.py has the same in their words.</summary>
[Trait("Suite", "Isa")]
public sealed class ReferenceTests
{
    private static readonly Golden Numbers = Golden.Load("references");
    private static readonly Golden Given = Golden.Load("losses");
    private static readonly Golden Rows = Golden.Load("optimizers");

    private static readonly ClassWeights Weights = ClassWeights.Create(Given["class_weight"]);
    private static readonly ClassWeights Pair = ClassWeights.Create(Numbers["binary_weight"]);

    /// <summary>Name, loss, last activation, targets.</summary>
    public static TheoryData<string, Loss, Activation, string> Losses => new()
    {
        { "poisson_identity", Loss.Poisson, Activation.Identity, "counts" },
        { "poisson_softplus", Loss.Poisson, Activation.Softplus, "counts" },
        { "poisson_relu", Loss.Poisson, Activation.ReLU, "counts" },
        { "poisson_hardsigmoid", Loss.Poisson, Activation.HardSigmoid, "counts" },
        { "poisson_sigmoid", Loss.Poisson, Activation.Sigmoid, "counts" },
        { "poisson_softmax", Loss.Poisson, Activation.Softmax, "counts" },
        { "kl", Loss.KullbackLeibler, Activation.Softmax, "soft" },
        { "kl", Loss.KullbackLeibler, Activation.LogSoftmax, "soft" },
        { "kl_hot", Loss.KullbackLeibler, Activation.Softmax, "hot" },
        { "kl_hot", Loss.KullbackLeibler, Activation.LogSoftmax, "labels" },
        { "bce_hardsigmoid", Loss.BinaryCrossEntropy, Activation.HardSigmoid, "binary" },
        { "bce_softmax", Loss.BinaryCrossEntropy, Activation.Softmax, "soft" },
        { "bce_with_logits_soft", Loss.BinaryCrossEntropyWithLogits, Activation.Identity, "soft" },
        { "bce_with_logits_soft", Loss.BinaryCrossEntropy, Activation.Sigmoid, "soft" },
        { "hinge_identity", Loss.Hinge, Activation.Identity, "labels" },
        { "hinge_identity", Loss.Hinge, Activation.Identity, "hot" },
        { "hinge_tanh", Loss.Hinge, Activation.Tanh, "hot" },
        { "huber_half", Loss.Huber(0.5), Activation.Identity, "target" },
        { "huber_tanh", Loss.Huber(0.5), Activation.Tanh, "target" },
        { "mae_sigmoid", Loss.MeanAbsoluteError, Activation.Sigmoid, "target" },
        { "mse_elu", Loss.MeanSquaredError, Activation.Elu(), "target" },
        { "mse_selu", Loss.MeanSquaredError, Activation.Selu, "target" },
        { "mse_gelu", Loss.MeanSquaredError, Activation.Gelu, "target" },
        { "mse_silu", Loss.MeanSquaredError, Activation.Silu, "target" },
        { "mse_mish", Loss.MeanSquaredError, Activation.Mish, "target" },
        { "mse_softplus", Loss.MeanSquaredError, Activation.Softplus, "target" },
        { "mse_softsign", Loss.MeanSquaredError, Activation.Softsign, "target" },
        { "mse_hardsigmoid", Loss.MeanSquaredError, Activation.HardSigmoid, "target" },
        { "mse_softmax", Loss.MeanSquaredError, Activation.Softmax, "target" },
        { "mse_log_softmax", Loss.MeanSquaredError, Activation.LogSoftmax, "target" },
        { "smoothed", Loss.SmoothedCrossEntropy(0.25), Activation.Softmax, "labels" },
        { "smoothed", Loss.SmoothedCrossEntropy(0.25), Activation.LogSoftmax, "hot" },
        { "smoothed_soft", Loss.SmoothedCrossEntropy(0.25), Activation.Identity, "soft" },
        { "smoothed_class_weight", Loss.SmoothedCrossEntropy(0.25) with { ClassWeights = Weights }, Activation.Softmax, "labels" },
        { "soft_class_weight", Loss.CrossEntropy with { ClassWeights = Weights }, Activation.Softmax, "soft" },
        { "weighted_rows", Loss.CrossEntropy, Activation.Softmax, "labels*" },
        { "weighted_rows_and_classes", Loss.CrossEntropy with { ClassWeights = Weights }, Activation.Identity, "labels*" },
        { "mse_weighted_rows", Loss.MeanSquaredError, Activation.Identity, "target*" },
        { "hinge_class_weight", Loss.Hinge with { ClassWeights = Weights }, Activation.Identity, "hot" },
        { "kl_class_weight", Loss.KullbackLeibler with { ClassWeights = Weights }, Activation.Softmax, "hot" },
        { "bce_class_weight", Loss.BinaryCrossEntropy with { ClassWeights = Pair }, Activation.Sigmoid, "answers" },
        { "bce_class_weight", Loss.BinaryCrossEntropyWithLogits with { ClassWeights = Pair }, Activation.Identity, "answers" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_and_its_gradient_are_PyTorchs(string name, Loss loss, Activation output, string targets)
    {
        Network<double> network = Network(output, targets == "answers" ? 1 : 5);
        Dataset<double> data = Data(targets);
        Trainer<double> trainer = new(network, loss, new Sgd());
        double value = trainer.LossAndGradient(data);
        double[] gradient = NetworkCases.Parameters(network, trainer.GradientBlock);
        Numbers.AssertClose(name, [value], 1e-14);
        Numbers.AssertClose(name + "_grad", gradient, 1e-14);
        Numbers.AssertClose(name, [trainer.Evaluate(data).Loss], 1e-14);

        // Negative control: one number of the gradient, and the loss, in the last digits.
        gradient[^1] += 1e-13 * Math.Max(1, Math.Abs(gradient[^1]));
        Assert.ThrowsAny<XunitException>(() => Numbers.AssertClose(name + "_grad", gradient, 1e-14));
        Assert.ThrowsAny<XunitException>(() => Numbers.AssertClose(name, [value + (1e-13 * Math.Max(1, Math.Abs(value)))], 1e-14));
    }

    [Fact]
    public void Another_loss_than_the_one_named_is_noticed()
    {
        foreach ((string name, Loss loss, string targets) in ((string, Loss, string)[])[("huber_half", Loss.Huber(0.5 + 1e-9), "target"), ("smoothed", Loss.SmoothedCrossEntropy(0.25 + 1e-9), "labels"), ("weighted_rows", Loss.CrossEntropy, "labels")])
        {
            Trainer<double> trainer = new(Network(Activation.Identity, 5), loss, new Sgd());
            double value = trainer.LossAndGradient(Data(targets));
            Assert.ThrowsAny<XunitException>(() => Numbers.AssertClose(name, [value], 1e-14));
        }
    }

    [Fact]
    public void The_hinge_of_one_output_is_scikit_learns()
    {
        Network<double> network = Network(Activation.Identity, 1);
        Numbers.AssertClose("hinge_sklearn", [Of(Loss.Hinge)], 1e-14);

        // Negative control: a hinge that is bent near its corner.
        Assert.ThrowsAny<XunitException>(() => Numbers.AssertClose("hinge_sklearn", [Of(Loss.Huber(1))], 1e-14));

        double Of(Loss loss) => new Trainer<double>(network, loss, new Sgd()).Evaluate(Data("answers")).Loss;
    }

    public static TheoryData<string, string, Optimizer> Constraints => new()
    {
        { "penalties", "5,7:tanh:l1=0.003,4:relu:l2=0.02,3:softmax:l1=0.001:l2=0.01", new Sgd { LearningRate = 0.1, Momentum = 0.9 } },
        { "penalties_adam", "5,7:tanh:l1=0.003,4:relu:l2=0.02,3:softmax:l1=0.001:l2=0.01", new Adam { LearningRate = 0.01 } },
        { "max_norm", "5,7:tanh:max-norm=0.8,4:relu:max-norm=0.8,3:softmax:max-norm=0.8", new Sgd { LearningRate = 0.2, Momentum = 0.9 } },
        { "max_norm_adamw", "5,7:tanh:max-norm=0.9,4:relu:max-norm=0.9,3:softmax:max-norm=0.9", new AdamW { LearningRate = 0.02, WeightDecay = 0.1 } },
    };

    [Theory]
    [MemberData(nameof(Constraints))]
    public void Penalties_and_norms_as_in_PyTorch(string name, string spec, Optimizer optimizer)
    {
        AssertSteps(optimizer);
        Assert.ThrowsAny<XunitException>(() => AssertSteps(optimizer with { LearningRate = optimizer.LearningRate * (1 + 1e-7) }));

        void AssertSteps(Optimizer optimizer)
        {
            Network<double> network = NetworkSpec.Parse(spec).Build<double>();
            Rows.Initialize(network, "_0");
            Trainer<double> trainer = new(network, Loss.CrossEntropy, optimizer);
            double[] inputs = Rows["X"];
            int[] labels = Rows.Labels("labels");
            double[] losses = new double[50];
            for (int step = 0; step < losses.Length; step++)
            {
                int row = step * 8 % 40;
                losses[step] = trainer.Step(inputs.AsSpan(row * 5, 40), labels.AsSpan(row, 8));
            }

            Numbers.AssertClose(name, NetworkCases.Parameters(network, network.ParameterBlock), 1e-10);
            Numbers.AssertClose(name + "__loss", losses, 1e-10);
        }
    }

    /// <summary>
    /// Each iteration ends in the loss of PyTorch's: the direction, the first step and the extrapolation are the same. The searches differ in a zoom whose trial comes within a tenth of an end of its interval, of which there is none here:
    /// PyTorch lets the first such trial be, and moves the next to the tenth; here each is moved.
    /// </summary>
    [Theory]
    [InlineData("lbfgs_regression", "5,3:softmax:kernel=zeros", 10)]
    [InlineData("lbfgs_tanh_10", "5,7:tanh,4:tanh,3:softmax", 10)]
    [InlineData("lbfgs_tanh_3", "5,7:tanh,4:tanh,3:softmax", 3)]
    public void Iterations_of_lbfgs_are_PyTorchs(string name, string spec, int history)
    {
        double[] expected = Numbers[name + "__loss"];
        double[] losses = Iterate(history);
        Assert.Equal(expected.Length, Agreeing(losses));

        // Negative control: another history; the regression ends before it would matter, and has another penalty.
        Assert.True(Agreeing(name == "lbfgs_regression" ? Iterate(history, 0.0101) : Iterate(history + 1)) < expected.Length);

        double[] Iterate(int history, double decay = 0.01)
        {
            Network<double> network = NetworkSpec.Parse(spec).Build<double>();
            if (name != "lbfgs_regression")
            {
                Rows.Initialize(network, "_0");
            }

            Trainer<double> trainer = new(network, Loss.CrossEntropy, new Lbfgs { History = history, WeightDecay = decay, GradientTolerance = 1e-9 });
            Dataset<double> data = new(Rows["X"], 5, Rows.Labels("labels"));
            return [.. expected.Select(_ =>
            {
                trainer.Step(data);
                return trainer.Evaluate(data).Loss + (decay / 2 * network.ParameterBlock.ToArray().Sum(p => p * p));
            })];
        }

        int Agreeing(double[] losses) => losses.Zip(expected).TakeWhile(pair => Math.Abs(pair.First - pair.Second) <= 1e-8 * pair.Second).Count();
    }

    /// <summary>C = 2: half a sum of squares of the weights over twice the summed losses, biases left out.</summary>
    [Fact]
    public void A_logistic_regression_ends_where_scikit_learns_lbfgs_does()
    {
        // scikit-learn's search ends where the loss does not change any more, √ε from the minimum.
        Numbers.AssertClose("logistic", Learn(0.25), 1e-5);

        // Negative control: a penalty that is a hundredth stronger.
        Assert.ThrowsAny<XunitException>(() => Numbers.AssertClose("logistic", Learn(0.2525), 1e-5));

        static double[] Learn(double penalty)
        {
            Network<double> network = NetworkSpec.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"5,3:softmax:kernel=zeros:l2={penalty / 40:R}")).Build<double>();
            Trainer<double> trainer = new(network, Loss.CrossEntropy, new Lbfgs { GradientTolerance = 1e-10 });
            trainer.Fit(new(Rows["X"], 5, Rows.Labels("labels")), new() { Epochs = 200, BatchSize = FitOptions<double>.FullBatch });
            return network.GetParameter("W1").ToArray();
        }
    }

    /// <summary>Some classes are never there, some are never said, some are neither.</summary>
    [Fact]
    public void Scores_of_classes_that_are_absent_are_scikit_learns()
    {
        int noticed = 0;
        for (int number = 0; number < 8; number++)
        {
            int[] both = Numbers.Labels($"classes_{number}");
            int[] actual = both[..12];
            double[] outputs = [.. both[12..].SelectMany(said => Enumerable.Range(0, 6).Select(c => c == said ? 1.0 : 0))];
            double[] scores = [.. ((string[])["precision", "recall", "f1"]).SelectMany(name => ((string[])["macro", "micro"]).Select(averaging =>
            {
                Metric metric = Metric.Parse($"{name}-{averaging}", 6);
                metric.Update<double>(outputs, actual);
                return metric.Result;
            }))];
            Numbers.AssertClose($"scores_{number}", scores, 1e-14);

            // Negative control: the means over classes and those over rows, exchanged.
            double[] exchanged = [.. Enumerable.Range(0, scores.Length).Select(i => scores[i ^ 1])];
            noticed += Numbers[$"scores_{number}"].Zip(exchanged).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-14) ? 1 : 0;
        }

        Assert.True(noticed >= 6, $"{noticed} of 8");
    }

    /// <summary>A network whose logits of row i are row i of the predictions: inputs are the unit vectors, and so the gradient of the weights is that of the logits.</summary>
    private static Network<double> Network(Activation output, int columns)
    {
        Network<double> network = NetworkSpec.Input(7).Dense(columns, output, useBias: false).Build<double>();
        Span<double> weights = network.GetParameter("W1");
        double[] predictions = Given["prediction"];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = predictions[(i / columns * 5) + (i % columns)];
        }

        return network;
    }

    private static Dataset<double> Data(string targets)
    {
        double[] inputs = new double[7 * 7];
        for (int i = 0; i < 7; i++)
        {
            inputs[i * 8] = 1;
        }

        Dataset<double> data = targets.TrimEnd('*') switch
        {
            "labels" => new(inputs, 7, Given.Labels("class_target")),
            "answers" => new(inputs, 7, Numbers["binary_labels"], 1),
            "soft" => new(inputs, 7, Given["soft_target"], 5),
            "binary" => new(inputs, 7, Given["binary_target"], 5),
            "target" => new(inputs, 7, Given["target"], 5),
            string name => new(inputs, 7, Numbers[name], 5),
        };
        return targets.EndsWith('*') ? data.WithWeights(Numbers["row_weight"]) : data;
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

using SimdNet.IO;
using SimdNet.Kernels;
using SimdNet.Model;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>What training makes smaller: a formula over outputs p and targets y of a batch, [rows × outputs].</summary>
/// <remarks>Immutable, and shared freely by trainers and threads. The loss that is reported for several batches is the same formula over all their rows. At a kink the derivative is that of PyTorch: 0 where the absolute error is 0.</remarks>
public abstract record Loss
{
    /// <summary>Under which a model and a checkpoint note the loss, and its class weights.</summary>
    internal const string NameRemark = "loss";
    internal const string WeightsRemark = "class-weights";

    private const string Names = "mse, mae, huber(D), half-sse, bce, bce-with-logits, cross-entropy, cross-entropy(S), hinge, poisson, kl";

    private protected Loss(string name) => Name = name;

    /// <summary>½ Σ (p − y)² over all rows and outputs. Half of PyTorch's <c>MSELoss</c> with <c>reduction="sum"</c>.</summary>
    public static Loss HalfSquaredError { get; } = new SquaredErrorLoss("half-sse", isMean: false);

    /// <summary>Mean of (p − y)² over rows and outputs. Keras' <c>mse</c>, PyTorch's <c>MSELoss</c>.</summary>
    public static Loss MeanSquaredError { get; } = new SquaredErrorLoss("mse", isMean: true);

    /// <summary>Mean of |p − y| over rows and outputs. Keras' <c>mae</c>, PyTorch's <c>L1Loss</c>.</summary>
    public static Loss MeanAbsoluteError { get; } = new ElementwiseLoss("mae", ElementLoss.Absolute);

    /// <summary>
    /// Binary cross-entropy: mean of −y·ln p − (1 − y)·ln(1 − p) over rows and outputs. Targets lie in [0, 1]. PyTorch's <c>BCELoss</c>, Keras' <c>BinaryCrossentropy</c>.
    /// </summary>
    /// <remarks>
    /// Behind a sigmoid it is computed from the logits, so that it is finite for every finite logit. Behind another last layer that gives numbers in [0, 1], such as softmax or hard sigmoid, it is computed from these, with
    /// PyTorch's bounds: a logarithm is −100 at least, and the derivative (p − y) / max(p·(1 − p), 1e-12). (Keras clips p to [1e-7, 1 − 1e-7] instead.)
    /// </remarks>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss("bce", withLogits: false);

    /// <summary>The same of outputs z that are logits, those of an identity: mean of max(z, 0) − z·y + ln(1 + e^−|z|). PyTorch's <c>BCEWithLogitsLoss</c>. Predictions of the network stay logits.</summary>
    public static Loss BinaryCrossEntropyWithLogits { get; } = new BinaryCrossEntropyLoss("bce-with-logits", withLogits: true);

    /// <summary>
    /// Categorical cross-entropy: mean over rows of −Σ y·ln p, computed from the logits of a softmax or log-softmax output by log-sum-exp; the outputs of an identity are taken as logits, as by PyTorch's <c>CrossEntropyLoss</c>, and
    /// predictions stay logits.
    /// </summary>
    /// <remarks>Targets are class labels, or rows of class probabilities such as one-hot rows; rows of other non-negative weights count by their sum.</remarks>
    public static Loss CrossEntropy { get; } = new CrossEntropyLoss(smoothing: 0);

    /// <summary>
    /// Hinge: mean of max(1 − y·p, 0) over rows and outputs. Targets are −1 and 1, or 0 and 1, where 0 counts as −1: one by one, where Keras' <c>Hinge</c> converts a batch as a whole. Labels of several classes are one against the
    /// rest. The derivative is 0 at the kink, as in PyTorch's <c>MultiMarginLoss</c>. Outputs are margins, those of an identity or of tanh; others are taken, as in Keras, but behind a sigmoid a target of −1 costs 1 at least.
    /// </summary>
    public static Loss Hinge { get; } = new ElementwiseLoss("hinge", ElementLoss.Hinge, TargetDomain.Signs);

    /// <summary>
    /// Poisson: the negative log-likelihood of counts y, without ln y!, as a mean over rows and outputs. Targets are not negative.
    /// </summary>
    /// <remarks>
    /// Outputs z of an identity are logarithms of rates: e^z − y·z, PyTorch's <c>PoissonNLLLoss</c>. Outputs p that cannot be negative, such as those of softplus, are rates: p − y·ln(p + 1e-8), PyTorch's with
    /// <c>log_input=False</c>, and Keras' <c>Poisson</c> but for its 1e-7.
    /// </remarks>
    public static Loss Poisson { get; } = new PoissonLoss();

    /// <summary>
    /// Kullback-Leibler divergence of the outputs from the targets: mean over rows of Σ y·(ln y − ln p), where 0·ln 0 is 0. Behind softmax or log-softmax, computed from the logits. Targets are rows of probabilities, or labels.
    /// </summary>
    /// <remarks>PyTorch's <c>KLDivLoss</c> of log-probabilities with <c>reduction="batchmean"</c> (its default divides by the outputs, too), and Keras' <c>KLDivergence</c> without its clipping to 1e-7.</remarks>
    public static Loss KullbackLeibler { get; } = new KullbackLeiblerLoss();

    /// <summary>mse, mae, huber, half-sse, bce, bce-with-logits, cross-entropy, hinge, poisson or kl.</summary>
    public string Name { get; }

    /// <summary>
    /// How much the rows of each class count; null, the default, for all alike. A part of the loss, as in PyTorch, so that it is the same formula wherever it is reported: in epochs, in validation and in evaluations. (Keras' and
    /// scikit-learn's are part of a fit.)
    /// </summary>
    /// <remarks>
    /// A row's terms are multiplied by its class's weight and by its own (<see cref="Dataset{T}.Weights"/>), and what is a mean is divided by the sum of these products instead of the number of rows: a row that weighs 2 is as good as
    /// two, one that weighs 0 is left out, and where all weigh nothing the loss is 0. A batch of one row has the loss of that row, whatever it weighs.
    /// The class of a row is its label, or that of a one-hot row, or of one target 0 (or −1) and 1; other targets are refused. The cross-entropy alone takes other rows of targets: as in PyTorch, each class' term is multiplied by its
    /// weight then, and the mean is divided by the rows' own weights.
    /// </remarks>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>Mean over rows and outputs of (p − y)²/2 up to |p − y| = δ, and of δ·(|p − y| − δ/2) beyond. PyTorch's <c>HuberLoss</c> and Keras' <c>Huber</c>.</summary>
    /// <param name="delta">δ, positive and finite. 1, as in both.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static Loss Huber(double delta = 1) => delta > 0 && double.IsFinite(delta)
        ? new ElementwiseLoss("huber", ElementLoss.Huber, parameter: delta)
        : throw new ArgumentOutOfRangeException(nameof(delta), delta, "The delta of Huber's loss is a positive finite number.");

    /// <summary><see cref="CrossEntropy"/> of smoothed targets, (1 − s)·y + s / classes (Szegedy et al. 2016). As PyTorch's and Keras' <c>label_smoothing</c>.</summary>
    /// <param name="smoothing">s, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static Loss SmoothedCrossEntropy(double smoothing) => smoothing is >= 0 and <= 1
        ? new CrossEntropyLoss(smoothing)
        : throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "Label smoothing is a share from 0 to 1.");

    /// <summary>The loss that <see cref="ToString"/> wrote: a name, with its number where it has one, as in <c>huber(1.5)</c> or, smoothed, <c>cross-entropy(0.1)</c>.</summary>
    /// <param name="name">The text.</param>
    /// <param name="registry">Makes users' own; null for the library's alone.</param>
    /// <exception cref="FormatException">There is no such loss, or its numbers are wrong.</exception>
    public static Loss Parse(string name, LossRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name) ?? registry?.Find(name) ?? throw new FormatException($"{Quoted.Of(name)} is not a loss. Choose one of {Names}; D is a positive number, S a share from 0 to 1.");
    }

    /// <summary>As <see cref="Parse"/> of the library's own losses, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, [NotNullWhen(true)] out Loss? loss)
    {
        loss = name is null ? null : Find(name);
        return loss is not null;
    }

    /// <summary>The loss that fits a network's output: cross-entropy for softmax and log-softmax, binary cross-entropy for sigmoid, else mean squared error.</summary>
    public static Loss Auto(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ActivationKind kind = spec.OutputActivation.Kind;
        return OutputRange.IsDistribution(kind) ? CrossEntropy : kind == ActivationKind.Sigmoid ? BinaryCrossEntropy : MeanSquaredError;
    }

    /// <summary>The loss that a model was trained with, with its class weights, where its metadata names one that fits, else <see cref="Auto"/>.</summary>
    /// <param name="network">The model.</param>
    /// <param name="registry">Makes users' own; null for the library's alone.</param>
    /// <exception cref="FormatException">The registry knows the loss, and its numbers are wrong.</exception>
    public static Loss Of<T>(Network<T> network, LossRegistry? registry = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkSpec spec = network.Spec;
        IDictionary<string, string> remarks = network.Metadata;
        if (!(remarks.TryGetValue(NameRemark, out string? name) && (Find(name) ?? registry?.Find(name)) is { } loss && loss.Fits(spec)))
        {
            return Auto(spec);
        }

        return remarks.TryGetValue(WeightsRemark, out string? text) && ClassWeights.TryParse(text, out ClassWeights? weights) && weights.Count == Classes(spec)
            ? loss with { ClassWeights = weights }
            : loss;
    }

    /// <summary>Notes the loss and its class weights, as <see cref="Of"/> reads them.</summary>
    internal void Note(IDictionary<string, string> remarks)
    {
        remarks[NameRemark] = ToString();
        if (ClassWeights is null)
        {
            remarks.Remove(WeightsRemark);
        }
        else
        {
            remarks[WeightsRemark] = ClassWeights.ToString();
        }
    }

    /// <summary>Whether the loss works on this network's output.</summary>
    internal virtual bool Fits(NetworkSpec spec) => true;

    /// <summary>Says whether the loss works on this network's output.</summary>
    /// <exception cref="ArgumentException">It does not, or there are not as many class weights as classes; the message says what it needs.</exception>
    public void CheckFits(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!Fits(spec))
        {
            throw new ArgumentException($"The loss {Name} needs a last layer with {Needed}, and the network ends in {spec.OutputActivation}. End it in {Needed}, or choose another loss.", nameof(spec));
        }

        if (ClassWeights is not null && ClassWeights.Count != Classes(spec))
        {
            throw new ArgumentException($"{ClassWeights.Count} class weights do not fit the network {spec.Short}, which tells {Classes(spec)} classes apart.", nameof(spec));
        }
    }

    /// <summary>The name, with its number where it has one.</summary>
    public sealed override string ToString() => Text;

    /// <summary>What <see cref="ToString"/> says.</summary>
    private protected virtual string Text => Name;

    /// <summary>Activations of a last layer that the loss fits, where not all do.</summary>
    internal virtual string Needed => "any activation";

    /// <summary>The loss at work for one network. Called once, so that a step makes no generic virtual call.</summary>
    internal abstract LossFunction<T> Bind<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Whether the library has a loss of the name, or means something else by it.</summary>
    internal static bool IsKnown(string name) => Find(name) is not null || name == "auto";

    private static int Classes(NetworkSpec spec) => Math.Max(2, spec.Outputs);

    private static Loss? Find(string text)
    {
        if (!CallText.TryParse(text, out string name, out double[] arguments))
        {
            return null;
        }

        if (arguments.Length > 0)
        {
            return arguments is not [double argument]
                ? null
                : name.ToUpperInvariant() switch
                {
                    "HUBER" when argument > 0 => Huber(argument),
                    "CROSS-ENTROPY" when argument is >= 0 and <= 1 => SmoothedCrossEntropy(argument),
                    _ => null,
                };
        }

        foreach (Loss loss in (ReadOnlySpan<Loss>)[MeanSquaredError, MeanAbsoluteError, HalfSquaredError, BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, Hinge, Poisson, KullbackLeibler])
        {
            if (string.Equals(loss.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return loss;
            }
        }

        return string.Equals(name, "huber", StringComparison.OrdinalIgnoreCase) ? Huber() : null;
    }
}

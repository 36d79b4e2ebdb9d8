using System;
using System.Diagnostics.CodeAnalysis;

using SimdNet.Training.Schedules;

namespace SimdNet;

/// <summary>How the learning rate changes while training goes on: a formula over the number t of steps, or of epochs, that were made before. PyTorch's formulas, in closed form, so that a training that is resumed goes on exactly.</summary>
/// <remarks>
/// The rate that an optimizer was made with is the one that a schedule starts from; it is η below. <see cref="TrainerOptions.Schedule"/> takes a schedule. A schedule in steps sets the rate before each step, also before those of
/// <see cref="Trainer{T}.Step(ReadOnlySpan{T}, ReadOnlySpan{T})"/>; one in epochs before each epoch of <see cref="Trainer{T}.Fit"/>. Optimizers' own settings, such as momentum, stay as they are.
/// Immutable, and shared freely by trainers and threads: what a plateau remembers belongs to the trainer. The function of <see cref="Custom"/> is called on the thread that trains.
/// </remarks>
/// <example>
/// <code>
/// LearningRateSchedule schedule = LearningRateSchedule.WarmUp(100, LearningRateSchedule.Cosine(5_000));
/// Trainer&lt;float&gt; trainer = new(network, Loss.CrossEntropy, new Adam(), new() { Schedule = schedule });
/// </code>
/// </example>
public abstract record LearningRateSchedule
{
    private const string InEpochs = " per epoch";
    private const string InSteps = " per step";

    private protected LearningRateSchedule()
    {
    }

    /// <summary>True where t counts epochs, false where it counts steps. False by default, but for plateau, which is told of epochs alone; a warm-up counts as what follows it.</summary>
    public bool PerEpoch { get; init; }

    /// <summary>η throughout. The default of a trainer.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>η·factor^⌊t / length⌋. PyTorch's <c>StepLR</c>.</summary>
    /// <param name="length">How long each rate lasts, at least 1.</param>
    /// <param name="factor">What the rate is multiplied by, positive. 0.1, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule Step(int length, double factor = 0.1) => new StepSchedule(length, factor);

    /// <summary>η·factorᵗ. PyTorch's <c>ExponentialLR</c>.</summary>
    /// <param name="factor">What the rate is multiplied by each time, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive and finite.</exception>
    public static LearningRateSchedule Exponential(double factor) => new ExponentialSchedule(factor);

    /// <summary>least + ½·(η − least)·(1 + cos(π·t / length)). PyTorch's <c>CosineAnnealingLR</c> (Loshchilov and Hutter 2017): after the length the rate rises again on the same curve; Keras' <c>CosineDecay</c> stays at the least.</summary>
    /// <param name="length">Steps or epochs from η to the least, at least 1.</param>
    /// <param name="least">The lowest rate, not negative. 0, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule Cosine(int length, double least = 0) => new CosineSchedule(length, least);

    /// <summary>The curve of <see cref="Cosine"/>, again and again from η, each time <paramref name="growth"/> times as long: with s the steps since the last restart and L the length of its curve, least + ½·(η − least)·(1 + cos(π·s / L)). PyTorch's <c>CosineAnnealingWarmRestarts</c>.</summary>
    /// <param name="length">Length of the first curve, at least 1.</param>
    /// <param name="growth">A whole number, at least 1. 1, as in PyTorch.</param>
    /// <param name="least">The lowest rate, not negative. 0, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule CosineRestarts(int length, int growth = 1, double least = 0) => new CosineRestartsSchedule(length, growth, least);

    /// <summary>
    /// From η / divisor up to η in the first <paramref name="rise"/> of the length, then down to η / (divisor · finalDivisor) at its end, where it stays; each on half a cosine. PyTorch's <c>OneCycleLR</c> (Smith and Topin 2019), where η is its
    /// <c>max_lr</c>; that also moves the momentum, and this does not.
    /// </summary>
    /// <param name="length">Steps or epochs of the whole, at least 1.</param>
    /// <param name="rise">The share of the length in which the rate rises, in [0, 1). 0.3, as in PyTorch.</param>
    /// <param name="divisor">At least 1. 25, as in PyTorch.</param>
    /// <param name="finalDivisor">At least 1. 10,000, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule OneCycle(int length, double rise = OneCycleSchedule.DefaultRise, double divisor = OneCycleSchedule.DefaultDivisor, double finalDivisor = OneCycleSchedule.DefaultFinalDivisor) => new OneCycleSchedule(length, rise, divisor, finalDivisor);

    /// <summary>η·(start + (1 − start)·t / length) before the length, then what <paramref name="then"/> says for t − length. PyTorch's <c>LinearLR</c>, then <c>SequentialLR</c>.</summary>
    /// <param name="length">Steps or epochs of the warm-up, at least 1.</param>
    /// <param name="then">What follows; η where null.</param>
    /// <param name="start">The share of η that it starts from, in [0, 1]. A third, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule WarmUp(int length, LearningRateSchedule? then = null, double start = WarmUpSchedule.DefaultStart) => new WarmUpSchedule(length, then ?? Constant, start);

    /// <summary>η·(1 − min(t, length) / length)^power. PyTorch's <c>PolynomialLR</c>.</summary>
    /// <param name="length">Steps or epochs from η to 0, at least 1.</param>
    /// <param name="power">Positive. 1, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule Polynomial(int length, double power = 1) => new PolynomialSchedule(length, power);

    /// <summary>
    /// The rate is multiplied by <paramref name="factor"/> after more than <paramref name="patience"/> epochs in a row whose loss was not below (1 − threshold) of the best: the validation loss, or without validation the training loss. PyTorch's
    /// <c>ReduceLROnPlateau</c>; Keras' waits one epoch less, and has an absolute threshold.
    /// </summary>
    /// <param name="patience">Epochs without improvement that are borne, not negative. 10, as in PyTorch and Keras.</param>
    /// <param name="factor">In (0, 1). 0.1, as in PyTorch and Keras.</param>
    /// <param name="threshold">In [0, 1). 1e-4, as in PyTorch.</param>
    /// <param name="cooldown">Epochs after a reduction that are not counted, not negative. 0, as in PyTorch and Keras.</param>
    /// <param name="least">The lowest rate, not negative. 0, as in PyTorch and Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LearningRateSchedule Plateau(int patience = 10, double factor = 0.1, double threshold = PlateauSchedule.DefaultThreshold, int cooldown = 0, double least = 0) => new PlateauSchedule(patience, factor, threshold, cooldown, least);

    /// <summary>A formula of one's own. Two schedules with the same delegate are equal. It cannot be parsed.</summary>
    /// <param name="rate">The rate from η and t; not negative and finite. It must say the same for the same numbers, so that a resumed training goes on as it would have.</param>
    public static LearningRateSchedule Custom(Func<double, long, double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return new CustomSchedule(rate);
    }

    /// <summary>The rate at a time. Of plateau, the rate before any reduction.</summary>
    /// <param name="initial">η.</param>
    /// <param name="count">t, the steps or epochs made before: 0 for the first.</param>
    public abstract double RateAt(double initial, long count);

    /// <summary>
    /// The schedule of the text that <see cref="ToString"/> writes: <c>constant</c>, <c>step(N,F)</c>, <c>exponential(F)</c>, <c>cosine(N)</c>, <c>cosine-restarts(N,M)</c>, <c>one-cycle(N)</c>, <c>warmup(N)</c>, <c>polynomial(N,P)</c> or <c>plateau(N,F)</c>,
    /// with the other numbers of the methods of these names after them where they are wanted; <c>cosine:N</c>, which no shell takes for its own, means the same; <c>warmup(N)+cosine(N)</c>, or <c>warmup:N+cosine:N</c>, for a warm-up and what follows; <c> per epoch</c> or <c> per step</c> at the end.
    /// </summary>
    /// <exception cref="FormatException">The text is no schedule; the message says what is wrong.</exception>
    public static LearningRateSchedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string body = text.Trim();
        bool? perEpoch = body.EndsWith(InEpochs, StringComparison.OrdinalIgnoreCase) ? true : body.EndsWith(InSteps, StringComparison.OrdinalIgnoreCase) ? false : null;
        if (perEpoch is not null)
        {
            body = body[..^(perEpoch.Value ? InEpochs : InSteps).Length];
        }

        LearningRateSchedule schedule = ScheduleText.Parse(body);
        return perEpoch is { } given ? schedule with { PerEpoch = given } : schedule;
    }

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LearningRateSchedule? schedule)
    {
        try
        {
            schedule = text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            schedule = null;
        }

        return schedule is not null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public sealed override string ToString() => PerEpoch == CountsEpochs ? Text : Text + (PerEpoch ? InEpochs : InSteps);

    /// <summary>The text without its unit.</summary>
    internal abstract string Text { get; }

    /// <summary><see cref="PerEpoch"/> where nobody chose.</summary>
    internal virtual bool CountsEpochs => false;

    /// <summary>What reduces the rate by the losses of epochs; null where nothing does.</summary>
    internal virtual PlateauSchedule? Reduction => null;
}

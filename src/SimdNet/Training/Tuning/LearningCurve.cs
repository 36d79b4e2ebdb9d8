using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Threading;

using SimdNet.Data;
using SimdNet.IO;
using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Tuning;

namespace SimdNet;

/// <summary>Loss and accuracy on rows that were trained on and on rows that were not, against the number of rows or of epochs: whether a network learns its data by heart, or too little.</summary>
/// <example>
/// <code>
/// Console.WriteLine(LearningCurve.OfRows(setup, digits));   // more rows, or a smaller network?
/// Console.WriteLine(LearningCurve.OfEpochs(history));       // more epochs, or fewer?
/// </code>
/// </example>
public sealed class LearningCurve
{
    private readonly string _axis;

    internal LearningCurve(string axis, IReadOnlyList<LearningCurvePoint> points, LearningVerdict verdict, string explanation)
    {
        _axis = axis;
        Points = points;
        Verdict = verdict;
        Explanation = explanation;
    }

    /// <summary>The points, from few rows or epochs to many.</summary>
    public IReadOnlyList<LearningCurvePoint> Points { get; }

    /// <summary>What the curve says, by the rule of the method that made it.</summary>
    public LearningVerdict Verdict { get; }

    /// <summary>The verdict in a sentence, with the numbers that led to it.</summary>
    public string Explanation { get; }

    /// <summary>A curve against the number of rows, as scikit-learn's <c>learning_curve</c>: each fold is held out in turn, and the first rows of the others are trained on, in an order that the seed decides.</summary>
    /// <remarks>
    /// The rule, with t and v the mean losses on trained and on held-out rows where all rows are used, and b the loss of the network before training: <see cref="LearningVerdict.Underfitting"/> where t &gt; b / 2; else
    /// <see cref="LearningVerdict.Overfitting"/> where v − t &gt; b / 10 and it is more than two standard errors of v; else <see cref="LearningVerdict.Fits"/>.
    /// With a batch normalization, which takes no batch of one row, a number of rows that would leave one is taken one smaller (2 where it is 1).
    /// </remarks>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="setup">What is trained, and how.</param>
    /// <param name="data">The rows, raw.</param>
    /// <param name="options">Shares, folds, seed; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or has fewer rows than there are folds.</exception>
    /// <exception cref="NonFiniteException">A loss or a parameter of a training became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LearningCurve OfRows<T>(TrainingSetup<T> setup, Dataset<T> data, LearningCurveOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        int folds = options.CrossValidation.Folds;
        CrossValidation.CheckRows(data.Rows, folds);
        int[] foldOfRow = FoldAssignment.Of(data, options.CrossValidation);

        // Every fold trains on as many rows, so that each point is a mean over equals.
        int all = Enumerable.Range(0, folds).Min(fold => foldOfRow.Count(other => other != fold));
        bool isWhole = setup.Spec.Build<T>(setup.Seed).TakesWholeBatches;
        int[] sizes = [.. options.Shares.Select(share => Trainable(Math.Max(1, (int)(share * all)))).Distinct().Order()];
        CurveWork<T> work = new()
        {
            Setup = setup,
            Data = data,
            FoldOfRow = foldOfRow,
            Sizes = sizes,
            Seed = options.CrossValidation.Seed,
            Results = new FoldResult[folds * sizes.Length],
            Untrained = new double[folds],
            CancellationToken = cancellationToken,
        };
        CrossValidation.Run(ref work, work.Results.Length, setup.TeamFor(options.CrossValidation));
        LearningCurvePoint[] points = new LearningCurvePoint[sizes.Length];
        for (int i = 0; i < points.Length; i++)
        {
            CrossValidationResult result = new([.. work.Results.Skip(i * folds).Take(folds)]);
            points[i] = new(sizes[i], result.TrainingLoss, result.Loss, result.TrainingAccuracy, result.Accuracy);
        }

        (LearningVerdict verdict, string explanation) = LearningVerdicts.OfRows(points[^1], MetricSummary.Of(work.Untrained).Mean, folds);
        return new("rows", points, verdict, explanation);

        int Trainable(int size)
        {
            bool leavesOne = isWhole && size % Math.Min(setup.Fit.BatchSize, size + 1) == 1;
            return !leavesOne ? size : size > 2 ? size - 1 : Math.Min(2, all);
        }
    }

    /// <summary>The curve of one training against its epochs.</summary>
    /// <remarks>
    /// The rule: <see cref="LearningVerdict.Overfitting"/> where the last validation loss is more than a tenth above its smallest, of an earlier epoch, and the training loss has fallen since; else
    /// <see cref="LearningVerdict.Underfitting"/> where the training loss fell by more than a twentieth over the last tenth of the epochs, so that more of them would go on; else <see cref="LearningVerdict.Fits"/>.
    /// </remarks>
    /// <param name="history">Of a fit with validation rows.</param>
    /// <exception cref="ArgumentException">There is no epoch, or there were no validation rows.</exception>
    public static LearningCurve OfEpochs(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Epochs.Count == 0 || history.Epochs.Any(epoch => epoch.ValidationLoss is null))
        {
            throw new ArgumentException("The history has no validation losses. Fit with FitOptions.Validation or ValidationSplit.", nameof(history));
        }

        LearningCurvePoint[] points =
        [
            .. history.Epochs.Select(epoch => new LearningCurvePoint(epoch.Epoch, new(epoch.Loss, 0), new(epoch.ValidationLoss!.Value, 0), Single(epoch.Accuracy), Single(epoch.ValidationAccuracy))),
        ];
        (LearningVerdict verdict, string explanation) = LearningVerdicts.OfEpochs(points);
        return new("epochs", points, verdict, explanation);
    }

    /// <summary>Writes the points as CSV. Numbers have as many digits as bring them back.</summary>
    /// <param name="path">The file, which is written whole or not at all.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveCsv(string path) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"{_axis},training_loss,training_loss_std,validation_loss,validation_loss_std,training_accuracy,training_accuracy_std,validation_accuracy,validation_accuracy_std");
        foreach (LearningCurvePoint point in Points)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Size},{Both(point.TrainingLoss)},{Both(point.ValidationLoss)},{Both(point.TrainingAccuracy)},{Both(point.ValidationAccuracy)}"));
        }
    });

    /// <summary>A row a point, and the verdict.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{_axis,8}  {"training loss",20}  {"validation loss",20}  {"training accuracy",17}  {"validation accuracy",19}\n");
        foreach (LearningCurvePoint point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Size,8}  {Number(point.TrainingLoss),20}  {Number(point.ValidationLoss),20}  {Share(point.TrainingAccuracy),17}  {Share(point.ValidationAccuracy),19}\n");
        }

        return text.Append(Verdict).Append(": ").Append(Explanation).Append('\n').ToString();
    }

    private static MetricSummary? Single(double? value) => value is { } number ? new(number, 0) : null;

    private static string Both(MetricSummary? metric) => metric is { } both ? string.Create(CultureInfo.InvariantCulture, $"{both.Mean:R},{both.StandardDeviation:R}") : ",";

    private static string Number(MetricSummary metric) => metric.StandardDeviation > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{metric.Mean:G4} ± {metric.StandardDeviation:G2}")
        : metric.Mean.ToString("G4", CultureInfo.InvariantCulture);

    private static string Share(MetricSummary? metric) => metric is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share.Mean:0.00} %") : "";

    /// <summary>A part is one fold at one number of rows; those of a number lie together.</summary>
    private struct CurveWork<T> : IPartedWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingSetup<T> Setup;
        public Dataset<T> Data;
        public int[] FoldOfRow;
        public int[] Sizes;
        public ulong Seed;
        public FoldResult[] Results;
        public double[] Untrained;
        public CancellationToken CancellationToken;

        public readonly void Run(int part, int worker)
        {
            (int size, int fold) = Math.DivRem(part, Untrained.Length);
            int[] rows = FoldAssignment.Rows(FoldOfRow, fold, held: false);
            int[] order = new int[rows.Length];
            BatchOrder.Permutation(order, Seed, RandomPurpose.Folds, (1UL << 32) + (ulong)fold);
            Dataset<T> training = Data.Select([.. order.Take(Sizes[size]).Select(place => rows[place])]);
            Dataset<T> held = Data.Select(FoldAssignment.Rows(FoldOfRow, fold, held: true));
            Trainer<T> trainer = Setup.TrainerFor(training);
            if (size == Sizes.Length - 1)
            {
                Untrained[fold] = trainer.Evaluate(training).Loss;
            }

            trainer.Fit(training, Setup.QuietFit, CancellationToken);
            Results[part] = new(fold, trainer.Evaluate(training), trainer.Evaluate(held));
        }
    }
}

/// <summary>One point of a learning curve; the spread is that over the folds, 0 for a single training.</summary>
/// <param name="Size">Rows that were trained on, or the epoch.</param>
/// <param name="TrainingLoss">Loss on the rows that were trained on.</param>
/// <param name="ValidationLoss">Loss on the rows held out.</param>
/// <param name="TrainingAccuracy">Accuracy on the rows that were trained on; null where the data has no classes.</param>
/// <param name="ValidationAccuracy">Accuracy on the rows held out, likewise.</param>
public sealed record LearningCurvePoint(int Size, MetricSummary TrainingLoss, MetricSummary ValidationLoss, MetricSummary? TrainingAccuracy, MetricSummary? ValidationAccuracy);

/// <summary>What a learning curve says.</summary>
public enum LearningVerdict
{
    /// <summary>Neither of the others.</summary>
    Fits,

    /// <summary>The network has learnt little of its own rows: more units, layers or epochs, another rate, or scaled inputs.</summary>
    Underfitting,

    /// <summary>The network is much better on its own rows than on others: more rows, dropout, penalties, fewer units or epochs.</summary>
    Overfitting,
}

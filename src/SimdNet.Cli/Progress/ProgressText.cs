using System;
using System.Globalization;
using System.Text;

namespace SimdNet.Cli.Progress;

/// <summary>Where a training is, as a line of text.</summary>
/// <param name="rowsBefore">Rows that were trained on before the clock began: those of a training that goes on.</param>
internal sealed class ProgressText(long rowsBefore)
{
    private readonly StringBuilder _text = new();
    private double _rows = rowsBefore;
    private double _seconds;
    private double? _heldLoss;
    private double? _heldAccuracy;

    /// <summary>The share of the training that is done, from 0 to 1.</summary>
    public static double Fraction(in FitProgress progress) => (progress.Epoch - 1 + ((double)progress.RowsDone / progress.Rows)) / progress.Epochs;

    /// <param name="progress">Where the training is.</param>
    /// <param name="title">What the text begins with.</param>
    /// <param name="beforeSpeed">What goes between measurements and speed: a space, or the end of a line.</param>
    public string Write(in FitProgress progress, string title, string beforeSpeed = "  ")
    {
        // Within an epoch, what was held out was last measured at the end of the epoch before.
        _heldLoss = progress.ValidationLoss ?? _heldLoss;
        _heldAccuracy = progress.ValidationAccuracy ?? _heldAccuracy;
        _text.Clear();
        Append($"{title}{progress.Epoch}/{progress.Epochs}  loss {progress.Loss:G4}");
        if (progress.Accuracy is { } accuracy)
        {
            Append($"  accuracy {100 * accuracy:0.0} %");
        }

        if (_heldAccuracy is { } heldAccuracy)
        {
            Append($"  held out {100 * heldAccuracy:0.0} %");
        }
        else if (_heldLoss is { } heldLoss)
        {
            Append($"  held-out loss {heldLoss:G4}");
        }

        // The rate since the last line: the first steps of a process are slow, and say little about those to come.
        double rows = ((progress.Epoch - 1.0) * progress.Rows) + progress.RowsDone;
        double seconds = progress.Elapsed.TotalSeconds;
        if (seconds > _seconds && rows > _rows)
        {
            double rate = (rows - _rows) / (seconds - _seconds);
            double left = (((double)progress.Epochs * progress.Rows) - rows) / rate;
            Append($"{beforeSpeed}{rate:N0} samples/s{(left > 0 ? $"  {Duration(left)} left" : "")}");
            (_rows, _seconds) = (rows, seconds);
        }

        return _text.ToString();
    }

    private static string Duration(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s")
        : seconds < 3_600
        ? TimeSpan.FromSeconds(seconds).ToString(@"m\:ss", CultureInfo.InvariantCulture)
        : seconds < 360_000
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3_600)}:{TimeSpan.FromSeconds(seconds):mm\\:ss}")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days");

    private void Append(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture));
}

using System.IO;

namespace SimdNet.Cli.Progress;

/// <summary>A line every few epochs.</summary>
internal sealed class PlainProgress
{
    /// <summary>A log is read whole: fifty lines show a curve, and leave room for other messages where a hundred are the limit.</summary>
    private const int MostLines = 50;

    private readonly TextWriter _output;
    private readonly int _interval;
    private readonly bool _showsLast;
    private readonly ProgressText _text;

    /// <param name="output">Where lines go.</param>
    /// <param name="epochs">Epochs of the training.</param>
    /// <param name="logEvery">Epochs between lines, at least 1; null for at most <see cref="MostLines"/> lines, of which one is for the last epoch.</param>
    /// <param name="rowsBefore">As in <see cref="ProgressText"/>.</param>
    public PlainProgress(TextWriter output, int epochs, int? logEvery, long rowsBefore)
    {
        _output = output;
        _text = new(rowsBefore);
        _interval = logEvery ?? (int)(((long)epochs + MostLines - 1) / MostLines);
        _showsLast = logEvery is null;
    }

    public void Report(FitProgress progress)
    {
        // Epochs can be shorter than a microsecond: those without a line cost a division.
        if (progress.EpochCompleted && (progress.Epoch % _interval == 0 || (_showsLast && progress.Epoch == progress.Epochs)))
        {
            _output.WriteLine(_text.Write(progress, "epoch "));
        }
    }
}

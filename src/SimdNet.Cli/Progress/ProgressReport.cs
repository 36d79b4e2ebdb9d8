using System;

namespace SimdNet.Cli.Progress;

/// <summary>Progress of a training on standard error: a live bar for a person who watches, lines for a file.</summary>
internal static class ProgressReport
{
    /// <summary>Runs a training under the report that suits standard error.</summary>
    /// <param name="epochs">Epochs of the training.</param>
    /// <param name="logEvery">Epochs between lines; null to let standard error decide.</param>
    /// <param name="rowsBefore">As in <see cref="ProgressText"/>.</param>
    /// <param name="fit">The training, given what it reports to.</param>
    public static History Show(int epochs, int? logEvery, long rowsBefore, Func<Action<FitProgress>, History> fit) =>
        logEvery is null && LiveProgress.IsPossible
            ? LiveProgress.Show(rowsBefore, fit)
            : fit(new PlainProgress(Console.Error, epochs, logEvery, rowsBefore).Report);
}

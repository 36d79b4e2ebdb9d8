using System;
using System.Diagnostics;

using Spectre.Console;
using Spectre.Console.Rendering;

namespace SimdNet.Cli.Progress;

/// <summary>A bar that moves, with what was measured beside it.</summary>
internal static class LiveProgress
{
    /// <summary>Ten pictures a second look alive; more would be spent on drawing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>What one line of bar, measurements and speed takes; narrower terminals get two.</summary>
    private const int LineWidth = 120;

    public static bool IsPossible => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static History Show(long rowsBefore, Func<Action<FitProgress>, History> fit)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        bool isWide = console.Profile.Width >= LineWidth;
        MeasurementColumn measurements = new();
        return console.Progress()
            .Columns(new ProgressBarColumn { Width = isWide ? 20 : 10 }, measurements)
            .Start(context =>
            {
                ProgressTask task = context.AddTask("training", maxValue: 1);
                ProgressText text = new(rowsBefore);
                long next = 0;
                return fit(progress =>
                {
                    long now = Stopwatch.GetTimestamp();
                    if (now >= next || (progress.EpochCompleted && progress.Epoch == progress.Epochs))
                    {
                        next = now + (long)(Interval.TotalSeconds * Stopwatch.Frequency);
                        measurements.Text = text.Write(progress, "", isWide ? "  " : "\n");
                        task.Value = ProgressText.Fraction(progress);
                    }
                });
            });
    }

    /// <summary>What was measured last, as it is: a task's description loses its line breaks, and its brackets are taken for markup.</summary>
    private sealed class MeasurementColumn : ProgressColumn
    {
        private volatile string _text = "";

        public string Text
        {
            set => _text = value;
        }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(_text);
    }
}

using System;
using System.Globalization;
using System.IO;
using System.Text.Json;

using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Training;

/// <summary>What came of a training, for a person or as JSON.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Spec">The network.</param>
/// <param name="Epochs">Epochs that were run.</param>
/// <param name="Time">Training time alone.</param>
/// <param name="Trained">Measured on the training rows after the last step.</param>
/// <param name="Tested">Measured on the rows held out; null where there are none.</param>
/// <param name="TellsClasses">Whether the network's outputs are classes.</param>
/// <param name="Fingerprint">SHA-256 of parameters and optimizer state after the training.</param>
/// <param name="StopReason">Why it ended before its last epoch; null where it did not.</param>
/// <param name="Restored">Which epoch's weights were restored; null where none were.</param>
/// <param name="BadNumbers">Numbers that were not finite and were dealt with; null where none was looked for.</param>
/// <param name="Curve">Training and validation by epoch; null where it was not asked for.</param>
/// <param name="From">The checkpoint that it went on from; null where it began.</param>
internal sealed record TrainingReport(TrainingPlan Plan, NetworkSpec Spec, int Epochs, TimeSpan Time, Evaluation Trained, Evaluation? Tested, bool TellsClasses, string Fingerprint, string? StopReason, string? Restored, int? BadNumbers, LearningCurve? Curve, CheckpointInfo? From)
{
    private double SamplesPerSecond => (double)Trained.Rows * Epochs / Time.TotalSeconds;

    public void WriteJson() => JsonLine.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("epochs", Epochs);
        json.WriteNumber("rows", Trained.Rows);
        json.WriteNumber("parameters", Spec.ParameterCount);
        json.WriteFinite("loss", Trained.Loss);
        json.WriteFinite("accuracy", Trained.Accuracy);
        json.WriteFinite("test_loss", Tested?.Loss);
        json.WriteFinite("test_accuracy", Tested?.Accuracy);
        json.WriteString("fingerprint", Fingerprint);
        json.WriteFinite("seconds", Time.TotalSeconds);
        json.WriteFinite("samples_per_second", SamplesPerSecond);
        if (BadNumbers is { } count)
        {
            json.WriteNumber("non_finite", count);
        }

        if (Curve is not null)
        {
            json.WriteString("verdict", Show.Verdict(Curve.Verdict));
        }

        if (Plan.Callbacks.Checkpoint is not null)
        {
            WriteResumed(json);
        }

        json.WriteEndObject();
    });

    public void WriteText()
    {
        string held = Plan.Test is null ? "held-out" : "test";
        TextReport.Line("rows", Show.Count(Trained.Rows));
        TextReport.Line("parameters", Show.Count(Spec.ParameterCount));
        TextReport.Line("epochs", Show.Count(Epochs));
        TextReport.Line("stopped", StopReason);
        TextReport.Line("restored", Restored);
        TextReport.Line("rolled back", Plan.Callbacks.OnNaN?.Policy == NonFiniteChoice.RollBack && BadNumbers > 0 ? $"{BadNumbers} time{(BadNumbers == 1 ? "" : "s")}" : null);
        TextReport.Line("resumed", From is null ? null : string.Create(CultureInfo.InvariantCulture, $"after {From.Epochs} epochs and {From.RowsDone} rows, {From.Steps} steps"));
        TextReport.Line("loss", Show.Number(Trained.Loss));
        TextReport.Line("accuracy", Show.Share(Trained.Accuracy));
        TextReport.Line($"{held} loss", Show.Number(Tested?.Loss));
        TextReport.Line($"{held} accuracy", Show.Share(Tested?.Accuracy));
        TextReport.Line("verdict", Curve is null ? null : $"{Show.Verdict(Curve.Verdict)}: {Curve.Explanation}");
        TextReport.Line("training time", string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds:0.###} s"));
        TextReport.Line("samples/s", double.IsFinite(SamplesPerSecond) ? Show.Count((long)SamplesPerSecond) : null);
        TextReport.Line("model", Plan.Output);
        TextReport.Line("weights", Plan.WeightsOutput);
        TextReport.Line("best model", Plan.Callbacks.CheckpointBest);
        TextReport.Line("log", Plan.Callbacks.CsvLog);
        TextReport.Line("learning curve", Plan.Callbacks.LearningCurve);
        TextReport.Line("TensorBoard", Plan.Callbacks.TensorBoard);
        TextReport.Line("checkpoint", Plan.Callbacks.Checkpoint?.Folder);
        Console.Out.WriteLine();
        WriteNextSteps();
    }

    private void WriteResumed(Utf8JsonWriter json)
    {
        if (From is null)
        {
            json.WriteNull("resumed");
            return;
        }

        json.WriteStartObject("resumed");
        json.WriteString("checkpoint", From.Path);
        json.WriteNumber("epochs", From.Epochs);
        json.WriteNumber("rows", From.RowsDone);
        json.WriteNumber("steps", From.Steps);
        json.WriteEndObject();
    }

    private void WriteNextSteps()
    {
        if (Plan.Output is null)
        {
            Console.Out.WriteLine("The model was not saved. Add --output MODEL.safetensors to keep it.");
            return;
        }

        string model = Shell.Quote(Plan.Output);
        DataSource data = Plan.Test ?? Plan.Data;
        Console.Out.WriteLine("What next:");
        if (data.HasTestRows)
        {
            Console.Out.WriteLine($"  {Shell.ToolName} evaluate {model} {data.Arguments(withLabels: true)}");
            Console.Out.WriteLine($"  {Shell.ToolName} predict {model} {data.Arguments(withLabels: false)}{(TellsClasses ? " --classes" : "")}");
        }

        Console.Out.WriteLine($"  {Shell.ToolName} inspect {model}");
        Console.Out.WriteLine($"  {Shell.ToolName} export {model} {Shell.Quote(Path.ChangeExtension(Plan.Output, ".npz"))}");
    }
}

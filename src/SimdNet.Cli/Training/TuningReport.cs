using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;

using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Training;

/// <summary>What came of a search, for a person or as JSON.</summary>
/// <param name="Result">The trials.</param>
/// <param name="Data">What was trained on.</param>
/// <param name="Rows">How many rows of it.</param>
/// <param name="Folds">Parts that were held out in turn.</param>
/// <param name="Curve">The learning curve of the best; null where none was asked for.</param>
internal sealed record TuningReport(SearchResult Result, DataSource Data, int Rows, int Folds, LearningCurve? Curve)
{
    private string Metric => Result.Metric switch
    {
        SearchMetric.Accuracy => "accuracy",
        SearchMetric.MeanAbsoluteError => "mae",
        _ => "loss",
    };

    public void WriteText(TuningChoices choices)
    {
        Console.Out.Write(Result);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Result.Trials.Count} trial{(Result.Trials.Count == 1 ? "" : "s")}, {Folds} folds of {Rows} rows, sorted by {Metric} on the rows held out; ± is the standard deviation over the folds."));
        if (Curve is not null)
        {
            Console.Out.WriteLine();
            Console.Out.Write(Curve);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine("What next:");
        Console.Out.WriteLine($"  {Shell.ToolName} train {Data.Arguments(withLabels: true)} {string.Join(' ', choices.Arguments(Result.Best.Values).Select(Shell.Quote))} --output MODEL.safetensors");
    }

    public void WriteJson() => JsonLine.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("metric", Metric);
        json.WriteNumber("rows", Rows);
        json.WriteNumber("folds", Folds);
        json.WriteStartArray("trials");
        for (int i = 0; i < Result.Trials.Count; i++)
        {
            Write(json, Result.Trials[i], i + 1);
        }

        json.WriteEndArray();
        if (Curve is not null)
        {
            json.WriteString("verdict", Show.Verdict(Curve.Verdict));
        }

        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Trial trial, int rank)
    {
        json.WriteStartObject();
        json.WriteNumber("rank", rank);
        json.WriteNumber("trial", trial.Number);
        json.WriteStartObject("values");
        foreach (string name in trial.Values.Names)
        {
            json.WriteString(name, trial.Values.Text(name));
        }

        json.WriteEndObject();
        CrossValidationResult? result = trial.Result;
        Write(json, "loss", result?.Loss);
        Write(json, "accuracy", result?.Accuracy);
        Write(json, "mean_absolute_error", result?.MeanAbsoluteError);
        Write(json, "training_loss", result?.TrainingLoss);
        Write(json, "training_accuracy", result?.TrainingAccuracy);
        json.WriteString("failure", trial.Failure);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, MetricSummary? metric)
    {
        json.WriteFinite(name, metric?.Mean);
        json.WriteFinite($"{name}_std", metric?.StandardDeviation);
    }
}

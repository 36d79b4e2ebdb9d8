using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Cli.Reports;

/// <summary>What an evaluation measured, for a person or as JSON.</summary>
/// <param name="Result">Rows, loss, accuracy.</param>
/// <param name="Metrics">What else was measured, in the order of the report.</param>
internal sealed record EvaluationReport(Evaluation Result, IReadOnlyList<Metric> Metrics)
{
    private const string Accuracy = "accuracy";

    public void WriteJson() => JsonLine.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("rows", Result.Rows);
        json.WriteFinite("loss", Result.Loss);
        json.WriteFinite(Accuracy, AccuracyOf());
        foreach (Metric metric in Metrics)
        {
            string name = metric.Name.Replace('-', '_');
            if (metric is ConfusionMatrix matrix)
            {
                json.WriteStartArray(name);
                for (int actual = 0; actual < matrix.Count; actual++)
                {
                    json.WriteStartArray();
                    for (int predicted = 0; predicted < matrix.Count; predicted++)
                    {
                        json.WriteNumberValue(matrix[actual, predicted]);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }
            else if (name != Accuracy)
            {
                json.WriteFinite(name, metric.Result);
            }
        }

        json.WriteEndObject();
    });

    public void WriteText()
    {
        TextReport.Line("rows", Show.Count(Result.Rows));
        TextReport.Line("loss", Show.Number(Result.Loss));
        TextReport.Line(Accuracy, Show.Share(AccuracyOf()));
        foreach (Metric metric in Metrics)
        {
            if (metric is ConfusionMatrix matrix)
            {
                TextReport.Line(metric.Name, "a row for each class, a column for each that was said");
                for (int actual = 0; actual < matrix.Count; actual++)
                {
                    TextReport.Line(actual.ToString(CultureInfo.InvariantCulture), RowOf(matrix, actual));
                }
            }
            else if (metric.Name != Accuracy)
            {
                TextReport.Line(metric.Name, Show.Number(metric.Result));
            }
        }
    }

    private double? AccuracyOf()
    {
        foreach (Metric metric in Metrics)
        {
            if (metric.Name == Accuracy)
            {
                return metric.Result;
            }
        }

        return Result.Accuracy;
    }

    private static string RowOf(ConfusionMatrix matrix, int actual)
    {
        string[] counts = new string[matrix.Count];
        for (int predicted = 0; predicted < counts.Length; predicted++)
        {
            counts[predicted] = matrix[actual, predicted].ToString(CultureInfo.InvariantCulture);
        }

        return string.Join(' ', counts);
    }
}

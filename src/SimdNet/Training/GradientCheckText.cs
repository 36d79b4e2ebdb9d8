using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SimdNet.Training;

/// <summary>A gradient check's report in words.</summary>
internal static class GradientCheckText
{
    private static readonly string[] Head = ["tensor", "shape", "compared", "at kinks", "failed", "norm error", "largest error", "at", "analytic", "numeric"];

    public static IReadOnlyList<string> Complaints(GradientCheckReport report, double mostSkipped)
    {
        List<string> complaints = [];
        if (report.Failed > 0)
        {
            GradientCheckTensor tensor = report.Tensors.First(tensor => tensor.Failed > 0);
            complaints.Add(Invariant($"{report.Failed} of {report.Compared} {What(report)} disagree, the first of them in {tensor.Name}"));
        }

        if (report.NormCounts && !(report.NormError <= GradientCheckReport.NormTolerance))
        {
            complaints.Add(Invariant($"the norm of the difference is {report.NormError:G3} of the norms, more than {GradientCheckReport.NormTolerance:G1}"));
        }

        if (!(report.SkippedShare <= mostSkipped))
        {
            complaints.Add(Invariant($"{100 * report.SkippedShare:0.#} % of the {What(report)} lie near a kink, more than {100 * mostSkipped:0.#} %: other parameters or other rows say more"));
        }

        if (!report.Repeats)
        {
            complaints.Add("a second run gave other bits: a layer keeps a state or draws numbers that do not follow from the step");
        }

        if (report.SinglePrecisionError is { } error && !(error <= GradientCheckReport.SinglePrecisionTolerance))
        {
            complaints.Add(Invariant($"the gradient in float is off that in double by {error:G3} of its norm, more than {GradientCheckReport.SinglePrecisionTolerance:G1}"));
        }

        return complaints;
    }

    public static string Write(GradientCheckReport report)
    {
        StringBuilder text = new();
        IReadOnlyList<string> complaints = report.Complaints;
        text.Append(CultureInfo.InvariantCulture, $"gradient check {(complaints.Count == 0 ? "passed" : "FAILED")}: loss {report.Loss:G6}, {report.Compared} {What(report)} compared, {report.Failed} disagree, {report.Skipped} skipped near kinks ({100 * report.SkippedShare:0.##} %), norm error {report.NormError:G3}");
        text.Append(report.SinglePrecisionError is { } single ? Invariant($", float against double {single:G3}\n") : "\n");
        foreach (string complaint in complaints)
        {
            text.Append("  ").Append(complaint).Append('\n');
        }

        List<string[]> rows = [Head, .. report.Tensors.Select(tensor => Row(report, tensor))];
        for (int i = 0; i < rows.Count; i++)
        {
            for (int column = 0; column < Head.Length; column++)
            {
                int width = rows.Max(row => row[column].Length);
                string cell = rows[i][column];
                text.Append(column < 2 ? cell.PadRight(width) : cell.PadLeft(width)).Append(column == Head.Length - 1 ? "\n" : "  ");
            }
        }

        return text.ToString();
    }

    private static string[] Row(GradientCheckReport report, GradientCheckTensor tensor)
    {
        string[] start = [tensor.Name, $"[{string.Join(" × ", tensor.Shape)}]", Invariant($"{tensor.Compared}"), Invariant($"{tensor.Skipped}"), Invariant($"{tensor.Failed}"), Invariant($"{tensor.NormError:G3}")];
        return tensor.Worst is { } worst
            ? [.. start, Invariant($"{worst.Error:G3}"), report.Directions > 0 ? Invariant($"direction {worst.Index}") : Place(worst.Index, tensor.Shape), Invariant($"{worst.Analytic:G9}"), Invariant($"{worst.Numeric:G9}")]
            : [.. start, "", "", "", ""];
    }

    /// <summary>An index in C order as one in each dimension.</summary>
    private static string Place(int index, IReadOnlyList<int> shape)
    {
        string text = "";
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            (index, int place) = Math.DivRem(index, shape[i]);
            text = Invariant($"{place}{(text.Length > 0 ? ", " : "")}{text}");
        }

        return $"[{text}]";
    }

    private static string What(GradientCheckReport report) => report.Directions > 0 ? "directions" : "parameters";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

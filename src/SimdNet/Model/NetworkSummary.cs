using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

using SimdNet.Model.Layers;

namespace SimdNet.Model;

/// <summary>The table that <see cref="Network{T}.Summary"/> prints.</summary>
internal static class NetworkSummary
{
    public static string Write<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<string[]> rows = [["Layer", "Output shape", "Parameters", "Bytes", "Multiply-adds"], ["input", Shape(network.Inputs), "0", "0", "0"]];
        long multiplyAdds = 0;
        for (int i = 0, next = 0; i < network.Spec.Layers.Count; i++)
        {
            Layer<T> first = network.Layers[next];
            int width = 0;
            int parameters = 0;
            long products = 0;
            for (; next < network.Layers.Length && network.SpecLayers[next] == i; next++)
            {
                Layer<T> layer = network.Layers[next];
                width = layer.Outputs;
                products += layer is DenseLayer<T> ? (long)layer.Inputs * layer.Outputs : 0;
                foreach (ParameterInfo parameter in layer.Parameters)
                {
                    parameters += parameter.Length;
                }
            }

            multiplyAdds += products;
            string name = network.Spec.Layers[i].Describe(first) + (network.IsFrozen(i) ? ", frozen" : "");
            rows.Add([name, Shape(width), Number(parameters), Number((long)parameters * Unsafe.SizeOf<T>()), Number(products)]);
        }

        rows.Add(["total", "", Number(network.ParameterCount), Number((long)network.ParameterCount * Unsafe.SizeOf<T>()), Number(multiplyAdds)]);
        return Table(rows);
    }

    private static string Shape(int width) => string.Create(CultureInfo.InvariantCulture, $"[batch × {width}]");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Rows of equal length as text: the first two columns to the left, numbers to the right, a rule under the head and above the total.</summary>
    private static string Table(List<string[]> rows)
    {
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        string rule = new('-', widths[0] + widths[1] + widths[2] + widths[3] + widths[4] + 8);
        StringBuilder text = new();
        for (int i = 0; i < rows.Count; i++)
        {
            if (i == 1 || i == rows.Count - 1)
            {
                text.Append(rule).Append('\n');
            }

            for (int column = 0; column < widths.Length; column++)
            {
                string cell = rows[i][column];
                text.Append(column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])).Append(column == widths.Length - 1 ? "\n" : "  ");
            }
        }

        return text.ToString();
    }
}

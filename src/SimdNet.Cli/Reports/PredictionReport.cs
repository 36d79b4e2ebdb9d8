using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

using SimdNet.Interop;

namespace SimdNet.Cli.Reports;

/// <summary>Predictions as rows of text, a file or JSON.</summary>
/// <typeparam name="T">The model's precision; numbers have the shortest digits that bring it back.</typeparam>
internal sealed class PredictionReport<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of JSON that wait for more: the writer would keep all of them.</summary>
    private const int MostPending = 1 << 16;

    private readonly T[] _outputs;
    private readonly int _columns;
    private readonly int[]? _classes;
    private readonly IReadOnlyList<string>? _names;
    private readonly bool _wantsClasses;

    /// <param name="network">The model.</param>
    /// <param name="inputs">[rows × inputs], raw.</param>
    /// <param name="wantsClasses">Whether text and files show classes instead of outputs.</param>
    /// <param name="team">Who helps; null for nobody.</param>
    public PredictionReport(Network<T> network, T[] inputs, bool wantsClasses, WorkerTeam? team)
    {
        _outputs = team is null ? network.Predict(inputs) : new Predictor<T>(network, new() { Team = team }).Predict(inputs);
        _columns = network.Outputs;
        _names = network.ClassNames;
        _classes = ClassReader.TellsClasses(network) ? ClassReader.Read<T>(_outputs, _columns) : null;
        _wantsClasses = wantsClasses;
    }

    private int Rows => _outputs.Length / _columns;

    /// <summary>A row a line: its outputs with commas between them, or its class.</summary>
    public void WriteText()
    {
        using StreamWriter writer = new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        for (int row = 0; row < Rows; row++)
        {
            if (_wantsClasses)
            {
                writer.WriteLine(Show.Text(ClassText(_classes![row])));
                continue;
            }

            for (int column = 0; column < _columns; column++)
            {
                writer.Write(column == 0 ? "" : ",");
                writer.Write(_outputs[(row * _columns) + column].ToString("R", CultureInfo.InvariantCulture));
            }

            writer.WriteLine();
        }
    }

    public void Save(string path)
    {
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            NpyFile.Write(path, _wantsClasses ? NpyArray.Create<int>(_classes, Rows) : NpyArray.Create<T>(_outputs, Rows, _columns));
        }
        else
        {
            IReadOnlyList<string>? columns = _names?.Count == _columns ? _names : null;
            CsvFile.WritePredictions<T>(path, _outputs, _columns, columns, _wantsClasses ? Array.ConvertAll(_classes!, ClassText) : null);
        }
    }

    public void WriteJson() => JsonLine.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("rows", Rows);
        json.WriteStartArray("outputs");
        for (int row = 0; row < Rows; row++)
        {
            json.WriteStartArray();
            foreach (T value in _outputs.AsSpan(row * _columns, _columns))
            {
                json.WriteFinite(value);
            }

            json.WriteEndArray();
            if (json.BytesPending > MostPending)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        json.WritePropertyName("classes");
        if (_classes is null)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteStartArray();
            foreach (int label in _classes)
            {
                if (_names is null)
                {
                    json.WriteNumberValue(label);
                }
                else
                {
                    json.WriteStringValue(_names[label]);
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    private string ClassText(int label) => _names?[label] ?? label.ToString(CultureInfo.InvariantCulture);
}

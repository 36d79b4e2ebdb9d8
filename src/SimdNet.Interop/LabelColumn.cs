using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>Collects the fields of a label column and decides, when all are known, what they are.</summary>
internal sealed class LabelColumn
{
    private readonly CsvRows _rows;
    private readonly int _column;
    private readonly CsvLabels _kind;
    private readonly IReadOnlyList<string>? _classNames;
    private readonly Dictionary<string, int>? _classes;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _known =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<string> _fields = [];
    private readonly List<int> _labels = [];
    private readonly List<int> _lines = [];
    private bool _allLabels = true;
    private int _firstNumber = -1;
    private int _firstText = -1;

    /// <exception cref="ArgumentException">Two of the given class names are equal.</exception>
    public LabelColumn(CsvRows rows, int column, CsvOptions options)
    {
        _rows = rows;
        _column = column;
        _kind = options.Labels;
        _classNames = options.ClassNames;
        if (_classNames is null)
        {
            return;
        }

        _classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in _classNames)
        {
            if (!_classes.TryAdd(name, _classes.Count))
            {
                throw new ArgumentException($"The class name {Quoted.Of(name)} is given twice.", nameof(options));
            }
        }
    }

    /// <summary>Takes the field of the current row.</summary>
    /// <exception cref="SimdNetFormatException">It is missing, or not among the given classes.</exception>
    public void Add()
    {
        ReadOnlySpan<char> field = _rows.Text(_column);

        // Classes repeat: one string each will do.
        if (!_known.TryGetValue(field, out string? text))
        {
            text = field.ToString();
            _known[field] = text;
        }

        if (_classes is not null)
        {
            _labels.Add(
                _classes.TryGetValue(text, out int known)
                    ? known
                    : throw _rows.Error(_column, $"{Quoted.Of(text)} is none of the {_classes.Count} classes {Quoted.Of(string.Join(", ", _classes.Keys))}."));
            return;
        }

        _lines.Add(_rows.Line);
        _fields.Add(text);
        bool isLabel = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int label) && label is >= 0 and < int.MaxValue;
        _allLabels &= isLabel;
        _labels.Add(label);
        if (isLabel || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            _firstNumber = _firstNumber < 0 ? _fields.Count - 1 : _firstNumber;
        }
        else
        {
            _firstText = _firstText < 0 ? _fields.Count - 1 : _firstText;
        }
    }

    /// <summary>The column as numbers, if that is what it holds.</summary>
    /// <exception cref="SimdNetFormatException">Numbers and text are mixed, or a number is not finite in <typeparamref name="T"/>.</exception>
    public bool TryGetTargets<T>(out T[] targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        targets = [];
        if (_classes is not null || _kind == CsvLabels.Classes || (_kind == CsvLabels.Automatic && (_allLabels || _firstNumber < 0)))
        {
            return false;
        }

        if (_firstText >= 0)
        {
            string hint = _kind == CsvLabels.Numbers
                ? "numbers were asked for."
                : $"other fields of the column are numbers, such as {Quoted.Of(_fields[_firstNumber])}. Correct it, or ask for classes (Labels = CsvLabels.Classes).";
            throw Error(_firstText, $"{Quoted.Of(_fields[_firstText])} is no number; {hint}");
        }

        targets = new T[_fields.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = T.Parse(_fields[i], NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!T.IsFinite(targets[i]))
            {
                throw Error(i, $"{Quoted.Of(_fields[i])} is not finite, or too large for {typeof(T).Name}; all values must be finite.");
            }
        }

        return true;
    }

    /// <summary>The column as class labels.</summary>
    /// <param name="classNames">What the classes are called, null where they are just numbers.</param>
    public int[] GetClasses(out IReadOnlyList<string>? classNames)
    {
        classNames = _classNames;
        if (_classes is not null || _allLabels)
        {
            return [.. _labels];
        }

        SortedSet<string> sorted = new(_fields, StringComparer.Ordinal);
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach (string name in sorted)
        {
            numbers.Add(name, numbers.Count);
        }

        classNames = [.. sorted];
        return [.. _fields.ConvertAll(field => numbers[field])];
    }

    private SimdNetFormatException Error(int index, string message) =>
        _rows.Error($"line {_lines[index]}, {_rows.Describe(_column)}: {message}");
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>Collects the fields of a label column and decides what they are.</summary>
/// <remarks>A field is kept as a number, or as the number of its text among those that are different: a row may have a text of its own.</remarks>
internal sealed class LabelColumn<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most names of classes: large sets of pictures have some ten thousand, and a column of which each row is another text is no label.</summary>
    public const int MaxNames = 100_000;

    private readonly CsvRows _rows;
    private readonly int _column;
    private readonly CsvLabels _kind;
    private readonly IReadOnlyList<string>? _given;

    /// <summary>Each text with its number: those of the given classes, else those that were found, in their order.</summary>
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>The numbers of the rows' texts.</summary>
    private readonly Pieces<int> _texts = new();

    /// <summary>The rows' numbers, from a text that is a label as it is: float does not hold all of these.</summary>
    private readonly Pieces<double> _numbers = new();
    private bool _allLabels = true;
    private bool _hasTooManyNames;
    private string? _firstNumber;
    private string? _firstText;
    private int _firstTextLine;

    /// <exception cref="ArgumentException">Two of the given class names are equal.</exception>
    public LabelColumn(CsvRows rows, int column, CsvOptions options)
    {
        _rows = rows;
        _column = column;
        _kind = options.Labels;
        _given = options.ClassNames;
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string name in _given ?? [])
        {
            if (!_names.TryAdd(name, _names.Count))
            {
                throw new ArgumentException($"The class name {Quoted.Of(name)} is given twice.", nameof(options));
            }
        }
    }

    /// <summary>Takes the field of the current row.</summary>
    /// <exception cref="SimdNetFormatException">It is missing, is not among the given classes, is no finite number in <typeparamref name="T"/> where others are numbers, or is one name too many.</exception>
    public void Add()
    {
        ReadOnlySpan<char> field = _rows.Text(_column);
        if (_given is not null)
        {
            _texts.Add(
                _lookup.TryGetValue(field, out int known)
                    ? known
                    : throw _rows.Error(_column, $"{Quoted.Of(field)} is none of the {_given.Count} classes {Quoted.Of(string.Join(", ", _given))}."));
            return;
        }

        bool isNumber = T.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out T number);
        bool isLabel = int.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out int label) && label is >= 0 and < int.MaxValue;
        _allLabels &= isLabel;
        if (_kind != CsvLabels.Classes)
        {
            CheckMixture(field, isNumber);
            if (isNumber && !T.IsFinite(number))
            {
                throw _rows.Error(_column, $"{Quoted.Of(field)} is not finite, or too large for {typeof(T).Name}; all values must be finite.");
            }
        }

        if (isNumber && (_allLabels || _kind != CsvLabels.Classes))
        {
            // −0 is the label 0, and a number of its own.
            _numbers.Add(isLabel && label != 0 ? label : double.CreateTruncating(number));
        }

        if (!isNumber || _kind == CsvLabels.Classes)
        {
            AddText(field);
        }
    }

    /// <summary>The column as numbers, if that is what it holds.</summary>
    public bool TryGetTargets(out T[] targets)
    {
        bool areNumbers = _given is null && (_kind == CsvLabels.Numbers || (_kind == CsvLabels.Automatic && !_allLabels && _firstText is null));
        targets = areNumbers ? _numbers.ToArray(static number => T.CreateTruncating(number)) : [];
        return areNumbers;
    }

    /// <summary>The column as class labels.</summary>
    /// <param name="classNames">What the classes are called, null where they are just numbers.</param>
    public int[] GetClasses(out IReadOnlyList<string>? classNames)
    {
        classNames = _given;
        if (_given is not null)
        {
            return _texts.ToArray();
        }

        if (_allLabels)
        {
            return _numbers.ToArray(static number => (int)number);
        }

        string[] sorted = [.. _names.Keys];
        Array.Sort(sorted, StringComparer.Ordinal);
        int[] places = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            places[_names[sorted[i]]] = i;
        }

        classNames = sorted;
        return _texts.ToArray(text => places[text]);
    }

    /// <summary>Numbers and texts do not go together, unless both name classes.</summary>
    private void CheckMixture(ReadOnlySpan<char> field, bool isNumber)
    {
        if (isNumber)
        {
            _firstNumber ??= field.ToString();
        }
        else if (_firstText is null)
        {
            _firstText = field.ToString();
            _firstTextLine = _rows.Line;
        }

        if (_firstText is not null && (_kind == CsvLabels.Numbers || _firstNumber is not null))
        {
            string hint = _kind == CsvLabels.Numbers
                ? "numbers were asked for."
                : $"other fields of the column are numbers, such as {Quoted.Of(_firstNumber)}. Correct it, or ask for classes (Labels = CsvLabels.Classes).";
            throw _rows.Error($"line {_firstTextLine}, {_rows.Describe(_column)}: {Quoted.Of(_firstText)} is no number; {hint}");
        }
    }

    private void AddText(ReadOnlySpan<char> field)
    {
        if (!_lookup.TryGetValue(field, out int text))
        {
            text = _names.Count;
            _hasTooManyNames |= text == MaxNames;
            if (!_hasTooManyNames)
            {
                _lookup[field] = text;
            }
        }

        if (!_hasTooManyNames)
        {
            _texts.Add(text);
        }
        else if (!_allLabels)
        {
            // Labels that are just numbers may be more.
            throw _rows.Error(_column, $"{Quoted.Of(field)} would be one more than {MaxNames} names of classes. Is this the label column? Numbers are read with Labels = CsvLabels.Numbers.");
        }
    }
}

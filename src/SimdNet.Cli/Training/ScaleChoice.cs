using System;
using System.Globalization;
using System.Numerics;

namespace SimdNet.Cli.Training;

/// <summary>What --scale says: a way of scaling, and its divisor where it has one.</summary>
internal readonly record struct ScaleChoice(string Kind, double Divisor = 1)
{
    public const string Wanted = "none, max, minmax, standard, or divide:X with X above 0";

    private const string Divide = "divide:";

    public static ScaleChoice None => new("none");

    public static bool TryRead(string text, out ScaleChoice? choice)
    {
        if (text.StartsWith(Divide, StringComparison.OrdinalIgnoreCase))
        {
            bool isNumber = double.TryParse(text.AsSpan(Divide.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double divisor);
            choice = new("divide", divisor);
            return isNumber && divisor > 0 && double.IsFinite(divisor);
        }

        string? kind = Array.Find(["none", "max", "minmax", "standard"], kind => kind.Equals(text, StringComparison.OrdinalIgnoreCase));
        choice = kind is null ? null : new ScaleChoice(kind);
        return kind is not null;
    }

    /// <summary>The scaler, fitted on rows; null for none.</summary>
    public Scaler<T>? Fit<T>(ReadOnlySpan<T> rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Kind switch
        {
            "max" => Scaler<T>.ColumnMaximum(rows, columns),
            "minmax" => Scaler<T>.MinMax(rows, columns),
            "standard" => Scaler<T>.Standard(rows, columns),
            "divide" => Scaler<T>.Constant(Divisor, columns),
            _ => null,
        };
}

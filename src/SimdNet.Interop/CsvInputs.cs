using System;
using System.Collections.Generic;
using System.Numerics;

namespace SimdNet.Interop;

/// <summary>Rows to predict from.</summary>
/// <param name="Values">[rows × columns], row-major, finite.</param>
/// <param name="Rows">Number of rows, at least 1.</param>
/// <param name="Columns">Inputs of a row.</param>
/// <param name="ColumnNames">What the inputs are called; null without a header.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record CsvInputs<T>(ReadOnlyMemory<T> Values, int Rows, int Columns, IReadOnlyList<string>? ColumnNames)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

using System;
using System.Diagnostics;

namespace SimdNet.Memory;

/// <summary>
/// Everything that a pass over a batch writes besides parameters, in one block that is allocated once and then only carved.
/// </summary>
/// <remarks>
/// For widths w₀ (inputs), w₁ … w_L (units) and at most <c>rows</c> rows, every part starts on a cache line:
/// <code>
/// | input rows·w₀ | outputs rows·w₁ … rows·w_L | target rows·w_L | gradient A | gradient B | held by layers | scratch |
///                  (inference: two of rows·max w)  (     training alone, gradients rows·max w     )
/// </code>
/// What a layer holds is its elements for all rows together, then those for each row.
/// The gradient with respect to the output of layer l is in A where l is even, in B where it is odd: backward through a layer reads one and writes the other.
/// </remarks>
internal sealed class Workspace<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _block;
    private readonly int[] _labels;
    private readonly int[] _widths;
    private readonly int[] _outputStarts;
    private readonly bool _holdsInput;
    private readonly int _targetStart;
    private readonly int _gradientStart;
    private readonly int _gradientLength;
    private readonly int _scratchStart;
    private readonly (int Start, int Length)[] _held;

    /// <param name="widths">Inputs, then the units of each layer: at least one number.</param>
    /// <param name="rows">Largest number of rows in a pass.</param>
    /// <param name="scratch">Elements that the kernels and layers ask for.</param>
    /// <param name="training">True keeps every layer's output and adds target and gradients; false keeps the last two outputs.</param>
    /// <param name="holdsInput">False where inputs are always taken where they lie.</param>
    /// <param name="held">For each layer, what it keeps for each row and for all together, and whose it shares instead: its own number, or that of a layer before it. None where no layer keeps anything.</param>
    public Workspace(ReadOnlySpan<int> widths, int rows, int scratch, bool training, bool holdsInput = true, ReadOnlySpan<(int PerRow, int PerBatch, int Holder)> held = default)
    {
        Debug.Assert(widths.Length > 0 && rows > 0 && scratch >= 0, "A workspace has a shape.");
        _widths = widths.ToArray();
        _outputStarts = new int[widths.Length - 1];
        Rows = rows;
        int widest = 0;
        foreach (int width in widths[1..])
        {
            widest = Math.Max(widest, width);
        }

        _holdsInput = holdsInput;
        int end = holdsInput ? Part(widths[0]) : 0;
        if (training)
        {
            for (int layer = 0; layer < _outputStarts.Length; layer++)
            {
                _outputStarts[layer] = end;
                end = checked(end + Part(widths[layer + 1]));
            }
        }
        else
        {
            for (int layer = 0; layer < _outputStarts.Length; layer++)
            {
                _outputStarts[layer] = checked(end + ((layer & 1) * Part(widest)));
            }

            end = checked(end + (2 * Part(widest)));
        }

        _targetStart = end;
        end = checked(end + (training ? Part(widths[^1]) : 0));
        _gradientStart = end;
        _gradientLength = training ? Part(widest) : 0;
        end = checked(end + (2 * _gradientLength));
        _held = new (int Start, int Length)[held.Length];
        for (int layer = 0; layer < held.Length; layer++)
        {
            (int perRow, int perBatch, int holder) = held[layer];
            int length = checked(AlignedBuffer<T>.RoundUp(perBatch) + Part(perRow));
            _held[layer] = holder == layer ? (end, length) : _held[holder];
            end = checked(end + (holder == layer ? length : 0));
        }

        _scratchStart = end;
        _block = new AlignedBuffer<T>(checked(end + scratch));
        _labels = new int[training ? rows : 0];
    }

    /// <summary>Largest number of rows in a pass.</summary>
    public int Rows { get; }

    /// <summary>What the kernels may use between themselves.</summary>
    public Span<T> Scratch => _block.Span[_scratchStart..];

    /// <summary>What a layer keeps: for all rows together, rounded up to a cache line, then for each row.</summary>
    public Span<T> Held(int layer) => _held.Length == 0 ? default : _block.Span.Slice(_held[layer].Start, _held[layer].Length);

    /// <summary>Gathered or scaled inputs, [rows × inputs].</summary>
    public MatrixView<T> Input(int rows)
    {
        Debug.Assert(_holdsInput, "There is room for a copy.");
        return Matrix(0, rows, _widths[0]);
    }

    /// <summary>Output of a layer, [rows × units].</summary>
    public MatrixView<T> Output(int layer, int rows) => Matrix(_outputStarts[layer], rows, _widths[layer + 1]);

    /// <summary>The outputs of all layers, one after the other, where all are kept.</summary>
    public Span<T> Outputs => _block.Span[_outputStarts[0].._targetStart];

    /// <summary>The block that the gradient with respect to the output of a layer lies at the beginning of.</summary>
    public Span<T> Gradients(int layer) => _block.Span.Slice(_gradientStart + ((layer & 1) * _gradientLength), _gradientLength);

    /// <summary>Gradient with respect to the output of a layer, [rows × units].</summary>
    public MatrixView<T> OutputGradient(int layer, int rows) => Matrix(_gradientStart + ((layer & 1) * _gradientLength), rows, _widths[layer + 1]);

    /// <summary>Gathered or scaled targets, [rows × outputs].</summary>
    public MatrixView<T> Target(int rows) => Matrix(_targetStart, rows, _widths[^1]);

    /// <summary>Gathered class labels, [rows].</summary>
    public Span<int> Labels(int rows) => _labels.AsSpan(0, rows);

    private int Part(int width) => AlignedBuffer<T>.RoundUp(checked(Rows * width));

    private MatrixView<T> Matrix(int start, int rows, int columns) => new(_block.Span.Slice(start, rows * columns), rows, columns);
}

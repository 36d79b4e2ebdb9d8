using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SimdNet.Memory;

/// <summary>
/// Everything that a pass over a batch writes besides parameters, in one block that is allocated once and then only carved: but for one whose size a file asked for, which grows with the batches that come.
/// </summary>
/// <remarks>
/// For widths w₀ (inputs), w₁ … w_L (units) and room for <c>rows</c> rows, every part starts on a cache line:
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
    private readonly int[] _widths;
    private readonly int _widest;
    private readonly int[] _outputStarts;
    private readonly bool _isTraining;
    private readonly bool _holdsInput;
    private readonly (int PerRow, int PerBatch, int Holder)[] _asked;
    private readonly (int Start, int Length)[] _held;
    private readonly int _scratch;
    private AlignedBuffer<T> _block;
    private int[] _labels = [];
    private T[] _weights = [];
    private int _room;
    private int _targetStart;
    private int _gradientStart;
    private int _gradientLength;
    private int _scratchStart;

    /// <param name="widths">Inputs, then the units of each layer: at least one number.</param>
    /// <param name="rows">Largest number of rows in a pass.</param>
    /// <param name="scratch">Elements that the kernels and layers ask for.</param>
    /// <param name="training">True keeps every layer's output and adds target and gradients; false keeps the last two outputs.</param>
    /// <param name="holdsInput">False where inputs are always taken where they lie.</param>
    /// <param name="held">For each layer, what it keeps for each row and for all together, and whose it shares instead: its own number, or that of a layer before it. None where no layer keeps anything.</param>
    /// <param name="room">Rows that there is room for before <see cref="Reserve"/> makes more; all where it is more than these.</param>
    public Workspace(ReadOnlySpan<int> widths, int rows, int scratch, bool training, bool holdsInput = true, ReadOnlySpan<(int PerRow, int PerBatch, int Holder)> held = default, int room = int.MaxValue)
    {
        Debug.Assert(widths.Length > 0 && rows > 0 && scratch >= 0 && room > 0, "A workspace has a shape.");
        _widths = widths.ToArray();
        _outputStarts = new int[widths.Length - 1];
        Rows = rows;
        foreach (int width in widths[1..])
        {
            _widest = Math.Max(_widest, width);
        }

        _isTraining = training;
        _holdsInput = holdsInput;
        _asked = held.ToArray();
        _held = new (int Start, int Length)[held.Length];
        _scratch = scratch;
        _block = Made(Math.Min(rows, room));
    }

    /// <summary>Largest number of rows in a pass.</summary>
    public int Rows { get; }

    /// <summary>Makes room for a pass, where there is not enough yet. What was in the workspace is lost then.</summary>
    /// <param name="rows">At most <see cref="Rows"/>.</param>
    public void Reserve(int rows)
    {
        if (rows > _room)
        {
            Grow(rows);
        }
    }

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

    /// <summary>What the rows weigh, [rows].</summary>
    public Span<T> Weights(int rows) => _weights.AsSpan(0, rows);

    /// <summary>Twice as much each time at least, so that batches that grow by a row do not cost a block each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int rows)
    {
        int room = (int)Math.Min(Rows, Math.Max(rows, 2L * _room));

        // Where there is no memory for it, there is no room until the next attempt.
        _room = 0;
        _block = Made(room);
    }

    /// <summary>The block for so many rows, and where its parts are.</summary>
    private AlignedBuffer<T> Made(int room)
    {
        int end = _holdsInput ? Part(_widths[0]) : 0;
        if (_isTraining)
        {
            for (int layer = 0; layer < _outputStarts.Length; layer++)
            {
                _outputStarts[layer] = end;
                end = checked(end + Part(_widths[layer + 1]));
            }
        }
        else
        {
            for (int layer = 0; layer < _outputStarts.Length; layer++)
            {
                _outputStarts[layer] = checked(end + ((layer & 1) * Part(_widest)));
            }

            end = checked(end + (2 * Part(_widest)));
        }

        _targetStart = end;
        end = checked(end + (_isTraining ? Part(_widths[^1]) : 0));
        _gradientStart = end;
        _gradientLength = _isTraining ? Part(_widest) : 0;
        end = checked(end + (2 * _gradientLength));
        for (int layer = 0; layer < _held.Length; layer++)
        {
            (int perRow, int perBatch, int holder) = _asked[layer];
            int length = checked(AlignedBuffer<T>.RoundUp(perBatch) + Part(perRow));
            _held[layer] = holder == layer ? (end, length) : _held[holder];
            end = checked(end + (holder == layer ? length : 0));
        }

        _scratchStart = end;
        AlignedBuffer<T> block = new(checked(end + _scratch));
        _labels = new int[_isTraining ? room : 0];
        _weights = new T[_isTraining ? room : 0];
        _room = room;
        return block;

        int Part(int width) => AlignedBuffer<T>.RoundUp(checked(room * width));
    }

    private MatrixView<T> Matrix(int start, int rows, int columns) => new(_block.Span.Slice(start, rows * columns), rows, columns);
}

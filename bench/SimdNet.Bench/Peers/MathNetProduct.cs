using System.Numerics;

using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace SimdNet.Bench.Peers;

/// <summary>The products of a dense layer by MathNet.Numerics' managed code, on one thread.</summary>
/// <remarks>Its matrices are stored by columns. A row-major matrix is the transpose of such a one on the same array, so nothing is copied: Y = X·W is Yᵀ = Wᵀ·Xᵀ.</remarks>
internal sealed class MathNetProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _x;
    private readonly Matrix<T> _w;
    private readonly Matrix<T> _y;

    /// <param name="x">[batch × inputs], row-major, used in place.</param>
    /// <param name="w">[inputs × units].</param>
    /// <param name="y">[batch × units].</param>
    /// <param name="batch">Rows of X.</param>
    /// <param name="inputs">Columns of X.</param>
    /// <param name="units">Columns of W.</param>
    public MathNetProduct(T[] x, T[] w, T[] y, int batch, int inputs, int units)
    {
        Control.UseManaged();
        Control.UseSingleThread();
        _x = View(x, inputs, batch);
        _w = View(w, units, inputs);
        _y = View(y, units, batch);
    }

    /// <summary>Y = X·W.</summary>
    public void Forward() => _w.Multiply(_x, _y);

    /// <summary>Y = Xᵀ·W, where all are square.</summary>
    public void TransposedA() => _w.TransposeAndMultiply(_x, _y);

    /// <summary>Y = X·Wᵀ, where all are square.</summary>
    public void TransposedB() => _w.TransposeThisAndMultiply(_x, _y);

    /// <summary>dW = Xᵀ·dY.</summary>
    public void WeightGradient() => _y.TransposeAndMultiply(_x, _w);

    /// <summary>dX = dY·Wᵀ.</summary>
    public void InputGradient() => _w.TransposeThisAndMultiply(_y, _x);

    private static Matrix<T> View(T[] values, int rows, int columns) => Matrix<T>.Build.Dense(rows, columns, values);
}

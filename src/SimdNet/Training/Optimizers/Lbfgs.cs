using System;

using SimdNet.Kernels;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>
/// L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5): the direction is the gradient times an inverse Hessian that the last <see cref="History"/> steps tell of; a line search finds a step along it that satisfies the strong Wolfe conditions
/// (algorithms 3.5 and 3.6). As PyTorch's <c>LBFGS</c> with <c>line_search_fn="strong_wolfe"</c> and scikit-learn's solver <c>lbfgs</c>.
/// </summary>
/// <remarks>
/// <para>For full batches of small problems: an epoch of <see cref="Trainer{T}.Fit"/> is one iteration, and takes all rows in one batch. A step evaluates the loss and its gradient at a few points, mostly two; a point where they are not finite
/// shortens the step. The parameters are left at the best point that was found, or where they were; <see cref="Trainer{T}.HasConverged"/> then says so, and Fit ends. Where none was found, batch norm's running
/// statistics stay too; where a loss, a layer or an activation throws, so does the step, with the parameters as they were.</para>
/// <para>Epochs are scikit-learn's <c>max_iter</c>, <see cref="GradientTolerance"/> is its <c>tol</c>, and <see cref="Optimizer.WeightDecay"/>, ½·decay·Σp² over all parameters, is near to its <c>alpha</c>, which is divided by the number of rows and leaves biases out.</para>
/// </remarks>
public sealed record Lbfgs : Optimizer
{
    /// <summary>Ten pairs, a tolerance of 1e-5, and full steps: the learning rate is the step that a search tries first, times min(1, 1 / Σ|g|) while nothing is known of the curvature, as in PyTorch.</summary>
    public Lbfgs()
        : base(1)
    {
    }

    /// <summary>Steps that are remembered, 1 to 1,000, each in two blocks of the parameters' size. 10, as in scipy and scikit-learn; PyTorch has 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int History
    {
        get;
        init => field = (int)InRange(value, 1, 1_000, nameof(History));
    } = 10;

    /// <summary>Converged where no element of the gradient is larger; not negative. 1e-5, as in scipy; scikit-learn's <c>tol</c> is 1e-4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double GradientTolerance
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(GradientTolerance));
    } = 1e-5;

    internal override bool HasRate => false;

    internal override bool TakesFullBatches => true;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => LearningRate > 0
        ? new LbfgsState<T>(this, kernels, length)
        : throw new ArgumentException("The first step that L-BFGS tries is its learning rate, and 0 leads nowhere. Leave it at 1.");
}

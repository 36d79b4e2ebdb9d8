using System.Linq;

namespace SimdNet.Bench.Python;

/// <summary>What is done to a network.</summary>
public enum NetworkWork
{
    /// <summary>A step of gradient descent.</summary>
    Step,

    /// <summary>The gradient of all parameters, which stay as they are.</summary>
    Gradient,

    Predict,
}

/// <summary>A case as it is handed to the scripts of bench/python.</summary>
/// <remarks>With softmax, cross-entropy on classes; else squared error on targets. The samples are those that <see cref="Training.Samples"/> makes.</remarks>
/// <param name="Work">What is done.</param>
/// <param name="Spec">The network.</param>
/// <param name="Rows">Samples in a call.</param>
/// <param name="Pool">Samples in all, which are taken in turn.</param>
/// <param name="Optimizer">For a step.</param>
/// <param name="Zeros">The share of inputs that are exactly 0.</param>
/// <param name="Calls">How many times the work is done in one call of the case.</param>
public sealed record NetworkTask(NetworkWork Work, NetworkSpec Spec, int Rows, int Pool, Optimizer? Optimizer = null, double Zeros = 0, int Calls = 1)
{
    /// <summary>The work as a request has it.</summary>
    internal object RequestOf(Suite suite, Case subject, SampleFiles files, bool isDry)
    {
        DenseSpec[] dense = [.. Spec.Layers.OfType<DenseSpec>()];
        return new
        {
            Suite = suite.Name,
            Case = subject.Name,
            subject.Precision,
            Work = Lower(Work.ToString()),
            Widths = (int[])[Spec.Inputs, .. dense.Select(layer => layer.Units)],
            Activations = dense.Length == Spec.Layers.Count ? dense.Select(layer => Lower(layer.Activation.Kind.ToString())) : [],
            Layers = Spec.Layers.Select(layer => layer.ToString()),
            Optimizer = Optimizer is null ? "" : Lower(Optimizer.GetType().Name),
            Momentum = (Optimizer as Sgd)?.Momentum ?? 0,
            Nesterov = Optimizer is Sgd { Nesterov: true },
            Rate = Optimizer?.LearningRate ?? Training.Samples.Rate,
            Rows,
            Pool,
            Calls,
            files.Inputs,
            files.Labels,
            files.Targets,
            Dry = isDry,
        };
    }

    private static string Lower(string name) => name.ToLowerInvariant();
}

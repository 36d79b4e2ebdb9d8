using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>Layer normalization (Ba, Kiros and Hinton 2016): each row x becomes γ·(x − mean) / √(variance + ε) + β, with mean and biased variance over its features.</summary>
/// <remarks>As PyTorch's <c>nn.LayerNorm</c>: ε is 1e-5 (Keras has 1e-3), γ [features] starts at 1, β [features] at 0.</remarks>
public sealed record LayerNormSpec : LayerSpec
{
    internal const double Epsilon = 1e-5;

    internal override int OutputsFor(int inputs) => inputs;

    internal override long ParameterCountFor(int inputs) => 2L * inputs;

    internal override void AddTo<T>(LayerList<T> list) => list.Add(new LayerNormLayer<T>(list));

    internal override string Describe<T>(Layer<T> first) => $"layernorm {first.Number}";

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>layernorm</c>.</summary>
    public override string ToString() => "layernorm";
}

/// <summary>Batch normalization (Ioffe and Szegedy 2015): each feature x becomes γ·(x − mean) / √(variance + ε) + β, with mean and biased variance over the batch in training, and with running statistics outside of it.</summary>
/// <remarks>
/// As PyTorch's <c>nn.BatchNorm1d</c>: ε is 1e-5 (Keras has 1e-3), γ [features] starts at 1, β at 0, the running mean at 0 and the running variance at 1. A step that is made moves them by the momentum 0.1:
/// running = 0.9·running + 0.1·statistic, with the unbiased variance (Keras calls the 0.9 momentum, has 0.99, and takes the biased variance). A step that fails moves nothing.
/// A training batch has at least two rows, and is taken as a whole: <see cref="TrainerOptions.MaxBatch"/> bounds it.
/// </remarks>
public sealed record BatchNormSpec : LayerSpec
{
    internal const double Epsilon = 1e-5;
    internal const double Momentum = 0.1;

    internal override int OutputsFor(int inputs) => inputs;

    internal override long ParameterCountFor(int inputs) => 4L * inputs;

    internal override void AddTo<T>(LayerList<T> list) => list.Add(new BatchNormLayer<T>(list));

    internal override string Describe<T>(Layer<T> first) => $"batchnorm {first.Number}";

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>batchnorm</c>.</summary>
    public override string ToString() => "batchnorm";
}

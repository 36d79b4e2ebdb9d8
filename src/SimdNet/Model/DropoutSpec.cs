using System;
using System.Globalization;

using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>In training, each number is 0 with the probability p and divided by 1 − p otherwise, so that its mean stays; outside of training, the numbers as they are (Srivastava et al. 2014, inverted as in PyTorch's <c>nn.Dropout</c> and Keras).</summary>
/// <remarks>Which are dropped follows from <see cref="TrainerOptions.Seed"/>, <see cref="Trainer{T}.Steps"/>, the layer, the row of the batch and the unit alone, whatever the number of threads.</remarks>
public sealed record DropoutSpec : LayerSpec
{
    /// <param name="probability">p in [0, 1); 0.5 in the paper for hidden layers, 0.2 for inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public DropoutSpec(double probability) => Probability = probability is >= 0 and < 1
        ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability of dropout is at least 0 and below 1.");

    /// <summary>The probability of a number to be dropped.</summary>
    public double Probability { get; }

    internal override int OutputsFor(int inputs) => inputs;

    internal override long ParameterCountFor(int inputs) => 0;

    internal override void AddTo<T>(LayerList<T> list) => list.Add(new DropoutLayer<T>(Probability, list));

    internal override string Describe<T>(Layer<T> first) => ToString();

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>dropout(0.2)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"dropout({Probability:R})");
}

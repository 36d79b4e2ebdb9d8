using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>An activation as a layer of its own: output [batch × units] = f(input [batch × units]). For what stands between a dense layer and its activation, such as a batch normalization.</summary>
/// <param name="Activation">f.</param>
public sealed record ActivationSpec(Activation Activation) : LayerSpec
{
    internal override int OutputsFor(int inputs) => inputs;

    internal override long ParameterCountFor(int inputs) => 0;

    internal override void AddTo<T>(LayerList<T> list) => list.Add(new ActivationLayer<T>(Activation, list));

    internal override string Describe<T>(Layer<T> first) => ToString();

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: the activation's name, as in <c>relu</c>.</summary>
    public override string ToString() => Activation.ToString();
}

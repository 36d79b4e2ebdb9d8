using System;
using System.Numerics.Tensors;

namespace SimdNet.Model;

/// <summary>The checks of lengths at the surface. Their messages name both shapes.</summary>
internal static class Shapes
{
    /// <summary>Number of samples in a block of inputs.</summary>
    public static int Rows(NetworkSpec spec, int length, string name)
    {
        if (length == 0 || length % spec.Inputs != 0)
        {
            throw new ArgumentException($"{length} values are not rows of {spec.Inputs} inputs, as the network {spec.Short} takes them: pass a positive multiple of {spec.Inputs}.", name);
        }

        return length / spec.Inputs;
    }

    /// <summary>A block of targets or outputs for a number of samples.</summary>
    public static void CheckOutputs(NetworkSpec spec, int length, int rows, string name)
    {
        if (length != (long)rows * spec.Outputs)
        {
            throw new ArgumentException($"{length} values are not {rows} × {spec.Outputs}, one row of {spec.Outputs} outputs for each of the {rows} samples of the network {spec.Short}.", name);
        }
    }

    /// <summary>A tensor that is rows of a width, or one such row, without gaps.</summary>
    public static void CheckTensor<T>(in ReadOnlyTensorSpan<T> tensor, int width, string name)
    {
        if (tensor.Rank is not (1 or 2) || tensor.Lengths[^1] != width || !tensor.IsDense || tensor.FlattenedLength > int.MaxValue)
        {
            throw new ArgumentException($"A {(tensor.IsDense ? "" : "strided ")}tensor of the shape [{string.Join(", ", tensor.Lengths.ToArray())}] was given where a dense one of [rows, {width}], or of [{width}] for one sample, is needed.", name);
        }
    }

    public static void CheckSample<T>(NetworkSpec spec, ReadOnlySpan<T> sample)
    {
        if (sample.Length != spec.Inputs)
        {
            throw new ArgumentException($"A sample of {sample.Length} values does not fit the network {spec.Short}, which takes {spec.Inputs} inputs.", nameof(sample));
        }
    }

    /// <summary>Room for the outputs of all rows.</summary>
    public static T[] NewOutputs<T>(NetworkSpec spec, ReadOnlySpan<T> inputs)
    {
        long count = (long)Rows(spec, inputs.Length, nameof(inputs)) * spec.Outputs;
        return count <= Array.MaxLength
            ? new T[count]
            : throw new ArgumentException($"The outputs would be {count} numbers, more than an array holds. Predict fewer rows at a time.", nameof(inputs));
    }

    public static void CheckPrediction<T>(NetworkSpec spec, ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        CheckOutputs(spec, outputs.Length, Rows(spec, inputs.Length, nameof(inputs)), nameof(outputs));
        if (inputs.Overlaps(outputs))
        {
            throw new ArgumentException("The outputs overlap the inputs. Pass a span of its own for each.", nameof(outputs));
        }
    }
}

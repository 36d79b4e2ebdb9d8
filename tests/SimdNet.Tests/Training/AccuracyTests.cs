using System.Numerics.Tensors;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Counting right predictions against the framework's index of the largest.</summary>
public class AccuracyTests
{
    private static readonly float[] Values = [0, -0f, 1, 1, 2, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f, 0.25f];

    [Fact]
    public void A_label_is_right_where_it_is_the_largest_with_ties_zeros_and_NaN()
    {
        Philox random = new(5, RandomPurpose.Split);
        int right = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int columns = 1 + random.NextInt(40);
            float[] row = new float[columns];
            for (int j = 0; j < columns; j++)
            {
                row[j] = Values[random.NextInt(i % 2 == 0 ? Values.Length : 6)];
            }

            int label = i % 3 == 0 ? TensorPrimitives.IndexOfMax<float>(row) : random.NextInt(columns);
            bool expected = TensorPrimitives.IndexOfMax<float>(row) == label;
            right += expected ? 1 : 0;
            Assert.Equal(expected ? 1 : 0, Accuracy.Count(new ReadOnlyMatrixView<float>(row, 1, columns), [label]));
        }

        // Both answers occur.
        Assert.InRange(right, 5_000, 15_000);
    }
}

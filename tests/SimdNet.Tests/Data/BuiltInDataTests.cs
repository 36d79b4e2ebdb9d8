using System.Linq;

using Xunit;

namespace SimdNet.Tests.Data;

public sealed class BuiltInDataTests
{
    [Fact]
    public void Digits_are_complete()
    {
        Dataset<float> digits = Dataset.Digits<float>();
        Assert.Equal((1797, 64, 10, 0), (digits.Rows, digits.Features, digits.ClassCount, digits.Outputs));
        Assert.Equal([0f, 0, 5, 13, 9, 1, 0, 0], digits.Inputs.Span[..8].ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], digits.Labels.Span[..10].ToArray());

        // Known sums: of scikit-learn's load_digits().data, .target and the number of images of each digit.
        Assert.Equal(561718.0, Dataset.Digits<double>().Inputs.ToArray().Sum());
        Assert.Equal(8070, digits.Labels.ToArray().Sum());
        Assert.Equal(
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180], digits.Labels.ToArray().GroupBy(l => l).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(16f, digits.Inputs.ToArray().Max());
        Assert.Equal(0f, digits.Inputs.ToArray().Min());
    }

    [Fact]
    public void Exam_and_xor_are_in_their_own_units()
    {
        Dataset<double> exam = Dataset.Exam<double>();
        Assert.Equal([2, 9, 1, 5, 3, 6], exam.Inputs.ToArray());
        Assert.Equal([92, 86, 89], exam.Targets.ToArray());
        Assert.Equal((3, 2, 1, 0), (exam.Rows, exam.Features, exam.Outputs, exam.ClassCount));
        Dataset<float> xor = Dataset.Xor<float>();
        Assert.Equal([0f, 0, 0, 1, 1, 0, 1, 1], xor.Inputs.ToArray());
        Assert.Equal([0f, 1, 1, 0], xor.Targets.ToArray());
    }
}

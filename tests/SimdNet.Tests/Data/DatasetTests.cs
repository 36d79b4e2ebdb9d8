using System;
using System.Linq;
using System.Numerics.Tensors;

using SimdNet.Data;
using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    private static Dataset<double> Numbered(int rows) => new(
        Enumerable.Range(0, 2 * rows).Select(i => (double)i).ToArray(), 2, Enumerable.Range(0, rows).Select(i => i % 3).ToArray());

    [Fact]
    public void Data_that_do_not_fit_together_are_refused_with_both_shapes()
    {
        double[] six = [1, 2, 3, 4, 5, 6];
        Contains("[3 × 2]", "[2 × 3]", () => new Dataset<double>(six, 2, six, 3));
        Contains("[3 × 2]", "2 labels", () => new Dataset<double>(six, 2, new[] { 0, 1 }));
        Contains("6 values", "4", () => new Dataset<double>(six, 4, six, 3));
        Contains("at least one row", "inputs", () => new Dataset<double>(default, 4, six, 3));
        Contains("row 1", "-1", () => new Dataset<double>(six, 3, new[] { 0, -1 }));
        Contains("row 0", "2147483647", () => new Dataset<double>(six, 3, new[] { int.MaxValue, 1 }));
        Contains("inputs the value in row 1, column 1", "NaN", () => new Dataset<double>(new[] { 1, 2, 3, double.NaN }, 2, new[] { 0, 1 }));
        Contains("targets the value in row 1, column 0", "infinite", () => new Dataset<float>(new[] { 1f, 2 }, 1, new[] { 0f, float.NegativeInfinity }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset<double>(six, 0, six, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset<double>(six, 1, six, -1));
        Contains("2 class names", "3 classes", () => new Dataset<double>(six, 2, new[] { 0, 1, 2 }) { ClassNames = ["a", "b"] });
        Contains("1 feature names", "2 features", () => new Dataset<double>(six, 2, new[] { 0, 1, 2 }) { FeatureNames = ["a"] });
        Contains("Row 1", "1 values", () => Dataset.FromRows<double>([[1, 2], [3]], new[] { 0, 1 }));
        Contains("Row 1", "no values", () => Dataset.FromRows<double>([[1, 2], null!], new[] { 0, 1 }));
        Contains("At least one row", "", () => Dataset.FromRows<double>([], new[] { 0, 1 }));

        static void Contains(string first, string second, Func<object> call)
        {
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Contains(first, error.Message, StringComparison.Ordinal);
            Assert.Contains(second, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_and_tensors_are_copied_in()
    {
        double[][] rows = [[1, 2], [3, 4]];
        Dataset<double> fromRows = Dataset.FromRows(rows, new[] { 0, 1 });
        rows[0][0] = 9;
        Assert.Equal([1, 2, 3, 4], fromRows.Inputs.ToArray());
        double[] values = [1, 2, 3, 4, 5, 6];

        // A transposed view: strides that are not those of a matrix in one piece.
        Tensor<double> tensor = Tensor.Create(values, [3, 2]);
        ReadOnlyTensorSpan<double> columns = new(values, [2, 3], [1, 2]);
        Dataset<double> fromTensors = Dataset.FromTensors<double>(columns, [0, 1]);
        Assert.Equal([1, 3, 5, 2, 4, 6], fromTensors.Inputs.ToArray());
        Dataset<double> both = Dataset.FromTensors<double>(tensor.AsReadOnlyTensorSpan(), tensor.AsReadOnlyTensorSpan());
        Assert.Equal((3, 2, 2), (both.Rows, both.Features, both.Outputs));
        Assert.Throws<ArgumentException>(() => Dataset.FromTensors<double>(new ReadOnlyTensorSpan<double>(values), [0, 1]));
    }

    [Fact]
    public void Take_and_Select_keep_what_belongs_to_the_rows()
    {
        Dataset<double> whole = new(Numbered(5).Inputs, 2, Numbered(5).Labels) { ClassNames = ["a", "b", "c"], FeatureNames = ["x", "y"] };
        Dataset<double> first = whole.Take(1);
        Assert.Equal([0, 1], first.Inputs.ToArray());
        Assert.Equal((1, 3), (first.Rows, first.ClassCount));
        Assert.Equal(["a", "b", "c"], first.ClassNames!);
        Dataset<double> picked = whole.Select(4, 0, 4);
        Assert.Equal([8, 9, 0, 1, 8, 9], picked.Inputs.ToArray());
        Assert.Equal([1, 0, 1], picked.Labels.ToArray());
        Assert.Equal(["x", "y"], picked.FeatureNames!);
        Assert.Throws<ArgumentException>(() => whole.Select(5));
        Assert.Throws<ArgumentException>(() => whole.Select(-1));
        Assert.Throws<ArgumentException>(() => whole.Select());
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Take(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Take(6));
        Dataset<double> exam = Dataset.Exam<double>().Select(2, 0);
        Assert.Equal([89, 92], exam.Targets.ToArray());
        Assert.Equal([92, 86], Dataset.Exam<double>().Take(2).Targets.ToArray());
    }

    [Fact]
    public void Splits_and_shuffles_are_the_same_for_the_same_seed_and_lose_nothing()
    {
        Dataset<double> whole = Numbered(101);
        for (ulong seed = 0; seed < 20; seed++)
        {
            (Dataset<double> training, Dataset<double> validation) = whole.Split(0.25, seed);
            Assert.Equal((76, 25), (training.Rows, validation.Rows));
            double[] a = training.Inputs.ToArray();
            double[] b = validation.Inputs.ToArray();
            Assert.Equal(a.Order(), a);
            Assert.Equal(b.Order(), b);
            Assert.Equal(whole.Inputs.ToArray(), a.Concat(b).Order());
            Assert.Equal(a, whole.Split(0.25, seed).Training.Inputs.ToArray());
            Assert.NotEqual(a, whole.Split(0.25, seed + 1).Training.Inputs.ToArray());
            Dataset<double> shuffled = whole.Shuffle(seed);
            Assert.Equal(shuffled.Inputs.ToArray(), whole.Shuffle(seed).Inputs.ToArray());
            Assert.NotEqual(shuffled.Inputs.ToArray(), whole.Shuffle(seed + 1).Inputs.ToArray());
            Assert.Equal(whole.Inputs.ToArray(), shuffled.Inputs.ToArray().Order());
            for (int row = 0; row < whole.Rows; row++)
            {
                Assert.Equal((int)(shuffled.Inputs.Span[2 * row] / 2) % 3, shuffled.Labels.Span[row]);
            }
        }
    }

    [Theory]
    [InlineData(10, 0.25, 3)] // 2.5 goes up
    [InlineData(10, 0.24, 2)]
    [InlineData(3, 0.5, 2)]
    [InlineData(2, 0.5, 1)]
    public void A_split_rounds_to_the_nearest(int rows, double fraction, int validation) =>
        Assert.Equal(validation, Numbered(rows).Split(fraction, 1).Validation.Rows);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(0.001)]
    [InlineData(0.999)]
    public void A_split_has_two_parts(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Split(fraction, 1));

    [Fact]
    public void Each_epoch_has_an_order_of_its_own_and_allocates_nothing()
    {
        BatchOrder order = new(50);
        int[] first = order.Shuffle(7, 1).ToArray();
        int[] second = order.Shuffle(7, 2).ToArray();
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 50), second.Order());
        Assert.Equal(first, order.Shuffle(7, 1).ToArray());
        Assert.NotEqual(first, order.Shuffle(8, 1).ToArray());
        Assert.Equal(first, new BatchOrder(50).Shuffle(7, 1).ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong epoch = 0; epoch < 100; epoch++)
        {
            order.Shuffle(7, epoch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Every_order_is_as_likely_as_any_other()
    {
        const int Trials = 24_000;
        int[] counts = new int[256];
        int[] order = new int[4];
        for (ulong seed = 0; seed < Trials; seed++)
        {
            BatchOrder.Permutation(order, seed, RandomPurpose.Shuffle);
            counts[order[0] + (4 * order[1]) + (16 * order[2]) + (64 * order[3])]++;
        }

        // 24 orders of 1,000 expected: a deviation of 6 σ is 190.
        Assert.Equal(24, counts.Count(c => c > 0));
        Assert.All(counts.Where(c => c > 0), c => Assert.InRange(c, 810, 1190));
    }

    [Fact]
    public void One_hot_has_a_column_a_class()
    {
        Dataset<double> data = Numbered(4);
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0], data.OneHot(4).Targets.ToArray());
        Assert.Equal((4, false, 0), (data.OneHot(4).Outputs, data.OneHot(4).HasLabels, data.OneHot(4).ClassCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.OneHot(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.OneHot(int.MaxValue));
        Assert.Throws<InvalidOperationException>(() => Dataset.Exam<double>().OneHot(3));
    }

    [Fact]
    public void What_NPY_labels_are_depends_on_type_and_shape()
    {
        string inputs = Npy<float>("x", [1, 2, 3, 4, 5, 6], 3, 2);
        Check(Npy<long>("y", [0, 2, 1], 3), labels: [0, 2, 1]);
        Check(Npy<byte>("y", [0, 2, 1], 3, 1), labels: [0, 2, 1]);
        Check(Npy<bool>("y", [true, false, true], 3), labels: [1, 0, 1]);
        Check(Npy<ulong>("y", [0, 2, 1], 3), labels: [0, 2, 1]);
        Check(Npy<double>("y", [0, 2, 1], 3), targets: [0, 2, 1]);
        Check(Npy<float>("y", [0, 2, 1], 3, 1), targets: [0, 2, 1]);
        Check(Npy<int>("y", [-1, 1, -1], 3), targets: [-1, 1, -1]);
        Check(Npy<int>("y", [1, 0, 0, 1, 1, 0], 3, 2), targets: [1, 0, 0, 1, 1, 0]);
        Refused("row 1", Npy<long>("y", [0, int.MaxValue, 1], 3));
        Refused("row 2", Npy<ulong>("y", [0, 1, ulong.MaxValue], 3));
        Refused("4 rows", Npy<long>("y", [0, 1, 1, 1], 4));
        Refused("two dimensions", Npy<long>("y", [1]));
        Refused("row 1, column 0", Npy<double>("y", [0, double.NaN, 1], 3));
        Refused("row 0, column 1", Npy<double>("y", [0, double.PositiveInfinity, 1, 1, 1, 1], 3, 2));

        // Finite in the file, infinite as a float.
        Assert.Contains("infinite", Assert.Throws<SimdNetFormatException>(
            () => Dataset.FromNpy<float>(inputs, Npy<double>("y", [0, 1e39, 1], 3))).Message, StringComparison.Ordinal);
        Assert.Contains("(3,)", Assert.Throws<SimdNetFormatException>(
            () => Dataset.FromNpy<float>(Npy<float>("z", [1, 2, 3], 3), inputs)).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<SimdNetFormatException>(
            () => Dataset.FromNpy<float>(Npy<float>("z", [], 3, 0), inputs)).Message, StringComparison.Ordinal);
        string archive = _folder.File("a.npz");
        NpzFile.Write(archive, [new("X", NpyFile.Read(inputs)), new("Y", NpyFile.Read(inputs))]);
        Assert.Contains("no array named y (it has 'X, Y')", Assert.Throws<SimdNetFormatException>(
            () => Dataset.FromNpz<float>(archive)).Message, StringComparison.Ordinal);

        void Check(string path, int[]? labels = null, double[]? targets = null)
        {
            Dataset<double> data = Dataset.FromNpy<double>(inputs, path);
            Assert.Equal([1, 2, 3, 4, 5, 6], data.Inputs.ToArray());
            Assert.Equal(labels ?? [], data.Labels.ToArray());
            Assert.Equal(targets ?? [], data.Targets.ToArray());
        }

        void Refused(string expected, string path)
        {
            SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Dataset.FromNpy<double>(inputs, path));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Equal(path, error.Path);
        }

        string Npy<T>(string name, T[] values, params int[] shape)
            where T : unmanaged
        {
            string path = _folder.File(name + ".npy");
            NpyFile.Write<T>(path, values, shape);
            return path;
        }
    }
}

using System;
using System.Linq;

using SimdNet.Kernels;
using SimdNet.Tests.Support;
using SimdNet.Training.Optimizers;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>L-BFGS and its line search: the conditions of Wolfe, minima that are known, the tutorials, and what it does where it cannot go on.</summary>
[Trait("Suite", "Isa")]
public sealed class LbfgsTests
{
    private static readonly FitOptions<double> Full = new() { BatchSize = FitOptions<double>.FullBatch };

    /// <summary>Smooth functions along a line, downhill at 0, with first steps from far too short to far too long.</summary>
    [Fact]
    public void Line_searches_meet_the_strong_conditions_of_Wolfe()
    {
        Random random = new(6);
        int evaluations = 0;
        int strong = 0;
        const int Count = 5_000;
        for (int i = 0; i < Count; i++)
        {
            Curve curve = new(i % 4, random);
            double value = curve.At(0, out double slope);
            Assert.True(slope < 0);
            LineStep found = StrongWolfe.Search(ref curve, value, slope, Math.Pow(10, (random.NextDouble() * 8) - 4));
            evaluations += curve.Evaluations;
            Assert.True(found.Step > 0);
            double reached = curve.At(found.Step, out double end);
            Assert.Equal(end, found.Slope);
            Assert.True(reached <= value + (StrongWolfe.Decrease * found.Step * slope), curve.ToString());
            if (found.IsStrong)
            {
                strong++;
                Assert.True(Math.Abs(end) <= -StrongWolfe.Curvature * slope, curve.ToString());
                Assert.True(found.IsLast);
            }
        }

        Assert.True(strong > 0.99 * Count, $"{strong} of {Count}");
        Assert.True(evaluations < 10 * Count, $"{evaluations} evaluations");
    }

    /// <summary>Negative control: the first step that is tried rarely meets both conditions.</summary>
    [Fact]
    public void A_first_step_does_not_meet_them()
    {
        Random random = new(6);
        int met = 0;
        for (int i = 0; i < 1_000; i++)
        {
            Curve curve = new(i % 4, random);
            double value = curve.At(0, out double slope);
            double step = Math.Pow(10, (random.NextDouble() * 8) - 4);
            met += curve.At(step, out double end) <= value + (StrongWolfe.Decrease * step * slope) && Math.Abs(end) <= -StrongWolfe.Curvature * slope ? 1 : 0;
        }

        Assert.InRange(met, 1, 500);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_point_that_is_not_finite_shortens_the_step(double beyond)
    {
        Wall wall = new() { Beyond = beyond };
        LineStep found = StrongWolfe.Search(ref wall, 0, -1, 1);
        Assert.True(found.IsStrong);
        Assert.InRange(found.Step, 1e-7, 1e-5);

        // Not finite everywhere: nothing is found, and that is what it says.
        wall.Limit = 0;
        Assert.Equal(0, StrongWolfe.Search(ref wall, 0, -1, 1).Step);
    }

    [Fact]
    public void A_convex_problem_ends_in_the_minimum_that_scipy_finds()
    {
        Golden golden = Golden.Load("settings");
        Golden rows = Golden.Load("optimizers");
        Network<double> network = NetworkSpec.Parse("5,3:softmax:kernel=zeros").Build<double>();
        Trainer<double> trainer = new(network, Loss.CrossEntropy, new Lbfgs { WeightDecay = 0.01, GradientTolerance = 1e-11 });
        Dataset<double> data = new(rows["X"], 5, rows.Labels("labels"));
        History history = trainer.Fit(data, Full with { Epochs = 200 });
        Assert.True(trainer.HasConverged);
        Assert.InRange(history.Epochs.Count, 5, 60);

        // A search compares losses, which are the same to the last digit within a distance of about √ε.
        golden.AssertClose("regression", NetworkCases.Parameters(network, network.ParameterBlock), 1e-7);
        double[] parameters = golden["regression"];
        Assert.Equal(golden["regression__loss"][0], trainer.Evaluate(data).Loss + (0.005 * parameters.Sum(p => p * p)), 1e-10);
    }

    /// <summary>Least squares has one minimum: the one that no step improves, here exactly 0.</summary>
    [Fact]
    public void A_quadratic_is_solved_in_about_as_many_iterations_as_it_has_dimensions()
    {
        Network<double> network = NetworkSpec.Input(6).Dense(1).Build<double>();
        Random random = new(3);
        double[] x = [.. Enumerable.Range(0, 40 * 6).Select(_ => random.NextDouble() - 0.5)];
        double[] wanted = [1, -2, 3, -4, 5, -6];
        double[] y = [.. Enumerable.Range(0, 40).Select(row => 0.5 + Enumerable.Range(0, 6).Sum(i => wanted[i] * x[(row * 6) + i]))];
        Trainer<double> trainer = new(network, Loss.MeanSquaredError, new Lbfgs { GradientTolerance = 1e-10 });
        History history = trainer.Fit(new(x, 6, y, 1), Full with { Epochs = 100 });
        Assert.True(trainer.HasConverged);
        Assert.InRange(history.Epochs.Count, 3, 30);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(wanted[i], network.GetParameter("W1")[i], 1e-8);
        }
    }

    [Fact]
    public void The_tutorials_are_learnt_in_a_few_iterations()
    {
        Network<double> xor = NetworkSpec.Parse("2,4:tanh:kernel=normal(1):bias=normal(1),1:sigmoid:kernel=normal(1)").Build<double>(3);
        double loss = xor.Fit(Dataset.Xor<double>(), Loss.BinaryCrossEntropy, new Lbfgs(), Full with { Epochs = 60 }).Epochs[^1].Loss;
        Assert.True(loss < 1e-3, $"{loss}");

        Network<double> exam = NetworkSpec.Parse("2,3:sigmoid:kernel=normal(1),1:sigmoid:kernel=normal(1)").Build<double>();
        exam.InputScaler = Scaler<double>.ColumnMaximum(Dataset.Exam<double>().Inputs.Span, 2);
        exam.TargetScaler = Scaler<double>.Constant(100, 1);
        loss = exam.Fit(Dataset.Exam<double>(), Loss.MeanSquaredError, new Lbfgs { GradientTolerance = 1e-9 }, Full with { Epochs = 200 }).Epochs[^1].Loss;
        Assert.True(loss < 1e-8, $"{loss}");

        Dataset<float> digits = Dataset.Digits<float>();
        Network<float> network = NetworkSpec.Parse("64,16:relu,10:softmax").Build<float>();
        network.InputScaler = Scaler<float>.Constant(16, 64);
        History history = network.Fit(digits, Loss.CrossEntropy, new Lbfgs(), new() { BatchSize = FitOptions<float>.FullBatch, Epochs = 100 });
        Assert.True(history.Epochs[^1].Accuracy > 0.99, $"{history.Epochs[^1]}");
        for (int epoch = 1; epoch < history.Epochs.Count; epoch++)
        {
            Assert.True(history.Epochs[epoch].Loss <= history.Epochs[epoch - 1].Loss);
        }
    }

    [FusedTheory]
    [InlineData("5,12:tanh,3:softmax", 2100)]
    [InlineData("100,128:tanh,96:tanh,3:softmax", 100)]
    [InlineData("7,5:relu:l2=0.01,3:softmax", 9)]
    public void Widths_and_threads_change_no_bit(string network, int rows)
    {
        SeededTraining training = new(network, Loss.CrossEntropy, new Lbfgs { WeightDecay = 1e-3 }, rows, rows);
        string alone = training.Fingerprint<float>(3);
        using WorkerTeam team = new(4);
        Assert.Equal(alone, training.Fingerprint<float>(3, team));
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            Assert.Equal(alone, training.Fingerprint<float>(3, null, set));
        }

        Assert.Equal(training.Fingerprint<double>(3), training.Fingerprint<double>(3, team));
        Assert.NotEqual(alone, training.Fingerprint<float>(4));
    }

    /// <summary>The pairs and their numbers are the whole state.</summary>
    [Fact]
    public void A_state_that_is_put_back_goes_on_to_the_same_bits()
    {
        Network<double> network = NetworkSpec.Parse("6,1").Build<double>();
        Lbfgs options = new() { History = 3 };
        KernelSet<double> kernels = network.Kernels;
        LbfgsState<double> first = (LbfgsState<double>)options.Bind(kernels, 32);
        LbfgsState<double> second = (LbfgsState<double>)options.Bind(kernels, 32);
        LbfgsState<double> forgetful = (LbfgsState<double>)options.Bind(kernels, 32);
        double[] p = [.. Enumerable.Range(0, 32).Select(i => 1.0 + (i % 5))];
        double[] g = new double[32];
        Run(first, p, g, 5);
        double[] q = (double[])p.Clone();
        double[] r = (double[])p.Clone();
        first.Scalars.CopyTo(second.Scalars);
        for (int i = 0; i < first.Moments.Count; i++)
        {
            first.Moments[i].Span.CopyTo(second.Moments[i].Span);
        }

        Run(first, p, g, 5);
        Run(second, q, g, 5);
        Run(forgetful, r, g, 5);
        Assert.Equal(p, q);
        Assert.NotEqual(p, r);

        static void Run(LbfgsState<double> state, double[] p, double[] g, int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                Bowl bowl = new() { P = p, G = g };
                state.Step(bowl, bowl.Evaluate(), p, g);
            }
        }
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        Network<float> network = NetworkSpec.Parse("9,17:tanh,4:softmax").Build<float>();
        float[] x = new float[40 * 9];
        Numbers.Fill<float>(x, 2);
        Dataset<float> data = new(x, 9, Enumerable.Range(0, 40).Select(row => row % 4).ToArray());
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Lbfgs { WeightDecay = 1e-4, GradientTolerance = 0 });
        int seed = 0;
        // Bytes of this thread: tests that run beside it make collections.
        Assert.Equal(0, Allocation.Of(() =>
        {
            // Steps that have something to do: the parameters start anew.
            if (++seed % 10 == 0)
            {
                Numbers.Fill<float>(network.GetParameter("W1"), seed);
            }

            trainer.Step(data);
        }, 500).Bytes);
    }

    [Fact]
    public void What_cannot_be_improved_stays_as_it_is()
    {
        Network<double> network = NetworkSpec.Parse("1,1:kernel=zeros").Build<double>();
        Trainer<double> trainer = new(network, Loss.MeanSquaredError, new Lbfgs());
        History history = trainer.Fit(new(new double[] { 1, 2 }, 1, new double[] { 0, 0 }, 1), Full with { Epochs = 10 });
        Assert.Single(history.Epochs);
        Assert.True(trainer.HasConverged);
        Assert.Equal(0, network.GetParameter("W1")[0]);

        // Negative control: where there is something to do, it is not converged after one iteration.
        trainer.Fit(new(new double[] { 1, 2 }, 1, new double[] { 1, 4 }, 1), Full with { Epochs = 1 });
        Assert.False(trainer.HasConverged);
        Assert.NotEqual(0, network.GetParameter("W1")[0]);
    }

    /// <summary>A user's loss that throws at a point that is tried.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Where_a_loss_throws_the_parameters_are_as_they_were(int evaluations)
    {
        int left = int.MaxValue;
        Network<double> network = NetworkSpec.Parse("2,3:tanh,1").Build<double>(3);
        Trainer<double> trainer = new(network, new Slanted(() => left-- == 0 ? throw new TimeoutException() : 1), new Lbfgs { LearningRate = 100 });
        Dataset<double> data = new(new double[] { 1, 2, -1, 3 }, 2, new double[] { 3, 1 }, 1);
        double[] before = network.ParameterBlock.ToArray();
        left = evaluations * 2;
        Assert.Throws<TimeoutException>(() => trainer.Step(data));
        Assert.Equal(before, network.ParameterBlock.ToArray());
        trainer.Step(data);
        Assert.NotEqual(before, network.ParameterBlock.ToArray());
    }

    /// <summary>A slope that leads uphill: no point is better, and nothing changes, running statistics included.</summary>
    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void Where_no_point_is_better_statistics_stay_too(double slope, bool stays)
    {
        Network<double> network = NetworkSpec.Parse("2,3,batchnorm,tanh,1").Build<double>(3);
        Trainer<double> trainer = new(network, new Slanted(() => slope), new Lbfgs());
        double[] before = network.ParameterBlock.ToArray();
        trainer.Step(new(new double[] { 1, 2, -1, 3, 2, 2 }, 2, new double[] { 3, 1, 2 }, 1));
        Assert.Equal(stays, before.AsSpan().SequenceEqual(network.ParameterBlock));
        Assert.Equal(stays, trainer.HasConverged);
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        Network<double> network = NetworkSpec.Parse("1,1").Build<double>();
        Dataset<double> data = new(new double[] { 1, 2 }, 1, new double[] { 0, 1 }, 1);
        Trainer<double> trainer = new(network, Loss.MeanSquaredError, new Lbfgs());
        Assert.Contains("FullBatch", Assert.Throws<ArgumentException>(() => trainer.Fit(data, new() { BatchSize = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Trainer<double>(network, Loss.MeanSquaredError, new Lbfgs(), new() { ClipNorm = 1 }));
        Assert.Throws<ArgumentException>(() => new Trainer<double>(network, Loss.MeanSquaredError, new Lbfgs(), new() { Schedule = LearningRateSchedule.Cosine(5) }));
        Assert.Throws<ArgumentException>(() => new Trainer<double>(network, Loss.MeanSquaredError, new Lbfgs { LearningRate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lbfgs { History = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lbfgs { GradientTolerance = -1 });
    }

    /// <summary>A square whose derivative is multiplied.</summary>
    private sealed record Slanted(Func<double> Factor) : CustomLoss("slanted")
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            T error = output[0] - target[0];
            gradient[0] = T.CreateTruncating(2 * Factor()) * error;
            return error * error;
        }
    }

    /// <summary>One of four shapes with random numbers: a quadratic, a cosine in a wide bowl, an exponential wall, a quartic.</summary>
    private struct Curve(int kind, Random random) : ILine
    {
        private readonly double _a = 0.1 + (3 * random.NextDouble());
        private readonly double _b = 0.2 + random.NextDouble();

        public int Evaluations { get; private set; }

        public double At(double step, out double slope)
        {
            Evaluations++;
            switch (kind)
            {
                case 0:
                    slope = 2 * _b * (step - _a);
                    return _b * (step - _a) * (step - _a);
                case 1:
                    slope = (-_b * Math.Sin(step + 0.1)) + (0.02 * step);
                    return (_b * Math.Cos(step + 0.1)) + (0.01 * step * step);
                case 2:
                    double fall = Math.Exp(-_a) + _b;
                    slope = Math.Exp(step - _a) - fall;
                    return Math.Exp(step - _a) - (fall * step);
                default:
                    double x = step - _a;
                    slope = (4 * x * x * x) - (2 * x) - (_b * 4);
                    return (x * x * x * x) - (x * x) - (_b * 4 * x);
            }
        }

        public override readonly string ToString() => $"shape {kind} of {_a} and {_b}";
    }

    /// <summary>(α − 10⁻⁶)² · ½·10⁶ up to a limit of 2·10⁻⁶, and nothing finite behind it.</summary>
    private struct Wall() : ILine
    {
        public double Limit = 2e-6;
        public double Beyond;

        public readonly double At(double step, out double slope)
        {
            slope = step > Limit ? Beyond : 1e6 * (step - 1e-6);
            return step > Limit ? Beyond : (5e5 * (step - 1e-6) * (step - 1e-6)) - 5e-7;
        }
    }

    /// <summary>Σ i·p⁴/4 + p²/2.</summary>
    private struct Bowl : IObjective
    {
        public double[] P;
        public double[] G;

        public readonly double Evaluate()
        {
            double sum = 0;
            for (int i = 0; i < P.Length; i++)
            {
                double square = P[i] * P[i];
                sum += (i * square * square / 4) + (square / 2);
                G[i] = (i * square * P[i]) + P[i];
            }

            return sum;
        }
    }
}

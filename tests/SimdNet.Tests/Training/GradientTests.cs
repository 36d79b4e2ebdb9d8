using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Kernels;
using SimdNet.Testing;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Analytic gradients against central differences of a naive double-precision loss, and float kernels against a naive double-precision gradient, over generated networks.</summary>
[Trait("Suite", "Isa")]
public sealed class GradientTests
{
    /// <summary>Central difference: the step that balances truncation and rounding (ε / h) in double precision.</summary>
    private const double Step = 6e-6;

    private static readonly double Epsilon = Math.BitIncrement(1.0) - 1;

    [Fact]
    public void Analytic_gradients_agree_with_central_differences()
    {
        long skipped = 0;
        long checkedCount = 0;
        foreach (NetworkCase sample in Sample(Long.Count(2_000, 10_000), seed: 1))
        {
            (int sampleSkipped, int sampleChecked) = AgreesWithCentralDifferences(sample);
            skipped += sampleSkipped;
            checkedCount += sampleChecked;
        }

        Assert.True(skipped < 0.05 * checkedCount, $"{skipped} of {checkedCount} parameters lay near a kink, or their slope in the rounding error of the loss");
    }

    /// <summary>A Poisson loss of 1.6e13, exp(34.2), whose argument's last bit is 59 of its own: slopes of 1e4 are lost in it, those of 1e13 are not.</summary>
    [Fact]
    public void Slopes_below_the_rounding_error_of_an_exponential_are_skipped()
    {
        const string spec = "2,8:log-softmax:kernel=normal(0.7):bias=normal(0.7),residual(9:log-softmax:kernel=normal(0.4):bias=normal(0.4),dropout(0.5),residual(9:tanh:kernel=normal(0.4):bias=normal(0.4)),8:kernel=normal(0.4):bias=normal(0.4)),5:no-bias:kernel=normal(0.7):bias=normal(0.7)";
        (int skipped, int all) = AgreesWithCentralDifferences(new(NetworkSpec.Parse(spec), Loss.Poisson, 1493908920, 9, true));
        Assert.InRange(skipped, 1, all / 2);
    }

    /// <summary>A weight of −0.0019 before a batch normalization, whose ε bends the loss within some 1e-3: 24.859945070131 in 60 digits, as by the analytic gradient, and 24.8594979 by differences that are extrapolated but once.</summary>
    [Fact]
    public void Slopes_that_bend_within_the_step_are_taken_with_smaller_steps()
    {
        const string spec = "1,7:no-bias:kernel=normal(0.7):bias=normal(0.7),batchnorm,log-softmax,6:signed-square(0.5):kernel=normal(0.7):bias=normal(0.7),residual(7:signed-square(0.5):kernel=normal(0.4):bias=normal(0.4),dropout(0),residual(parabola,7:tanh:kernel=normal(0.4):bias=normal(0.4)),6:kernel=normal(0.4):bias=normal(0.4)),parabola,7:softsign:no-bias:kernel=normal(0.7):bias=normal(0.7),2:relu:kernel=normal(0.7):bias=normal(0.7),4:no-bias:kernel=normal(0.7):bias=normal(0.7),log-softmax";
        (int skipped, _) = AgreesWithCentralDifferences(new(NetworkSpec.Parse(spec, CustomParts.Registry), Loss.SmoothedCrossEntropy(0.25), 930587345, 12, true));
        Assert.Equal(0, skipped);
    }

    /// <summary>An output of all but 1e-8: of the loss of the others, −ln(1 − p), p has eight digits, and so has the gradient.</summary>
    [Fact]
    public void Losses_of_the_others_are_off_by_what_the_rounding_of_probabilities_makes_of_them()
    {
        const string spec = "7,parabola,3:elu(0.75):no-bias:kernel=normal(0.7):bias=normal(0.7),5:signed-square(0.5):kernel=normal(0.7):bias=normal(0.7),residual(5:signed-square(0.5):kernel=normal(0.4):bias=normal(0.4),dropout(0),residual(parabola,5:tanh:kernel=normal(0.4):bias=normal(0.4)),5:kernel=normal(0.4):bias=normal(0.4)),4:softplus:kernel=normal(0.7):bias=normal(0.7),2:kernel=normal(0.7):bias=normal(0.7),softmax";
        NetworkCase sample = new(NetworkSpec.Parse(spec, CustomParts.Registry), Loss.BinaryCrossEntropy, 212533742, 5, true);
        Assert.InRange(ErrorOfOthers(sample, Outputs(sample)), 1e-9, 1e-6);
        (int skipped, int all) = AgreesWithCentralDifferences(sample);
        Assert.Equal(all, skipped);
    }

    /// <summary>An output of all but 0, whose slope is PyTorch's and not the formula's.</summary>
    [Fact]
    public void Slopes_that_are_bounded_are_left_out()
    {
        const string spec = "2,9:no-bias:kernel=normal(0.7):bias=normal(0.7),batchnorm,mish,3:gelu-tanh:kernel=normal(0.7):bias=normal(0.7),9:elu(0.75):no-bias:kernel=normal(0.7):bias=normal(0.7),3:softmax:no-bias:kernel=normal(0.7):bias=normal(0.7)";
        NetworkCase sample = new(NetworkSpec.Parse(spec, CustomParts.Registry), Loss.BinaryCrossEntropy, 1119884625, 10, true);
        Assert.InRange(Outputs(sample).Min(row => row.Min()), double.Epsilon, 1e-12);
        (int skipped, int all) = AgreesWithCentralDifferences(sample);
        Assert.Equal(all, skipped);
    }

    private static double[][] Outputs(NetworkCase sample)
    {
        Network<double> network = sample.Build<double>();
        return new NaiveNetwork(sample.Spec) { Parameters = NetworkCases.Parameters(network, network.ParameterBlock) }.Train(sample.Inputs);
    }

    /// <summary>Each slope against differences, with a fault as the control, and a second run with the same bits.</summary>
    /// <returns>How many of all parameters differences tell nothing of.</returns>
    private static (int Skipped, int All) AgreesWithCentralDifferences(NetworkCase sample)
    {
        Network<double> network = sample.Build<double>();
        Trainer<double> trainer = new(network, sample.Loss, new Sgd());
        double loss = trainer.LossAndGradient(sample.Data<double>());
        double[] analytic = NetworkCases.Parameters(network, trainer.GradientBlock);
        Numeric numeric = CentralDifferences(sample, NetworkCases.Parameters(network, network.ParameterBlock));

        double[][] outputs = Outputs(sample);
        double error = ErrorOfOthers(sample, outputs);
        Assert.True(Math.Abs(loss - numeric.Loss) <= (1e-12 * Math.Max(1, Math.Abs(loss))) + error, $"{sample}: loss {loss}, by the formula {numeric.Loss}");
        if (error > 1e-9 || IsBounded(sample, outputs))
        {
            return (analytic.Length, analytic.Length);
        }

        string? disagreement = Disagreement(analytic, numeric);
        Assert.True(disagreement is null, $"{sample}: {disagreement}");
        Assert.NotNull(Disagreement(Perturbed(analytic, numeric), numeric));

        trainer.LossAndGradient(sample.Data<double>());
        Assert.Equal(analytic, NetworkCases.Parameters(network, trainer.GradientBlock));
        return (numeric.Skipped, analytic.Length);
    }

    [Fact]
    public void A_step_on_one_sample_moves_along_the_naive_gradient() => StepsMoveAlongTheNaiveGradient([.. Sample(300, seed: 2).Where(sample => !sample.HasBatchNorm).Select(sample => sample with { Rows = 1 })]);

    [Fact]
    public void A_step_on_a_batch_moves_along_the_naive_gradient() => StepsMoveAlongTheNaiveGradient([.. Sample(300, seed: 4)]);

    /// <summary>Plain gradient descent stores no gradient: what it did is read off the parameters.</summary>
    private static void StepsMoveAlongTheNaiveGradient(NetworkCase[] all)
    {
        NetworkCase[] samples = [.. all.Where(sample => !sample.IsSteep(1e-3))];
        Assert.True(samples.Length > 0.9 * all.Length, $"{samples.Length} of {all.Length} are left.");
        const double rate = 0.5;
        int controls = 0;
        int moved = 0;
        foreach (NetworkCase sample in samples)
        {
            Network<double> network = sample.Build<double>();
            double[] before = NetworkCases.Parameters(network, network.ParameterBlock);
            double[] gradient = NaiveGradient(sample, before);
            new Trainer<double>(network, sample.Loss, new Sgd { LearningRate = rate }).Step(sample.Data<double>());
            double[] after = NetworkCases.Parameters(network, network.ParameterBlock);
            // What cancels in a gradient is rounded as the largest is.
            double largest = gradient.Max(Math.Abs);

            // Running statistics move, and not along a gradient.
            bool[] isTrained = [.. network.Parameters.SelectMany(parameter => Enumerable.Repeat(parameter.IsTrainable, parameter.Length))];
            Assert.True(Stray(1) is null, Stray(1));
            moved += gradient.Any(value => Math.Abs(value) > 1e-5) ? 1 : 0;
            controls += Stray(1 + 1e-5) is null ? 0 : 1;

            string? Stray(double factor)
            {
                for (int i = 0; i < before.Length; i++)
                {
                    if (!isTrained[i])
                    {
                        continue;
                    }

                    double expected = before[i] - (rate * factor * gradient[i]);
                    if (!(Math.Abs(after[i] - expected) <= 1e-12 * Math.Max(1, rate * largest)))
                    {
                        return $"{sample}: parameter {i} is {after[i]}, expected {expected}";
                    }
                }

                return null;
            }
        }

        // The control: a rate that is off by 1e-5 is seen, save where all gradients are tiny, as behind a softmax of one output or within a hinge's margin.
        Assert.True(controls >= moved && moved > 0.8 * samples.Length, $"Only {controls} of {moved} wrong rates were seen, of {samples.Length}.");
    }

    [Fact]
    public void Float_kernels_agree_with_a_naive_double_gradient_at_every_width()
    {
        foreach (KernelSet<float> kernels in KernelSets.Supported<float>())
        {
            foreach (NetworkCase sample in Sample(Long.Count(300, 3_000), seed: 3).Where(sample => !sample.Squares() && !sample.IsSteep(0.05)))
            {
                Network<float> network = sample.Build(kernels);
                Trainer<float> trainer = new(network, sample.Loss, new Sgd());
                Dataset<float> data = sample.Data<float>();
                trainer.LossAndGradient(data);
                double[] analytic = NetworkCases.Parameters(network, trainer.GradientBlock);
                double[] naive = NaiveGradient(sample, NetworkCases.Parameters(network, network.ParameterBlock), data);
                double scale = Norm(naive) + Norm(analytic);
                double difference = Norm([.. analytic.Zip(naive, (a, n) => a - n)]);
                // The floor, as for the differences above: the gradient through a saturated softmax is what cancellation leaves of numbers near 1.
                Assert.True(difference <= 1e-5 * Math.Max(scale, 0.1), $"{kernels.Name}, {sample}: off by {difference / scale:E1} of the norm {scale}");
            }
        }
    }

    private static NetworkCase[] Sample(int count, int seed)
    {
        NetworkCase[] cases = NetworkCases.Arbitrary().Generator.Sample(count, new Rnd((ulong)seed), 50);
        Assert.Equal(count, cases.Length);
        return cases;
    }

    private static double[] NaiveGradient(NetworkCase sample, double[] parameters, Dataset<float>? rounded = null)
    {
        double[][] inputs = sample.Inputs;
        double[][] targets = sample.Targets;
        if (rounded is not null)
        {
            inputs = Array.ConvertAll(inputs, row => Array.ConvertAll(row, value => (double)(float)value));
            targets = Array.ConvertAll(targets, row => Array.ConvertAll(row, value => (double)(float)value));
        }

        return new NaiveNetwork(sample.Spec) { Parameters = parameters }.Gradient(sample.Loss.ToString(), inputs, targets);
    }

    private static Numeric CentralDifferences(NetworkCase sample, double[] parameters)
    {
        double[][] inputs = sample.Inputs;
        double[][] targets = sample.Targets;
        NaiveNetwork naive = new(sample.Spec) { Parameters = parameters };
        double loss = naive.Loss(sample.Loss.ToString(), inputs, targets);
        double floor = Math.Max(1, Math.Abs(loss));
        double rounding = (Epsilon * floor) + Blur(sample, naive.Train(inputs));
        double[] gradient = new double[parameters.Length];
        int skipped = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            double x = parameters[i];
            gradient[i] = Slope(Step * Math.Max(1, Math.Abs(x)));
            skipped += double.IsNaN(gradient[i]) ? 1 : 0;
            parameters[i] = x;

            // Richardson's extrapolation takes the h² term out: with third derivatives in the hundreds, which narrow networks have, it alone exceeds the tolerance. Where that term is seen, the h⁴ term may be next: steps are halved until
            // two extrapolations agree or rounding hides the slope.
            double Slope(double h)
            {
                double coarse = Difference(2 * h);
                double fine = Difference(h);
                double slope = ((4 * fine) - coarse) / 3;
                double change = fine - coarse;
                while (Math.Abs(change) > (1e-8 * Math.Abs(slope)) + (1e-9 * floor) && rounding / h <= Tolerance(slope, loss))
                {
                    h /= 2;
                    coarse = fine;
                    fine = Difference(h);
                    double before = slope;
                    slope = ((4 * fine) - coarse) / 3;
                    change = slope - before;
                }

                return rounding / h > Tolerance(slope, loss) ? double.NaN : slope;
            }

            double Difference(double h)
            {
                List<bool> sidesAbove = [];
                List<bool> sidesBelow = [];
                double difference = At(x + h, sidesAbove) - At(x - h, sidesBelow);
                return sidesAbove.SequenceEqual(sidesBelow) ? difference / (x + h - (x - h)) : double.NaN;
            }

            double At(double value, List<bool> sides)
            {
                parameters[i] = value;
                naive.Parameters = parameters;
                return naive.Loss(sample.Loss.ToString(), inputs, targets, sides);
            }
        }

        return new(loss, gradient, skipped);
    }

    /// <summary>
    /// The rounding error of a loss that takes an exponential of its outputs p: exp(p) has |p| times the relative error of p, an ε of its own and one of the products that it sums. No other loss has more than some ε, which <see cref="Step"/> is chosen for.
    /// </summary>
    private static double Blur(NetworkCase sample, double[][] outputs) => sample.Loss.Name == "poisson" && sample.Spec.OutputActivation.Kind == ActivationKind.Identity
        ? 2 * Epsilon * outputs.Sum(row => row.Sum(p => Math.Abs(p) * Math.Exp(p))) / (outputs.Length * sample.Spec.Outputs)
        : 0;

    /// <summary>What ln(1 − p) and its slope are off behind a softmax, where the library takes p as it was rounded, as PyTorch does, and the formula the logits of the other outputs.</summary>
    private static double ErrorOfOthers(NetworkCase sample, double[][] outputs)
    {
        if (sample.Loss.Name != "bce" || sample.Spec.OutputActivation.Kind != ActivationKind.Softmax || sample.Spec.Outputs == 1)
        {
            return 0;
        }

        double largest = outputs.Max(row => row.Max());
        return 4 * Epsilon * largest / (1 - largest);
    }

    /// <summary>Whether an output is so close to 0 or 1 that PyTorch's bound of the slope, p·(1 − p) ≥ 1e-12, is in force: the formula has none. A sigmoid's slope is taken from its logit, and needs none.</summary>
    private static bool IsBounded(NetworkCase sample, double[][] outputs) =>
        sample.Loss.Name == "bce" && sample.Spec.OutputActivation.Kind != ActivationKind.Sigmoid && outputs.Any(row => row.Any(p => p is > 0 and < 1 && p * (1 - p) < 1e-12));

    private static double Tolerance(double slope, double loss) => (1e-6 * Math.Abs(slope)) + (1e-9 * Math.Max(1, Math.Abs(loss)));

    /// <summary>Null where analytic and numeric gradient agree, else what does not. NaN marks a parameter near a kink, or one whose slope is lost in the rounding error of the loss.</summary>
    private static string? Disagreement(double[] analytic, Numeric numeric)
    {
        double difference = 0;
        double sum = 0;
        double analyticNorm = 0;
        double floor = Math.Max(1, Math.Abs(numeric.Loss));
        for (int i = 0; i < analytic.Length; i++)
        {
            double a = analytic[i];
            double n = numeric.Gradient[i];
            if (double.IsNaN(n))
            {
                continue;
            }

            if (!(Math.Abs(a - n) <= Tolerance(Math.Max(Math.Abs(a), Math.Abs(n)), numeric.Loss)))
            {
                return string.Create(CultureInfo.InvariantCulture, $"parameter {i}: analytic {a}, numeric {n}");
            }

            difference += (a - n) * (a - n);
            analyticNorm += a * a;
            sum += n * n;
        }

        analyticNorm = Math.Sqrt(analyticNorm);
        double relative = Math.Sqrt(difference) / (analyticNorm + Math.Sqrt(sum));
        return analyticNorm >= 0.1 * floor && !(relative <= 1e-8) ? string.Create(CultureInfo.InvariantCulture, $"norm of the difference {relative} of the norms") : null;
    }

    /// <summary>The negative control: a fault of one part in 100,000 in the largest gradient, made large enough to exceed the absolute floor where all gradients are tiny.</summary>
    private static double[] Perturbed(double[] analytic, Numeric numeric)
    {
        int largest = 0;
        for (int i = 1; i < analytic.Length; i++)
        {
            if (!double.IsNaN(numeric.Gradient[i]) && (double.IsNaN(numeric.Gradient[largest]) || Math.Abs(analytic[i]) > Math.Abs(analytic[largest])))
            {
                largest = i;
            }
        }

        double[] perturbed = [.. analytic];
        perturbed[largest] += Math.Max(1e-5 * Math.Abs(analytic[largest]), 4e-9 * Math.Max(1, Math.Abs(numeric.Loss)));
        return perturbed;
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private sealed record Numeric(double Loss, double[] Gradient, int Skipped);
}

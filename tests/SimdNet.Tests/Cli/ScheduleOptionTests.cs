using System.Globalization;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>What <c>--schedule</c> counts: steps, or epochs where <c>--schedule-per epoch</c> says so. plateau alone counts epochs in any case: it goes by their losses.</summary>
public sealed class ScheduleOptionTests(CliFiles files) : IClassFixture<CliFiles>
{
    private const int Epochs = 6;
    private const int StepsOfAnEpoch = CliFiles.Rows / 10;
    private const double Rate = 0.001;

    [Theory]
    [InlineData("step(3,0.5)")]
    [InlineData("exponential(0.9)")]
    [InlineData("cosine(40)")]
    [InlineData("cosine-restarts(5,2)")]
    [InlineData("one-cycle(25)")]
    [InlineData("warmup(7)")]
    [InlineData("polynomial(30,2)")]
    [InlineData("warmup(3)+cosine(30)")]
    public void Steps_are_counted_unless_epochs_are_chosen(string text)
    {
        LearningRateSchedule schedule = LearningRateSchedule.Parse(text);
        double[] inSteps = Rates(text);
        double[] inEpochs = Rates(text, "--schedule-per", "epoch");
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            // The log has the rate of an epoch's last step.
            Assert.Equal(schedule.RateAt(Rate, (StepsOfAnEpoch * (epoch + 1)) - 1), inSteps[epoch], 1e-12);
            Assert.Equal(schedule.RateAt(Rate, epoch), inEpochs[epoch], 1e-12);
        }

        Assert.NotEqual(inSteps, inEpochs);
    }

    /// <summary>No loss falls below a hundredth of the first: after two that do not, the rate is halved.</summary>
    [Fact]
    public void A_plateau_counts_epochs()
    {
        double[] expected = [Rate, Rate, Rate, Rate / 2, Rate / 2, Rate / 4];
        Assert.Equal(expected, Rates("plateau(1,0.5,0.99,0,0)"));
        Assert.Equal(expected, Rates("plateau(1,0.5,0.99,0,0)", "--schedule-per", "epoch"));
        CliProcess.Run(files.Path, "train", "names.csv", "--layers", "3:softmax", "--schedule", "plateau(1,0.5)", "--schedule-per", "step").AssertMistake(2, "simdnet train", "losses of epochs");
    }

    private double[] Rates(string schedule, params string[] options)
    {
        using TemporaryFolder folder = new();
        CliProcess.Succeed(files.Path, ["train", "names.csv", "--layers", "3:softmax", "--optimizer", "sgd", "--learning-rate", Rate.ToString(CultureInfo.InvariantCulture), "--batch-size", "10", "--epochs", Epochs.ToString(CultureInfo.InvariantCulture), "--csv-log", folder.File("log.csv"), "--schedule", schedule, .. options]);
        double[] rates = [.. File.ReadAllLines(folder.File("log.csv")).Skip(1).Select(line => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture))];
        Assert.Equal(Epochs, rates.Length);
        return rates;
    }
}

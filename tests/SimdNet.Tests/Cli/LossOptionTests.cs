using System;
using System.Linq;
using System.Text.Json;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The losses, weights of classes and metrics of the tool, by name.</summary>
public sealed class LossOptionTests(CliFiles files) : IClassFixture<CliFiles>
{
    [Theory]
    [InlineData("--labels real.npy --layers 3 --loss mse", "mse")]
    [InlineData("--labels real.npy --layers 3 --loss mae", "mae")]
    [InlineData("--labels real.npy --layers 3 --loss huber(1.5)", "huber(1.5)")]
    [InlineData("--labels real.npy --layers 3 --loss huber", "huber(1)")]
    [InlineData("--labels real.npy --layers 3 --loss half-sse", "half-sse")]
    [InlineData("--labels binary.npy --layers 1:sigmoid --loss bce", "bce")]
    [InlineData("--labels binary.npy --layers 1 --loss bce-with-logits", "bce-with-logits")]
    [InlineData("--labels onehot.npy --layers 3:softmax --loss BCE", "bce")]
    [InlineData("--labels y.npy --layers 3:softmax --loss cross-entropy", "cross-entropy")]
    [InlineData("--labels y.npy --layers 3 --loss cross-entropy", "cross-entropy")]
    [InlineData("--labels y.npy --layers 3:softmax --label-smoothing 0.1", "cross-entropy(0.1)")]
    [InlineData("--labels y.npy --layers 3:tanh --loss hinge", "hinge")]
    [InlineData("--labels y.npy --layers 1 --loss poisson", "poisson")]
    [InlineData("--labels onehot.npy --layers 3:softmax --loss kl", "kl")]
    [InlineData("--labels y.npy --layers 3:softmax --loss auto", "cross-entropy")]
    [InlineData("--labels y.npy --layers 3:softmax --class-weights 1,2,0.5", "cross-entropy", "1,2,0.5")]
    [InlineData("--labels y.npy --layers 3:sigmoid --class-weights balanced --loss mse", "mse", "0.9523809523809523,1.0256410256410255,1.0256410256410255")]
    [InlineData("--labels onehot.npy --layers 3:softmax --class-weights balanced --label-smoothing 0.2", "cross-entropy(0.2)", "0.9523809523809523,1.0256410256410255,1.0256410256410255")]
    [InlineData("--labels binary.npy --layers 1:sigmoid --class-weights balanced", "bce", "0.7407407407407407,1.5384615384615385")]
    public void Every_loss_trains_and_is_noted_in_the_model(string line, string loss, string? weights = null)
    {
        JsonElement trained = CliProcess.Succeed(files.Path, ["train", "X.npy", .. line.Split(' '), "--epochs", "2", "--output", "loss.safetensors", "--json"]).TrainJson();
        Assert.True(double.IsFinite(trained.GetProperty("loss").GetDouble()));
        ModelInfo info = ModelFile.ReadInfo(files.File("loss.safetensors"));
        Assert.Equal(loss, info.Metadata["loss"]);
        Assert.Equal(weights, info.Metadata.TryGetValue("class-weights", out string? noted) ? noted : null);

        // Evaluated, it has the loss that it was trained with.
        string labels = line.Split(' ')[1];
        JsonElement evaluated = Json(CliProcess.Succeed(files.Path, "evaluate", "loss.safetensors", "X.npy", "--labels", labels, "--json"));
        Assert.Equal(trained.GetProperty("loss").GetDouble(), evaluated.GetProperty("loss").GetDouble());
    }

    [Theory]
    [InlineData("--loss huber(0)", "--loss takes")]
    [InlineData("--loss mape", "'mape'")]
    [InlineData("--loss mse(1)", "'mse(1)'")]
    [InlineData("--label-smoothing 1.5", "--label-smoothing takes")]
    [InlineData("--loss mse --label-smoothing 0.1", "--label-smoothing is cross-entropy's")]
    [InlineData("--loss cross-entropy(0.1) --label-smoothing 0.1", "once")]
    [InlineData("--class-weights 1,2", "10 classes")]
    [InlineData("--class-weights 1,-2", "--class-weights takes")]
    [InlineData("--class-weights 0,0", "--class-weights takes")]
    [InlineData("--class-weights heavy", "--class-weights takes")]
    [InlineData("--layers 1 --class-weights balanced", "needs classes")]
    [InlineData("--layers 10 --loss bce-with-logit", "--loss takes")]
    [InlineData("--layers 10:relu --loss kl", "needs a last layer with softmax")]
    [InlineData("--layers 10:tanh --loss poisson", "needs a last layer with identity")]
    [InlineData("--loss bce-with-logits", "needs a last layer with identity")]
    public void Contradictions_are_wrong_usage(string line, string part) =>
        CliProcess.Run(files.Path, (string[])["train", "digits", .. line.Split(' ')]).AssertMistake(2, "simdnet train", part);

    [Fact]
    public void Balanced_weights_need_classes_in_the_data() =>
        CliProcess.Run(files.Path, "train", "X.npy", "--labels", "real.npy", "--layers", "3:tanh", "--class-weights", "balanced").AssertMistake(1, "simdnet train", "row 0");

    [Fact]
    public void Metrics_fit_the_model_or_are_chosen()
    {
        string[] evaluate = ["evaluate", "colours.safetensors", "names.csv", "--json"];
        JsonElement json = CliProcess.Succeed(files.Path, evaluate).Json("rows", "loss", "accuracy", "precision", "recall", "f1");
        Assert.InRange(json.GetProperty("f1").GetDouble(), 0.9, 1);
        json = CliProcess.Succeed(files.Path, [.. evaluate, "--metrics", "accuracy,f1-micro,top-k:2,confusion-matrix,rmse"]).Json("rows", "loss", "accuracy", "f1_micro", "top_k(2)", "confusion_matrix", "rmse");
        Assert.Equal(json.GetProperty("accuracy").GetDouble(), json.GetProperty("f1_micro").GetDouble());
        Assert.Equal(CliFiles.Rows, json.GetProperty("confusion_matrix").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32())));

        json = CliProcess.Succeed(files.Path, "evaluate", "binary.safetensors", "X.npy", "--labels", "binary.npy", "--json").Json("rows", "loss", "accuracy", "precision", "recall", "f1", "roc_auc");
        Assert.InRange(json.GetProperty("roc_auc").GetDouble(), 0.9, 1);
        CliProcess.Succeed(files.Path, "evaluate", "real.safetensors", "X.npy", "--labels", "real.npy", "--json").Json("rows", "loss", "accuracy", "mae", "rmse", "r2");
        string text = CliProcess.Succeed(files.Path, "evaluate", "colours.safetensors", "names.csv", "--metrics", "confusion-matrix,f1").Output;
        Assert.Contains("confusion-matrix", text, StringComparison.Ordinal);
        Assert.Contains("\nf1 ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f1,auc", "--metrics: 'auc' is not a metric. Choose of accuracy, binary-accuracy, top-k(K), precision")]
    [InlineData("", "--metrics: '' is not a metric")]
    [InlineData("f1,,mae", "--metrics: '' is not a metric")]
    [InlineData("top-k(0)", "K is a whole number from 1")]
    [InlineData("roc-auc", "roc-auc is not for a model with 3 outputs")]
    [InlineData("top-k(9)", "top-k(9) is not for a model with 3 outputs")]
    [InlineData("f1,mae,F1", "--metrics has f1 twice")]
    [InlineData("top-k:2,top-k(2)", "--metrics has top-k(2) twice")]
    public void Unknown_and_unfitting_metrics_are_wrong_usage(string metrics, string part) =>
        CliProcess.Run(files.Path, "evaluate", "colours.safetensors", "names.csv", "--metrics", metrics).AssertMistake(2, "simdnet evaluate", part);

    [Fact]
    public void Help_shows_the_choices()
    {
        string help = CliProcess.Succeed(files.Path, "train", "--help").Output;
        Assert.All(["mse|mae|huber(D)|half-sse|bce|cross-entropy|hinge|poisson|kl", "--label-smoothing", "--class-weights", "balanced"], part => Assert.Contains(part, help, StringComparison.Ordinal));
    }

    private static JsonElement Json(CliResult result)
    {
        using JsonDocument document = JsonDocument.Parse(result.OutputLines[^1]);
        return document.RootElement.Clone();
    }
}

using System;
using System.IO;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>Mistakes: each gets its exit code and one line that says what and where.</summary>
public sealed class UsageTests(CliFiles files) : IClassFixture<CliFiles>
{
    [Theory]
    [InlineData("trian digits", "'trian' is not a command")]
    [InlineData("--foo", "'--foo' is not a command")]
    [InlineData("train", "DATA is missing")]
    [InlineData("train digits more", "'more' is one argument too many")]
    [InlineData("train digits --foo", "no option '--foo'")]
    [InlineData("train digits --epoch 3", "nearest is --epochs")]
    [InlineData("train digits --epochs", "--epochs needs a value N")]
    [InlineData("train digits --epochs 0", "'0'")]
    [InlineData("train digits --epochs -1", "'-1'")]
    [InlineData("train digits --epochs 1.5", "'1.5'")]
    [InlineData("train digits --epochs 3 --epochs 4", "give it once")]
    [InlineData("train digits --learning-rate -0.1", "'-0.1'")]
    [InlineData("train digits --learning-rate nan", "'nan'")]
    [InlineData("train digits --learning-rate 0,1", "'0,1'")]
    [InlineData("train digits --threads 0", "from 1 to 64")]
    [InlineData("train digits --threads 65", "'65'")]
    [InlineData("train digits --threads abc", "'abc'")]
    [InlineData("train digits --rows 0", "--rows")]
    [InlineData("train digits --batch-size half", "--batch-size")]
    [InlineData("train digits --log-every 0", "--log-every")]
    [InlineData("train digits --seed -1", "--seed")]
    [InlineData("train digits --weight-decay -1", "--weight-decay")]
    [InlineData("train digits --precision float16", "float32, float64")]
    [InlineData("train digits --validation-split 1", "--validation-split")]
    [InlineData("train digits --validation-split 1.5", "--validation-split")]
    [InlineData("train digits --validation-split 0.1 --test digits", "Give one of them")]
    [InlineData("train digits --test-labels y.npy", "--test-labels goes with --test")]
    [InlineData("train digits --test X.npy", "--test-labels FILE.npy")]
    [InlineData("train digits --momentum 0.9", "Add --optimizer sgd")]
    [InlineData("train digits --nesterov", "Add --optimizer sgd")]
    [InlineData("train digits --optimizer sgd --momentum 2", "--momentum")]
    [InlineData("train digits --optimizer sgd --nesterov", "needs a momentum")]
    [InlineData("train digits --optimizer rmsprob", "sgd, rmsprop, adagrad, adam, adamw, nadam, rprop, lbfgs")]
    [InlineData("train digits --optimizer adam --momentum 0.9", "--momentum is an option of sgd and rmsprop, and the optimizer is adam")]
    [InlineData("train digits --optimizer rmsprop --nesterov", "--nesterov is an option of sgd, and the optimizer is rmsprop")]
    [InlineData("train digits --optimizer sgd --rho 0.9", "--rho is an option of rmsprop")]
    [InlineData("train digits --optimizer rprop --beta1 0.9", "adam, adamw and nadam")]
    [InlineData("train digits --optimizer adagrad --beta2 0.9", "--beta2")]
    [InlineData("train digits --optimizer sgd --epsilon 0.1", "--epsilon")]
    [InlineData("train digits --optimizer rmsprop --rho 1", "--rho takes")]
    [InlineData("train digits --clip-norm 0", "--clip-norm takes a positive number")]
    [InlineData("train digits --clip-tensor-norm 0", "--clip-tensor-norm takes a positive number")]
    [InlineData("train digits --optimizer lbfgs --clip-tensor-norm 1", "--clip-tensor-norm bends the gradient")]
    [InlineData("train digits --bias --no-bias", "--no-bias and --bias contradict each other")]
    [InlineData("train exam --shuffle --no-shuffle", "--no-shuffle and --shuffle contradict each other")]
    [InlineData("train digits --clip-value -1", "--clip-value takes a positive number")]
    [InlineData("train digits --schedule cosine", "--schedule: 'cosine' is not a schedule. Choose one of")]
    [InlineData("train digits --schedule step(0,0.5)", "at least 1")]
    [InlineData("train digits --schedule-per epoch", "--schedule-per goes with --schedule")]
    [InlineData("train digits --schedule cosine(9) --schedule-per row", "step, epoch")]
    [InlineData("train digits --schedule plateau(2,0.5) --schedule-per step", "losses of epochs")]
    [InlineData("train digits --optimizer rprop --schedule cosine(9)", "rprop finds its steps itself")]
    [InlineData("train digits --optimizer lbfgs --batch-size 32", "lbfgs takes all rows in one batch")]
    [InlineData("train digits --optimizer lbfgs --clip-norm 1", "--clip-norm bends the gradient")]
    [InlineData("train digits --optimizer lbfgs --schedule cosine(9)", "lbfgs finds its steps itself")]
    [InlineData("train digits --optimizer lbfgs --momentum 0.9", "--momentum is an option of sgd and rmsprop")]
    [InlineData("train digits --beta1 1", "--beta1 takes")]
    [InlineData("train digits --beta2 -1", "--beta2 takes")]
    [InlineData("train digits --epsilon 0", "--epsilon takes")]
    [InlineData("train digits --layers 128:swish,10:softmax", "'swish'")]
    [InlineData("train digits --layers 128:relu,,10", "--layers")]
    [InlineData("train digits --layers 0:relu", "'0:relu'")]
    [InlineData("train digits --loss hings", "--loss")]
    [InlineData("train digits --layers 10 --loss bce", "needs a last layer with sigmoid, hard-sigmoid or softmax, and")]
    [InlineData("train digits --freeze 0", "--freeze takes layers counted from 1")]
    [InlineData("train digits --freeze 2-1", "'2-1'")]
    [InlineData("train digits --freeze 1-999999999", "'1-999999999'")]
    [InlineData("train xor --freeze 3", "--freeze has layer 3, and --layers has 2")]
    [InlineData("train xor --freeze 1,2", "--freeze leaves no layer with parameters to train")]
    [InlineData("train digits --init-layers 1", "--init-layers goes with --init-from")]
    [InlineData("train names.csv --init-from colours.safetensors --init-layers 9", "--init-layers has layer 9")]
    [InlineData("train names.csv --init-from colours.safetensors --init-weights w.npz", "Give one of them")]
    [InlineData("gradcheck --layers 3:softmax --class-weights balanced", "Add --data")]
    [InlineData("gradcheck --layers 3:softmax --class-weights 1,2", "Give 3")]
    [InlineData("train xor --loss cross-entropy", "needs a last layer with softmax")]
    [InlineData("train digits --init normal", "--init")]
    [InlineData("train digits --init uniform:1", "--init")]
    [InlineData("train digits --bias-init ones", "--bias-init")]
    [InlineData("train digits --scale log", "--scale")]
    [InlineData("train digits --scale divide:0", "divide:0")]
    [InlineData("train digits --output model.bin", ".safetensors")]
    [InlineData("train digits --weights-out w.txt", ".npz")]
    [InlineData("train digits --labels y.npy", "Leave it out")]
    [InlineData("train digits --label-column 3", "--label-column")]
    [InlineData("train digits --no-header", "--no-header")]
    [InlineData("train names.csv", "--layers is missing")]
    [InlineData("train X.npy --layers 3:softmax", "--labels FILE.npy")]
    [InlineData("train notes.txt --layers 3", "notes.txt is no kind of data")]
    [InlineData("train digits --json yes", "'yes' is one argument too many")]
    [InlineData("gradcheck", "--layers is missing")]
    [InlineData("train xor --layers 2000000000:relu,1:sigmoid", "Use fewer units. See 'simdnet train --help'")]
    [InlineData("train xor --schedule cosine(999999999999)", "whole and at most 2147483647")]
    [InlineData("gradcheck --layers 3 --directions -1", "--directions takes a whole number from 0")]
    [InlineData("gradcheck --layers 3 --rows 0", "--rows")]
    [InlineData("gradcheck --layers 3:tanh --loss cross-entropy", "needs a last layer with softmax")]
    [InlineData("gradcheck --layers 3 --epochs 3", "no option '--epochs'")]
    [InlineData("gradcheck --layers 3 --labels y.npy", "--labels goes with --data")]
    [InlineData("gradcheck --layers 3 --data digits --inputs 3", "Leave one of them out")]
    [InlineData("gradcheck --layers 3 --scale standard", "Add --data")]
    [InlineData("tune", "DATA is missing")]
    [InlineData("tune digits --learning-rate 0.1,fast", "'fast'")]
    [InlineData("tune digits --learning-rate 0.1,0.1", "'0.1' twice")]
    [InlineData("tune digits --epochs 0", "'0'")]
    [InlineData("tune digits --folds 1", "--folds")]
    [InlineData("tune digits --trials 3", "Add --search random")]
    [InlineData("tune digits --learning-rate uniform(0,1)", "Add --search random")]
    [InlineData("tune digits --learning-rate log-uniform(0,1) --search random", "no range")]
    [InlineData("tune digits --layers 3:softmax --layers 3", "end alike")]
    [InlineData("tune digits --precision float32,float64", "--precision takes one value")]
    [InlineData("tune digits --optimizer sgd,adam --momentum 0.9", "--optimizer sgd")]
    [InlineData("tune digits --validation-split 0.1", "no option '--validation-split'")]
    [InlineData("tune digits --csv trials.txt", ".csv")]
    [InlineData("evaluate", "MODEL is missing")]
    [InlineData("evaluate colours.safetensors", "DATA is missing")]
    [InlineData("evaluate colours.safetensors X.npy", "--labels FILE.npy")]
    [InlineData("evaluate colours.safetensors names.csv --threads 65", "from 1 to 64")]
    [InlineData("predict colours.safetensors X.npy --threads 0", "from 1 to 64")]
    [InlineData("predict colours.safetensors X.npy --labels y.npy", "no option '--labels'")]
    [InlineData("predict colours.safetensors X.npy --output P.txt", ".npy or .csv")]
    [InlineData("inspect", "MODEL is missing")]
    [InlineData("export colours.safetensors", "OUT is missing")]
    [InlineData("export colours.safetensors w.txt", "'w.txt' is neither")]
    [InlineData("export colours.safetensors w.safetensors --deflate", "'w.safetensors' does not")]
    [InlineData("export colours.safetensors w.npz --delimiter ,", "'w.npz' is one file")]
    [InlineData("export colours.safetensors w --delimiter 5", "that no number has")]
    [InlineData("export colours.safetensors w --delimiter ,,", "that no number has")]
    [InlineData("import", "WEIGHTS is missing")]
    [InlineData("import both.npz", "--layers is missing: a file of weights does not say")]
    [InlineData("import both.npz --layers 3 --from tensorflow", "pytorch, keras, numpy")]
    [InlineData("import both.npz --layers 3 --order a,,b", "--order takes names")]
    [InlineData("import both.npz --layers 3 --epsilon 0", "--epsilon takes a positive number")]
    [InlineData("import both.npz --layers 3 --from numpy --order a", "Leave it out")]
    [InlineData("import both.npz --layers 3 --output m.npz", ".safetensors")]
    [InlineData("import both.npz --layers 3 --epochs 3", "no option '--epochs'")]
    [InlineData("import colours.safetensors --layers 4:tanh,3:softmax", "the weights that it is made of. Name another file with --output")]
    public void Wrong_usage_exits_with_2(string line, string part) => AssertMistake(2, line, part);

    [Theory]
    [InlineData("train nowhere.csv --layers 3", "nowhere.csv")]
    [InlineData("train mnist --layers 3", "mnist: there is no such file or folder")]
    [InlineData("train empty --layers 3", "train-images-idx3-ubyte")]
    [InlineData("train damaged.npy --labels y.npy --layers 3", "damaged.npy")]
    [InlineData("train X.npy --labels short.npy --layers 3:softmax", "short.npy")]
    [InlineData("train X.npy --labels half.npy --layers 3:softmax", "half.npy: the label of row 0")]
    [InlineData("train X.npy --labels y.npy --layers 2:softmax", "3:softmax")]
    [InlineData("train X.npy --labels y.npy --layers 1:sigmoid", "label 2")]
    [InlineData("train X.npy --labels onehot.npy --layers 2", "3 target columns")]
    [InlineData("train nothing.npz --layers 3", "X")]
    [InlineData("train inputs.npz --layers 3", "y")]
    [InlineData("train names.csv --layers 2:softmax", "3:softmax")]
    [InlineData("train names.csv --layers 1", "names.csv")]
    [InlineData("train names.csv --layers 3:softmax --label-column taste", "taste")]
    [InlineData("train names.csv --layers 3:softmax --test prices.csv", "prices.csv")]
    [InlineData("train xor --validation-split 0.9", "leaves none")]
    [InlineData("train xor --init-weights both.npz", "both.npz")]
    [InlineData("train xor --test digits", "64 features")]
    [InlineData("train xor --output no/such.safetensors", "there is no folder")]
    [InlineData("evaluate nowhere.safetensors digits", "nowhere.safetensors")]
    [InlineData("evaluate damaged.safetensors digits", "damaged.safetensors")]
    [InlineData("evaluate colours.safetensors digits", "64 features")]
    [InlineData("predict colours.safetensors wide.npy", "(40, 5)")]
    [InlineData("predict colours.safetensors nan.npy", "row 0, column 1")]
    [InlineData("predict colours.safetensors nothing.npz", "no array X")]
    [InlineData("predict real.safetensors X.npy --classes", "gives numbers")]
    [InlineData("predict colours.safetensors X.npy --output no/P.npy", "there is no folder")]
    [InlineData("inspect X.npy", "X.npy")]
    [InlineData("tune xor", "4 rows do not make 5 folds")]
    [InlineData("tune xor --csv no/trials.csv", "there is no folder")]
    [InlineData("export damaged.safetensors w.npz", "damaged.safetensors")]
    [InlineData("import nowhere.npz --layers 3", "nowhere.npz")]
    [InlineData("import both.npz --layers 3", "both.npz: the names of the tensors, 'X' 40x3, 'y' 40, are neither PyTorch's")]
    [InlineData("import damaged.safetensors --layers 3 --output m.safetensors", "damaged.safetensors")]
    [InlineData("import both.npz --layers 3 --output no/m.safetensors", "there is no folder")]
    [InlineData("inspect damaged.npz", "damaged.npz")]
    public void Failed_work_exits_with_1(string line, string part) => AssertMistake(1, line, part);

    /// <summary>Not after hours of training: nothing is printed before it.</summary>
    [LinuxFact]
    public void A_folder_that_takes_no_files_is_told_before_the_work()
    {
        foreach (string option in (string[])["--output /sys/m.safetensors", "--weights-out /sys/w.npz", "--csv-log /sys/log.csv"])
        {
            AssertMistake(1, $"train xor --epochs 3 {option}", "nothing may be written into /sys");
        }

        // The control: a folder that takes them is as it was, but for the file.
        string folder = Directory.CreateDirectory(files.File("outputs")).FullName;
        CliProcess.Succeed(files.Path, "train", "xor", "--epochs", "1", "--weights-out", "outputs/w.npz");
        Assert.Equal([Path.Combine(folder, "w.npz")], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_loss_that_is_not_finite_fails_and_saves_nothing()
    {
        CliResult result = CliProcess.Run(files.Path, "train", "X.npy", "--labels", "real.npy", "--layers", "4,3", "--optimizer", "sgd", "--learning-rate", "1e9", "--epochs", "100", "--log-every", "1000", "--output", "diverged.safetensors");
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("learning rate", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(files.File("diverged.safetensors")));
    }

    [Fact]
    public void Nothing_at_all_is_wrong_usage_and_shows_help()
    {
        CliResult result = CliProcess.Run(files.Path);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("Examples:", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("evaluate --help")]
    [InlineData("predict -h")]
    [InlineData("inspect --help")]
    [InlineData("export --help")]
    [InlineData("import --help")]
    [InlineData("gradcheck --help")]
    [InlineData("tune --help")]
    public void Help_shows_examples(string line)
    {
        CliResult result = CliProcess.Succeed(files.Path, line.Split(' '));
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Help_of_train_names_every_activation()
    {
        string help = CliProcess.Succeed(files.Path, "train", "--help").Output;
        Assert.All(Activation.Names.Split(", "), name => Assert.Contains(name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_is_one_line() =>
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", CliProcess.Succeed(files.Path, "--version").Output);

    private void AssertMistake(int exitCode, string line, string part)
    {
        string[] arguments = line.Split(' ');
        string command = arguments[0] is "train" or "evaluate" or "predict" or "inspect" or "export" or "import" or "gradcheck" or "tune" ? $"simdnet {arguments[0]}" : "simdnet";
        CliProcess.Run(files.Path, arguments).AssertMistake(exitCode, command, part);
    }
}

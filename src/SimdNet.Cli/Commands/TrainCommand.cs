using System;
using System.CommandLine;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Training;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet train</c>: from data to a network.</summary>
internal sealed class TrainCommand
{
    private readonly DataOptions _data = new();
    private readonly TrainingOptions _training = new();
    private readonly CallbackOptions _callbacks = new();
    private readonly TransferOptions _transfer = new();
    private readonly Option<string?> _test = OptionOf.Text("--test", "DATA2", "Rows to measure on after training; of a folder, the t10k pair.");
    private readonly Option<string?> _testLabels = OptionOf.Text("--test-labels", "FILE.npy", "Labels of a .npy in --test.");
    private readonly Option<int?> _rows = OptionOf.Count("--rows", "N", "Use the first N rows only. [default: all]");
    private readonly Option<string?> _initialWeights = OptionOf.Text("--init-weights", "W.npz", "Start from weights W1, b1, W2, … instead of an initializer.");
    private readonly Option<int?> _threads = OptionOf.Threads();
    private readonly Option<int?> _logEvery = OptionOf.Count("--log-every", "N", "A line of progress every N epochs. [default: a live bar, or at most fifty lines]");
    private readonly Option<string?> _output = OptionOf.Output("--output", "MODEL.safetensors", "Save the model.", ".safetensors");
    private readonly Option<string?> _weightsOutput = OptionOf.Output("--weights-out", "W.npz", "Save the weights as W1, b1, W2, …", ".npz");
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print the results as one line of JSON.");

    public static Command Create()
    {
        TrainCommand train = new();
        DocumentedCommand command = new("train", "Trains a network on data, and measures it.")
        {
            Notes =
            [
                "With a softmax output, labels are classes: whole numbers, or words in a .csv. With one sigmoid output they",
                "are 0 and 1. Real labels are targets; a label array of several columns has a column for each output.",
                "digits, exam and xor bring their own defaults for every option that is not given. Without any option,",
                "'train digits' also writes digits.safetensors. Otherwise a model is saved where --output says.",
                "Ctrl-C and SIGTERM finish the step; with --checkpoint the training is saved then, and goes on with --resume",
                "to the same bits as if nothing had come between. Its options must be the same, but for --epochs, --threads,",
                "--log-every, --checkpoint-every, and what is written at the end. A second Ctrl-C, after a moment, ends at once.",
            ],
            Examples =
            [
                "simdnet train digits",
                "simdnet train exam --epochs 100000 --json",
                "simdnet train iris.csv --layers 16:relu,3:softmax --scale standard --validation-split 0.2 --output iris.safetensors",
                "simdnet train X.npy --labels y.npy --layers 64:tanh,1 --optimizer sgd --learning-rate 0.05 --momentum 0.9",
                "simdnet train digits --epochs 200 --early-stopping 10 --restore-best --csv-log log.csv --output best.safetensors",
                "simdnet train new.csv --layers 16:relu,4:softmax --init-from iris.safetensors --freeze 1 --output new.safetensors",
                "simdnet train digits --epochs 5000 --checkpoint run --resume --output digits.safetensors",
                "simdnet train fashion-mnist --test fashion-mnist --layers 128:relu,10:softmax --batch-size 128 --epochs 5 --scale divide:255",
            ],
        };
        train._data.AddTo(command, withLabels: true);
        foreach (Option option in (ReadOnlySpan<Option>)[train._test, train._testLabels, train._rows, .. train._training.All, .. train._callbacks.All, train._initialWeights, .. train._transfer.All, train._threads, train._logEvery, train._output, train._weightsOutput, train._json])
        {
            command.Add(option);
        }

        command.SetAction(train.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        TrainingPlan plan = ReadPlan(parsed);
        using Interrupt interrupt = new();
        TrainingReport result;
        try
        {
            result = plan.Choices.Precision == "float64"
                ? new TrainingRun<double>(plan).Run(interrupt.Token)
                : new TrainingRun<float>(plan).Run(interrupt.Token);
        }
        catch (OperationCanceledException)
        {
            throw interrupt.Stopped(plan.Callbacks.Checkpoint is { } checkpoint
                ? $"the training is saved in {checkpoint.Folder}. Go on with: {ResumeCommand(parsed)}"
                : "the training was not saved. With --checkpoint DIR it could be resumed.");
        }
        catch (NonFiniteException error) when (error.Report is { } report)
        {
            Console.Error.WriteLine(report);
            throw;
        }

        if (plan.Json)
        {
            result.WriteJson();
        }
        else
        {
            result.WriteText();
        }

        return ExitCode.Done;
    }

    /// <summary>The command line as it was, to be typed again.</summary>
    private static string ResumeCommand(ParseResult parsed)
    {
        string[] words = Array.ConvertAll([.. parsed.Tokens], token => Shell.Quote(token.Value));
        return $"{Shell.ToolName} {string.Join(' ', words)}{(Array.IndexOf(words, CallbackOptions.ResumeName) < 0 ? $" {CallbackOptions.ResumeName}" : "")}";
    }

    private TrainingPlan ReadPlan(ParseResult parsed)
    {
        DataSource data = _data.Read(parsed, needsLabels: true);
        DataSource? test = ReadTest(parsed);
        _data.CheckCsvOptions(parsed, data, test);
        string? output = parsed.GetValue(_output);
        if (output is null && data is { Kind: DataKind.BuiltIn, Text: BuiltInDefaults.Digits } && parsed.Tokens.Count == 2)
        {
            // The first command that anybody types should leave something to go on with.
            output = "digits.safetensors";
        }

        OutputFile.CheckKeeps(_weightsOutput.Name, parsed.GetValue(_weightsOutput), data, test);
        TransferChoices transfer = _transfer.Read(parsed);
        TrainingChoices given = _training.Read(parsed);
        if (transfer.From is not null && parsed.GetValue(_initialWeights) is not null)
        {
            throw ToolException.Usage("--init-from and --init-weights both say how layers start. Give one of them.");
        }

        if (given.Layers is null && transfer.From is { } model)
        {
            given = given with { Layers = ModelFile.ReadInfo(model).Spec.Layers };
        }

        TrainingPlan plan = new(given, data, test)
        {
            Transfer = transfer,
            InitialWeights = parsed.GetValue(_initialWeights),
            Rows = parsed.GetValue(_rows),
            Threads = parsed.GetValue(_threads) ?? 1,
            LogEvery = parsed.GetValue(_logEvery),
            Output = output,
            WeightsOutput = parsed.GetValue(_weightsOutput),
            Callbacks = _callbacks.Read(parsed, output, data, test),
            Json = parsed.GetValue(_json),
        };
        transfer.Check(plan.LayerSpecs);
        plan.Callbacks.Check(plan);
        return plan;
    }

    private DataSource? ReadTest(ParseResult parsed)
    {
        string? labels = parsed.GetValue(_testLabels);
        if (parsed.GetValue(_test) is not { } text)
        {
            return labels is null ? null : throw ToolException.Usage("--test-labels goes with --test. Add --test DATA2, or leave it out.");
        }

        DataSource test = new(text, labels, parsed.GetValue(_data.LabelColumn), parsed.GetValue(_data.NoHeader)) { LabelsOption = "--test-labels" };
        test.CheckLabels(isNeeded: true);
        return test;
    }
}

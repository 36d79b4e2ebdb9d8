using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;

namespace SimdNet.Cli.Training;

/// <summary>The options about stopping, restoring and logging.</summary>
internal sealed class CallbackOptions
{
    public const string ResumeName = "--resume";

    private const string Watched = "Goes by the loss of the rows held out, or of the training rows where there are none.";

    private readonly Option<string?> _onNaN = OptionOf.Word("--on-nan", "What is done when a loss, a weight or a moment of the optimizer becomes NaN or infinite: throw an error, stop the training, or roll back to the weights of the lowest training loss, with a lower learning rate. They are looked at after every step. [default: an error; within an epoch the loss alone is looked at]", NonFiniteChoice.Policies);

    private readonly Option<double?> _rollbackFactor = OptionOf.Number("--rollback-factor", "F", "What a rollback multiplies the learning rate by. [default: 0.5]", "a number between 0 and 1", factor => factor is > 0 and < 1);

    private readonly Option<int?> _maxRollbacks = OptionOf.Count("--max-rollbacks", "N", "Rollbacks after which the next such number is an error. [default: 10]");

    private readonly Option<int?> _earlyStopping = OptionOf.Value<int?>("--early-stopping", "PATIENCE", $"Stop after PATIENCE epochs without improvement. {Watched}", "a whole number from 0", (string text, out int? value) =>
    {
        bool isCount = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        value = count;
        return isCount;
    });

    private readonly Option<bool> _restoreBest = OptionOf.Flag("--restore-best", $"End in the weights of the best epoch, whether stopped early or not. {Watched}");

    private readonly Option<string?> _checkpointBest = OptionOf.Output("--checkpoint-best", "FILE.safetensors", $"Save the best model while training. {Watched}", ".safetensors");

    private readonly Option<string?> _csvLog = OptionOf.Output("--csv-log", "FILE.csv", "Write a line an epoch: loss, accuracy, val_loss, val_accuracy, learning_rate.", ".csv");

    private readonly Option<string?> _learningCurve = OptionOf.Output("--learning-curve", "FILE.csv", "Write loss and accuracy of every epoch on the rows trained on and on those held out, and say whether the network over- or underfits.", ".csv");

    private readonly Option<string?> _tensorBoard = OptionOf.Text("--tensorboard", "DIR", "Write scalars and histograms of the weights for TensorBoard.");

    private readonly Option<string?> _checkpoint = OptionOf.Text("--checkpoint", "DIR", "Save all that the training needs to go on in folder DIR, where the last two checkpoints are kept.");

    private readonly Option<CheckpointInterval?> _checkpointEvery = OptionOf.Value<CheckpointInterval?>("--checkpoint-every", "100steps|30s|1epoch", "How often; also when the training is stopped, and at its end. [default: 60s]", CheckpointInterval.Wanted, CheckpointInterval.TryRead);

    private readonly Option<bool> _resume = OptionOf.Flag(ResumeName, "Go on with the training that --checkpoint DIR has; begin where it has none. More --epochs may be given.");

    public IEnumerable<Option> All => [_onNaN, _rollbackFactor, _maxRollbacks, _earlyStopping, _restoreBest, _checkpointBest, _csvLog, _learningCurve, _tensorBoard, _checkpoint, _checkpointEvery, _resume];

    /// <summary>What was chosen.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">Where the model goes at the end; null for nowhere.</param>
    /// <param name="data">What is read, which must not be written over.</param>
    public CallbackChoices Read(ParseResult parsed, string? output, params ReadOnlySpan<DataSource?> data)
    {
        CallbackChoices choices = new(ReadOnNaN(parsed), parsed.GetValue(_earlyStopping), parsed.GetValue(_restoreBest), parsed.GetValue(_checkpointBest), parsed.GetValue(_csvLog), parsed.GetValue(_learningCurve), parsed.GetValue(_tensorBoard), ReadCheckpoint(parsed));
        if (choices.CheckpointBest is { } best && output is not null && OutputFile.AreSame(best, output))
        {
            throw ToolException.Usage($"--checkpoint-best and --output both write {output}. Name two files, or leave one out: with --restore-best, --output has the best model too.");
        }

        if (choices.CsvLog is { } log && choices.LearningCurve is { } curve && OutputFile.AreSame(log, curve))
        {
            throw ToolException.Usage($"--csv-log and --learning-curve both write {curve}. Name two files.");
        }

        OutputFile.CheckKeeps(_csvLog.Name, choices.CsvLog, data);
        OutputFile.CheckKeeps(_learningCurve.Name, choices.LearningCurve, data);
        return choices;
    }

    private NonFiniteChoice? ReadOnNaN(ParseResult parsed)
    {
        NonFiniteChoice? choice = parsed.GetValue(_onNaN) is { } policy ? new(policy, parsed.GetValue(_rollbackFactor), parsed.GetValue(_maxRollbacks)) : null;
        string? idle = parsed.GetValue(_rollbackFactor) is not null ? _rollbackFactor.Name : parsed.GetValue(_maxRollbacks) is not null ? _maxRollbacks.Name : null;
        return idle is null || choice?.Policy == NonFiniteChoice.RollBack
            ? choice
            : throw ToolException.Usage($"{idle} goes with {_onNaN.Name} {NonFiniteChoice.RollBack}. Add that, or leave it out.");
    }

    private CheckpointChoice? ReadCheckpoint(ParseResult parsed)
    {
        CheckpointInterval? every = parsed.GetValue(_checkpointEvery);
        bool resumes = parsed.GetValue(_resume);
        return parsed.GetValue(_checkpoint) is { } folder
            ? new(folder, every, resumes)
            : every is null && !resumes
            ? null
            : throw ToolException.Usage($"{(resumes ? ResumeName : _checkpointEvery.Name)} goes with --checkpoint. Add --checkpoint DIR, or leave it out.");
    }
}

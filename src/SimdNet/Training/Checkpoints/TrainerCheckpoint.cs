using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Data;
using SimdNet.Files;
using SimdNet.IO;
using SimdNet.Model;
using SimdNet.Training.Schedules;

namespace SimdNet.Training.Checkpoints;

/// <summary>A trainer in a checkpoint: the model, what the trainer was made with, and what its steps have changed.</summary>
internal static class TrainerCheckpoint
{
    private const string Remark = "remark.";

    /// <summary>The state of a trainer between two steps.</summary>
    /// <exception cref="NonFiniteException">A parameter or a moment is NaN or infinite: such a state is worth less than the one before.</exception>
    public static CheckpointContents Of<T>(Trainer<T> trainer, IReadOnlyDictionary<string, string> remarks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckpointContents contents = new();
        contents.AddModel(WeightBlocks.Of(trainer.Network), ModelFile.Describe(trainer.Network));
        Dictionary<string, string> loss = [];
        trainer.Loss.Note(loss);
        foreach ((string name, string text) in loss)
        {
            contents.Set(name, text);
        }

        TrainerOptions options = trainer.Options;
        contents.Set("optimizer", OptimizerText.Write(trainer.Rule));
        contents.Set("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        contents.Set("max_batch", options.MaxBatch);
        foreach ((string name, double? bound) in Bounds(options))
        {
            if (bound is { } given)
            {
                contents.Set(name, given.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        contents.Set("steps", trainer.Steps);
        contents.Set("epochs", trainer.Epochs);
        contents.Set("skipped_steps", trainer.SkippedSteps);
        contents.Set("has_converged", trainer.HasConverged ? 1 : 0);
        contents.Set<double>("learning_rate", [trainer.LearningRate]);
        contents.Set<double>("optimizer", trainer.StateNumbers);
        if (trainer.Scheduler is { } scheduler)
        {
            contents.Set("schedule", options.Schedule!.ToString());
            contents.Set<double>("schedule", scheduler.State);
        }

        for (int i = 1; i < trainer.StateBlocks; i++)
        {
            contents.Set<T>(Moment(i), PackedBlock.Pack<T>(trainer.Network.Parameters, trainer.StateBlock(i)));
        }

        foreach ((string name, string text) in remarks)
        {
            contents.Set(Remark + name, text);
        }

        return contents;
    }

    /// <summary>A trainer in the state that a checkpoint holds.</summary>
    /// <exception cref="SimdNetFormatException">A part is missing, or is not what it must be.</exception>
    /// <exception cref="ArgumentException">It has the other precision, or needs a schedule that was not given.</exception>
    public static Trainer<T> Load<T>(CheckpointContents contents, ResumeOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafetensorsContents model = contents.Model;
        if (model.Blocks.Count > 0 && model.Blocks[0].Type != ElementTypes.Of<T>())
        {
            throw new ArgumentException($"{contents.Path} is a training of {Precision(contents)} numbers, which goes on exactly with these alone. Resume it with Trainer<{(typeof(T) == typeof(float) ? "double" : "float")}>.");
        }

        LearningRateSchedule? schedule = ScheduleOf(contents, options.Schedule);
        Network<T> network = ModelFile.Build<T>(model, options.Layers, contents.Path);
        int length = PackedBlock.Length(network.Parameters);
        Trainer<T> trainer;
        try
        {
            Optimizer optimizer = OptimizerOf(contents);

            // Room for what it claims to remember is made only where the file holds as much.
            for (int i = 1; optimizer is Lbfgs { History: int steps } && i <= steps; i++)
            {
                contents.Block<T>(Moment(i), length);
            }

            trainer = new(network, LossOf(contents, options.Losses), optimizer, OptionsOf(contents, options) with { Schedule = schedule }, notesLoss: true, makesRoom: false);
        }
        catch (ArgumentException error)
        {
            throw contents.Error($"what the trainer was made with contradicts itself: {ArgumentText.Of(error)}", error);
        }

        trainer.Steps = contents.Number("steps");
        trainer.Epochs = contents.Number("epochs");
        trainer.SkippedSteps = contents.Number("skipped_steps");
        trainer.HasConverged = contents.Number("has_converged", 1) == 1;
        double[] numbers = contents.Values<double>("optimizer", trainer.StateNumbers.Length);
        if (!trainer.Optimizer.Accepts(numbers))
        {
            throw contents.Error($"the numbers in {CheckpointContents.ArrayPrefix}optimizer are none of the optimizer {Quoted.Of(contents.Text("optimizer"))}");
        }

        numbers.CopyTo(trainer.StateNumbers);
        if (trainer.Scheduler is { } scheduler)
        {
            double[] state = contents.Values<double>("schedule", scheduler.State.Length);
            if (!Scheduler.Accepts(state))
            {
                throw contents.Error($"the numbers in {CheckpointContents.ArrayPrefix}schedule are none of a schedule");
            }

            state.CopyTo(scheduler.State);
        }

        for (int i = 1; i < trainer.StateBlocks; i++)
        {
            T[] moment = contents.Values<T>(Moment(i), length);
            if (FiniteValues.IndexOfOther<T>(moment) >= 0)
            {
                throw contents.Error(string.Create(CultureInfo.InvariantCulture, $"a moment holds {moment[FiniteValues.IndexOfOther<T>(moment)]}"));
            }

            if (trainer.Optimizer.IsNeverNegative(i - 1) && TensorPrimitives.Min<T>(moment) < T.Zero)
            {
                throw contents.Error(string.Create(CultureInfo.InvariantCulture, $"a mean of squares, or a step size, in {CheckpointContents.ArrayPrefix}{Moment(i)} is {TensorPrimitives.Min<T>(moment)}"));
            }

            PackedBlock.Unpack<T>(network.Parameters, moment, trainer.StateBlock(i));
        }

        double rate = contents.Values<double>("learning_rate", 1)[0];
        trainer.Optimizer.LearningRate = rate >= 0 && T.IsFinite(T.CreateTruncating(rate)) ? rate : throw contents.Error(string.Create(CultureInfo.InvariantCulture, $"the learning rate is {rate}"));
        return trainer;
    }

    /// <summary>What a checkpoint says of itself.</summary>
    public static CheckpointInfo Info(CheckpointContents contents, LayerRegistry? registry)
    {
        Dictionary<string, string> remarks = [];
        foreach ((string name, string text) in contents.TextsUnder(Remark))
        {
            remarks[name] = text;
        }

        (int epochs, int rows) = FitState<float>.PlaceOf(contents);
        return new(contents.Path, contents.Generation, ModelFile.SpecOf(contents.Model, registry, contents.Path), Precision(contents), contents.Number("steps"), epochs, rows, remarks, contents.Damage);
    }

    private static string Precision(CheckpointContents contents) => contents.Model.Blocks is [{ Type: NpyElementType.Float64 }, ..] ? "float64" : "float32";

    private static string Moment(int number) => string.Create(CultureInfo.InvariantCulture, $"moment/{number}");

    private static (string Name, double? Bound)[] Bounds(TrainerOptions options) =>
        [("clip_value", options.ClipValue), ("clip_norm", options.ClipNorm), ("clip_global_norm", options.ClipGlobalNorm)];

    private static Loss LossOf(CheckpointContents contents, LossRegistry? registry)
    {
        string text = contents.Text(Loss.NameRemark);
        Loss loss;
        try
        {
            loss = Loss.Parse(text, registry);
        }
        catch (FormatException error)
        {
            throw contents.Error($"its loss {Quoted.Of(text)} cannot be made; one of your own comes by ResumeOptions.Losses", error);
        }

        return !contents.Has(Loss.WeightsRemark)
            ? loss
            : ClassWeights.TryParse(contents.Text(Loss.WeightsRemark), out ClassWeights? weights)
            ? loss with { ClassWeights = weights }
            : throw contents.Error("its class weights are none");
    }

    private static Optimizer OptimizerOf(CheckpointContents contents)
    {
        string text = contents.Text("optimizer");
        return OptimizerText.Read(text) ?? throw contents.Error($"its optimizer {Quoted.Of(text)} is none");
    }

    private static TrainerOptions OptionsOf(CheckpointContents contents, ResumeOptions options) => new()
    {
        MaxBatch = (int)contents.Number("max_batch", int.MaxValue),
        Seed = ulong.TryParse(contents.Text("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw contents.Error("its seed is no number"),
        Threads = options.Threads,
        Team = options.Team,
        ClipValue = Bound(contents, "clip_value"),
        ClipNorm = Bound(contents, "clip_norm"),
        ClipGlobalNorm = Bound(contents, "clip_global_norm"),
    };

    private static double? Bound(CheckpointContents contents, string name) => !contents.Has(name)
        ? null
        : double.TryParse(contents.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound) ? bound : throw contents.Error($"its {name} is no number");

    /// <exception cref="ArgumentException">It has a formula of its user's, which must be given; or another one was given.</exception>
    private static LearningRateSchedule? ScheduleOf(CheckpointContents contents, LearningRateSchedule? given)
    {
        string text = contents.Has("schedule") ? contents.Text("schedule") : LearningRateSchedule.Constant.ToString();
        return given is not null
            ? given.ToString() == text
            ? given
            : throw new ArgumentException($"{contents.Path} was trained with the schedule {Quoted.Of(text)}, and {nameof(ResumeOptions)}.{nameof(ResumeOptions.Schedule)} is '{given}'. Give the same, or none where it has no formula of your own.")
            : LearningRateSchedule.TryParse(text, out LearningRateSchedule? schedule)
            ? schedule
            : throw new ArgumentException($"{contents.Path} was trained with the schedule {Quoted.Of(text)}, which has a formula of your own. Give it as {nameof(ResumeOptions)}.{nameof(ResumeOptions.Schedule)}.");
    }
}

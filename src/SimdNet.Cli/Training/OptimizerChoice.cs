using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Cli.Training;

/// <summary>The optimizers by name, with the options that each has.</summary>
internal static class OptimizerChoice
{
    private static readonly (string Name, string[] Options, Func<TrainingChoices, Optimizer> Make)[] All =
    [
        ("sgd", ["--momentum", "--nesterov"], choices => new Sgd { Momentum = choices.Momentum ?? 0, Nesterov = choices.Nesterov == true }),
        ("rmsprop", ["--momentum", "--rho", "--epsilon"], choices =>
        {
            RmsProp optimizer = new();
            return optimizer with { Momentum = choices.Momentum ?? 0, Rho = choices.Rho ?? optimizer.Rho, Epsilon = choices.Epsilon ?? optimizer.Epsilon };
        }),
        ("adagrad", ["--epsilon"], choices =>
        {
            Adagrad optimizer = new();
            return optimizer with { Epsilon = choices.Epsilon ?? optimizer.Epsilon };
        }),
        ("adam", ["--beta1", "--beta2", "--epsilon"], choices => Make(new Adam(), choices)),
        ("adamw", ["--beta1", "--beta2", "--epsilon"], choices => Make(new AdamW(), choices)),
        ("nadam", ["--beta1", "--beta2", "--epsilon"], choices => Make(new NAdam(), choices)),
        ("rprop", [], _ => new Rprop()),
        ("lbfgs", [], _ => new Lbfgs()),
    ];

    /// <summary>What --optimizer takes.</summary>
    public static string[] Names => Array.ConvertAll(All, optimizer => optimizer.Name);

    /// <summary>The optimizer that was chosen, with its options.</summary>
    /// <exception cref="ToolException">An option was given that it does not have, or two contradict each other.</exception>
    public static Optimizer Of(TrainingChoices choices)
    {
        (string name, string[] options, Func<TrainingChoices, Optimizer> make) = Array.Find(All, optimizer => optimizer.Name == choices.Optimizer);
        foreach (string option in Given(choices))
        {
            if (!options.Contains(option))
            {
                string[] owners = [.. All.Where(optimizer => optimizer.Options.Contains(option)).Select(optimizer => optimizer.Name)];
                throw ToolException.Usage($"{option} is an option of {List(owners, "and")}, and the optimizer is {name}. Add --optimizer {List(owners, "or")}, or leave it out.");
            }
        }

        if (choices.Nesterov == true && choices.Momentum is null or 0)
        {
            throw ToolException.Usage("--nesterov needs a momentum. Add --momentum 0.9, or leave it out.");
        }

        Optimizer optimizer = make(choices);
        return optimizer with { LearningRate = choices.LearningRate ?? optimizer.LearningRate, WeightDecay = choices.WeightDecay ?? optimizer.WeightDecay };
    }

    /// <summary>The schedule that was chosen, and what it counts; null for none.</summary>
    /// <exception cref="ToolException">It does not go with the optimizer, or there is none to count for.</exception>
    public static LearningRateSchedule? ScheduleOf(TrainingChoices choices)
    {
        if (choices.Schedule is not { } schedule)
        {
            return choices.SchedulePer is null ? null : throw ToolException.Usage("--schedule-per goes with --schedule. Add --schedule, for example cosine(100), or leave it out.");
        }

        if (choices.Optimizer is "rprop" or "lbfgs")
        {
            throw ToolException.Usage($"--schedule changes a learning rate, and {choices.Optimizer} finds its steps itself. Leave it out, or choose another --optimizer.");
        }

        if (schedule.ToString().StartsWith("plateau", StringComparison.Ordinal) && choices.SchedulePer == "step")
        {
            throw ToolException.Usage("--schedule plateau looks at the losses of epochs. Leave --schedule-per out.");
        }

        return choices.SchedulePer is { } unit ? schedule with { PerEpoch = unit == "epoch" } : schedule;
    }

    /// <summary>The options that not every optimizer has, where they were given. 0 is no momentum, whoever says it.</summary>
    private static IEnumerable<string> Given(TrainingChoices choices)
    {
        (string Option, bool IsGiven)[] all =
        [
            ("--momentum", choices.Momentum > 0),
            ("--nesterov", choices.Nesterov == true),
            ("--rho", choices.Rho is not null),
            ("--beta1", choices.Beta1 is not null),
            ("--beta2", choices.Beta2 is not null),
            ("--epsilon", choices.Epsilon is not null),
        ];
        return all.Where(option => option.IsGiven).Select(option => option.Option);
    }

    private static AdaptiveMoments Make(AdaptiveMoments optimizer, TrainingChoices choices) =>
        optimizer with { Beta1 = choices.Beta1 ?? optimizer.Beta1, Beta2 = choices.Beta2 ?? optimizer.Beta2, Epsilon = choices.Epsilon ?? optimizer.Epsilon };

    private static string List(string[] words, string last) => words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} {last} {words[^1]}";
}

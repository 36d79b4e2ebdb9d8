using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;

using SimdNet.Cli.CommandLine;
using SimdNet.Model;

namespace SimdNet.Cli.Training;

/// <summary>The options of a training with lists of values: each one's text goes through the option of the same name that <c>train</c> has, so that both take and refuse the same.</summary>
internal sealed class TuningOptions
{
    /// <summary>What folds do instead.</summary>
    private static readonly string[] NotTaken = ["--validation-split"];

    /// <summary>Their values have commas: more than one is given by giving the option more than once.</summary>
    private static readonly string[] WithCommas = ["--layers", "--init", "--bias-init", "--class-weights"];

    /// <summary>Combinations that are looked at before any data is read. What is found later ends the search.</summary>
    private const int MostChecked = 10_000;

    private readonly List<Option<string[]>> _lists = [];
    private readonly List<Option<bool>> _flags = [];

    public TuningOptions()
    {
        foreach (Option option in new TrainingOptions().All.Where(option => !NotTaken.Contains(option.Name)))
        {
            if (option is Option<bool>)
            {
                _flags.Add(new(option.Name) { Description = option.Description, Arity = ArgumentArity.Zero });
            }
            else
            {
                _lists.Add(new(option.Name) { Description = option.Description, HelpName = option.HelpName, Arity = ArgumentArity.OneOrMore });
            }
        }
    }

    public IEnumerable<Option> All => [.. _lists, .. _flags];

    /// <summary>What was given: what varies, and what holds for all.</summary>
    public TuningChoices Read(ParseResult parsed)
    {
        List<string> same = [.. _flags.Where(flag => parsed.GetValue(flag)).Select(flag => flag.Name)];
        SearchSpace space = new();
        List<(string Name, string[] Texts)> samples = [];
        foreach (Option<string[]> option in _lists)
        {
            string[] texts = [.. (parsed.GetValue(option) ?? []).SelectMany(text => WithCommas.Contains(option.Name) ? [text] : CallText.SplitList(text))];
            string name = option.Name[2..];
            if (texts is [{ } only] && TryReadRange(only, out bool isLog, out double low, out double high))
            {
                space = Ranged(space, option.Name, only, isLog, low, high);
                samples.Add((name, [low.ToString("R", CultureInfo.InvariantCulture)]));
            }
            else if (texts.Length > 1)
            {
                string? twice = texts.FirstOrDefault(text => texts.Count(other => other == text) > 1);
                space = twice is null ? space.Choice(name, texts) : throw ToolException.Usage($"{option.Name} has '{twice}' twice. Give each value once.");
                samples.Add((name, texts));
            }
            else if (texts.Length == 1)
            {
                same.AddRange([option.Name, texts[0]]);
            }
        }

        return new(space, same, [.. Combinations(samples).Take(MostChecked)]);
    }

    /// <summary>A training of one combination, read as <c>train</c> reads it.</summary>
    /// <param name="arguments">Options of <c>train</c>, each with its value.</param>
    public static TrainingChoices Parse(IReadOnlyList<string> arguments)
    {
        TrainingOptions options = new();
        Command command = new("train");
        foreach (Option option in options.All)
        {
            command.Add(option);
        }

        ParseResult parsed = command.Parse(arguments, Tool.Parsing);
        return parsed.Errors.Count == 0 ? options.Read(parsed) : throw ToolException.Usage(parsed.Errors[0].Message);
    }

    private static SearchSpace Ranged(SearchSpace space, string option, string text, bool isLog, double low, double high)
    {
        try
        {
            return isLog ? space.LogUniform(option[2..], low, high) : space.Uniform(option[2..], low, high);
        }
        catch (ArgumentException)
        {
            throw ToolException.Usage($"{option}: '{text}' is no range. It goes from a number to a larger one, and log-uniform begins above 0.");
        }
    }

    /// <summary>uniform(A,B) or log-uniform(A,B).</summary>
    private static bool TryReadRange(string text, out bool isLog, out double low, out double high)
    {
        (low, high) = (0, 0);
        isLog = text.StartsWith("log-uniform(", StringComparison.Ordinal);
        if ((!isLog && !text.StartsWith("uniform(", StringComparison.Ordinal)) || !text.EndsWith(')'))
        {
            return false;
        }

        string[] bounds = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',');
        return bounds.Length == 2
            && double.TryParse(bounds[0], NumberStyles.Float, CultureInfo.InvariantCulture, out low)
            && double.TryParse(bounds[1], NumberStyles.Float, CultureInfo.InvariantCulture, out high);
    }

    private static IEnumerable<IReadOnlyList<string>> Combinations(List<(string Name, string[] Texts)> samples)
    {
        int[] places = new int[samples.Count];
        while (true)
        {
            yield return [.. samples.SelectMany((sample, i) => new[] { $"--{sample.Name}", sample.Texts[places[i]] })];
            int turned = samples.Count - 1;
            while (turned >= 0 && ++places[turned] == samples[turned].Texts.Length)
            {
                places[turned--] = 0;
            }

            if (turned < 0)
            {
                yield break;
            }
        }
    }
}

/// <summary>What a search varies.</summary>
/// <param name="Space">Names of options without their dashes, and texts of values.</param>
/// <param name="Same">Arguments that hold for all.</param>
/// <param name="Samples">Combinations as arguments, to be checked before any work: all of a list, of a range its lower end.</param>
internal sealed record TuningChoices(SearchSpace Space, IReadOnlyList<string> Same, IReadOnlyList<IReadOnlyList<string>> Samples)
{
    /// <summary>A combination as arguments of <c>train</c>.</summary>
    public IReadOnlyList<string> Arguments(SearchValues values) => [.. Same, .. values.Names.SelectMany(name => new[] { $"--{name}", values.Text(name) })];
}

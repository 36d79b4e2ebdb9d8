using System;
using System.Globalization;

using SimdNet.Model;

namespace SimdNet.Training.Schedules;

/// <summary>Schedules as text: a name with numbers, and a sum of a warm-up and what follows.</summary>
internal static class ScheduleText
{
    private const string Forms = "constant, step(N,F), exponential(F), cosine(N), cosine-restarts(N,M), one-cycle(N), warmup(N), polynomial(N,P), plateau(N,F), or warmup(N)+ one of the others";

    private static readonly string[] Names = ["constant", "step", "exponential", "cosine", "cosine-restarts", "one-cycle", "warmup", "polynomial", "plateau"];

    /// <summary>Characters of the longest text that is read: each warm-up is a call within the last.</summary>
    private const int MaxLength = 1_000;

    public static LearningRateSchedule Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new FormatException($"A text of {text.Length} characters is not a schedule: the longest have {MaxLength}.");
        }

        int plus = IndexOfPlus(text);
        LearningRateSchedule? then = plus < 0 ? null : Parse(text[(plus + 1)..]);
        string first = plus < 0 ? text : text[..plus];
        if (!CallText.TryParse(first, out string name, out double[] numbers))
        {
            throw NotOne(text);
        }

        try
        {
            LearningRateSchedule? schedule = (Array.Find(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)), numbers) switch
            {
                ("warmup", [_]) => LearningRateSchedule.WarmUp(Whole(numbers[0]), then),
                ("warmup", [_, _]) => LearningRateSchedule.WarmUp(Whole(numbers[0]), then, numbers[1]),
                _ when then is not null => throw new FormatException($"'{text}' is not a schedule: before the + stands a warm-up, as in warmup(100)+cosine(5000)."),
                ("constant", []) => LearningRateSchedule.Constant,
                ("step", [_]) => LearningRateSchedule.Step(Whole(numbers[0])),
                ("step", [_, _]) => LearningRateSchedule.Step(Whole(numbers[0]), numbers[1]),
                ("exponential", [_]) => LearningRateSchedule.Exponential(numbers[0]),
                ("cosine", [_]) => LearningRateSchedule.Cosine(Whole(numbers[0])),
                ("cosine", [_, _]) => LearningRateSchedule.Cosine(Whole(numbers[0]), numbers[1]),
                ("cosine-restarts", [_]) => LearningRateSchedule.CosineRestarts(Whole(numbers[0])),
                ("cosine-restarts", [_, _]) => LearningRateSchedule.CosineRestarts(Whole(numbers[0]), Whole(numbers[1])),
                ("cosine-restarts", [_, _, _]) => LearningRateSchedule.CosineRestarts(Whole(numbers[0]), Whole(numbers[1]), numbers[2]),
                ("one-cycle", [_]) => LearningRateSchedule.OneCycle(Whole(numbers[0])),
                ("one-cycle", [_, _, _, _]) => LearningRateSchedule.OneCycle(Whole(numbers[0]), numbers[1], numbers[2], numbers[3]),
                ("polynomial", [_]) => LearningRateSchedule.Polynomial(Whole(numbers[0])),
                ("polynomial", [_, _]) => LearningRateSchedule.Polynomial(Whole(numbers[0]), numbers[1]),
                ("plateau", [_]) => LearningRateSchedule.Plateau(Whole(numbers[0])),
                ("plateau", [_, _]) => LearningRateSchedule.Plateau(Whole(numbers[0]), numbers[1]),
                ("plateau", [_, _, _, _, _]) => LearningRateSchedule.Plateau(Whole(numbers[0]), numbers[1], numbers[2], Whole(numbers[3]), numbers[4]),
                _ => null,
            };
            return schedule ?? throw NotOne(text);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new FormatException($"'{text}' is not a schedule: {ArgumentText.Of(error)}", error);
        }
    }

    /// <summary>name(a,b,…).</summary>
    public static string Write(string name, params ReadOnlySpan<double> numbers) =>
        $"{name}({string.Join(',', Array.ConvertAll(numbers.ToArray(), number => number.ToString("R", CultureInfo.InvariantCulture)))})";

    /// <summary>Where a warm-up ends, or −1: a name stands behind that plus, and digits behind the sign of a number.</summary>
    private static int IndexOfPlus(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '+' && text.AsSpan(i + 1).TrimStart() is [var next, ..] && char.IsAsciiLetter(next))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Whole(double number) => number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number
        ? (int)number
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{number} is not a number of steps or epochs, which is whole and at most {int.MaxValue}."));

    private static FormatException NotOne(string text) => new($"'{text}' is not a schedule. Choose one of {Forms}.");
}

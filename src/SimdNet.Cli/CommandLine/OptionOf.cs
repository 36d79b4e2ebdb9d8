using System;
using System.CommandLine;
using System.Globalization;

namespace SimdNet.Cli.CommandLine;

/// <summary>Options by the kind of their value, each with an error that says what the value should have been. A value that is not given is null.</summary>
internal static class OptionOf
{
    /// <summary>Turns the text of a value into the value; false where it is none.</summary>
    public delegate bool Reader<TValue>(string text, out TValue value);

    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Text(string name, string valueName, string description) =>
        Value<string?>(name, valueName, description, "a value that is not empty", (string text, out string? value) => (value = text).Length > 0);

    /// <summary>A file that is written, of one of the endings.</summary>
    public static Option<string?> Output(string name, string valueName, string description, params string[] endings) =>
        Value<string?>(name, valueName, description, $"a file name that ends in {string.Join(" or ", endings)}", (string text, out string? value) =>
        {
            value = text;
            return Array.Exists(endings, ending => text.Length > ending.Length && text.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        });

    /// <summary>A whole number, at least 1.</summary>
    public static Option<int?> Count(string name, string valueName, string description) =>
        Value<int?>(name, valueName, description, "a whole number, at least 1", (string text, out int? value) => TryReadCount(text, out value));

    /// <summary>A whole number from 1 to a greatest.</summary>
    public static Option<int?> Count(string name, string valueName, string description, int greatest) =>
        Value<int?>(name, valueName, description, $"a whole number from 1 to {greatest}", (string text, out int? value) => TryReadCount(text, out value) && value <= greatest);

    /// <summary>The threads of a command that computes.</summary>
    public static Option<int?> Threads() =>
        Count("--threads", "N", $"Threads to compute on, 1 to {WorkerTeam.MaxSize}; results are the same bits with any. [default: 1]", WorkerTeam.MaxSize);

    /// <summary>A number in a range.</summary>
    public static Option<double?> Number(string name, string valueName, string description, string wanted, Predicate<double> isInRange) =>
        Value<double?>(name, valueName, description, wanted, (string text, out double? value) =>
        {
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            value = number;
            return isNumber && double.IsFinite(number) && isInRange(number);
        });

    /// <summary>One of a few words.</summary>
    public static Option<string?> Word(string name, string description, params string[] words) =>
        Value<string?>(name, string.Join('|', words), description, $"one of {string.Join(", ", words)}", (string text, out string? value) =>
        {
            value = Array.Find(words, word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase));
            return value is not null;
        });

    /// <summary>A value of the library's, whose own reader says what is wrong with a text by a FormatException.</summary>
    public static Option<TValue> Parsed<TValue>(string name, string valueName, string description, Func<string, TValue> parse) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens[0].Value);
            }
            catch (FormatException error)
            {
                result.AddError($"{name}: {error.Message}");
                return default!;
            }
        },
    };

    public static Option<TValue> Value<TValue>(string name, string valueName, string description, string wanted, Reader<TValue> read) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (read(text, out TValue value))
            {
                return value;
            }

            result.AddError($"{name} takes {wanted}, and '{text}' is not.");
            return default!;
        },
    };

    public static bool TryReadCount(string text, out int? value)
    {
        bool isCount = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1;
        value = count;
        return isCount;
    }
}

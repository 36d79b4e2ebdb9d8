using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>
/// Damages text that is made of tokens (JSON, Python source, CSV, the text of a network): numbers go to the bounds of their types, strings become odd, what stands in brackets is removed, repeated, moved and nested.
/// </summary>
/// <remarks>What comes out is nearly the text that went in, so that it gets past a parser's first line.</remarks>
internal sealed partial class TokenMutant
{
    private const int MaxLength = 30_000;
    private static readonly string[] Numbers =
    [
        "0", "-1", "1", "-0", "00", "01", "+1", "1.", ".5", "0.5", "1e0", "1E+2", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "1e38", "3.5e38", "1e308", "1e309", "-1e309", "1e-50", "1e-400", "NaN", "nan", "-inf", "Infinity", "1,5", "1_000", "0x10", "1073741824", "65536", "1e999999999", new string('9', 400), "0." + new string('1', 800),
    ];

    private static readonly string[] Strings =
    [
        "", "\\ud800", "\\u0000", "\\udc00\\ud800", "\u001b[2J", "\0", "ü", "\U0001F600", "__metadata__", "F64", "F16", "BF16", "I64", "<f8", "|O", "<c16", "relu", "softmax", "dense", "residual", "custom", "../../x",
        "leaky-relu(0)", "elu(-1)", "dropout", "uniform(1,0)", "normal(1e999)", "99", "null", "\\", "\\n", new string('x', 3_000),
    ];

    private static readonly string[] Words = ["true", "false", "null", "True", "False", "None", "nan", "inf", "relu", "tanh", "softmax", "dropout", "residual", "batchnorm", "kernel", "bias", "l1", "max", "no", "__import__", "L", "\ufeff", "\0", "é"];
    private static readonly string[] Blanks = ["", " ", "\n", "\r\n", "\r", "\t", "\v", "\0", "\n\n\n", "\u00a0", "\u2028"];
    private static readonly string[] Marks = ["{", "}", "[", "]", "(", ")", ",", ":", ";", "\"", "'", "#", "\\", "=", "-", "+", ".", "|", "//", "/*"];
    private static readonly (string Open, string Close)[] Brackets = [("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("residual(", ")"), ("{\"type\":\"residual\",\"layers\":[", "]}")];
    private readonly string[] _tokens;

    /// <param name="text">What is damaged.</param>
    public TokenMutant(string text)
    {
        List<string> tokens = [];
        foreach (Match match in Token().Matches(text))
        {
            tokens.Add(match.Value);
        }

        _tokens = [.. tokens];
    }

    /// <summary>A damaged copy.</summary>
    public string Of(Random random)
    {
        List<string> tokens = [.. _tokens];
        for (int edits = random.Next(1, 4); edits > 0 && tokens.Count > 0; edits--)
        {
            Edit(tokens, random);
        }

        string text = string.Concat(tokens);
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    /// <summary>The same in UTF-8, now and then in another encoding or with damaged bytes.</summary>
    public byte[] BytesOf(Random random)
    {
        byte[] bytes = (random.Next(30) == 0 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(Of(random));
        return random.Next(5) == 0 ? ByteMutant.Of(bytes, random) : bytes;
    }

    private static void Edit(List<string> tokens, Random random)
    {
        int at = random.Next(tokens.Count);
        (int from, int count) = Subtree(tokens, at);
        switch (random.Next(12))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, tokens[random.Next(tokens.Count)]);
                break;
            case 2:
                int other = random.Next(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 3:
                tokens.RemoveRange(from, count);
                break;
            case 4:
                List<string> again = tokens.GetRange(from, count);
                string between = random.Next(3) == 0 ? "" : ",";
                for (int times = random.Next(12) == 0 ? random.Next(2, 70) : 1; times > 0; times--)
                {
                    tokens.Insert(from, between);
                    tokens.InsertRange(from, again);
                }

                break;
            case 5:
                (int source, int length) = Subtree(tokens, random.Next(tokens.Count));
                List<string> moved = tokens.GetRange(source, length);
                tokens.RemoveRange(from, count);
                tokens.InsertRange(Math.Min(from, tokens.Count), moved);
                break;
            case 6:
                (string open, string close) = Brackets[random.Next(Brackets.Length)];
                int depth = random.Next(6) switch { 0 => 17, 1 => 65, 2 => 300, _ => 1 };
                tokens.Insert(from + count, Repeat(close, depth));
                tokens.Insert(from, Repeat(open, depth));
                break;
            case 7:
                tokens[at] = Marks[random.Next(Marks.Length)];
                break;
            default:
                tokens[at] = Instead(tokens[at], random);
                break;
        }
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Instead(string token, Random random) => token.Length == 0 ? Marks[random.Next(Marks.Length)] : token[0] switch
    {
        '"' or '\'' => random.Next(8) == 0 ? token[..^1] : token[0] + Strings[random.Next(Strings.Length)] + token[0],
        (>= '0' and <= '9') or '-' or '+' => random.Next(3) == 0 && long.TryParse(token, out long truth)
            ? Lie.Instead(random, truth).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : Numbers[random.Next(Numbers.Length)],
        _ when char.IsLetter(token[0]) => Words[random.Next(Words.Length)],
        _ when char.IsWhiteSpace(token[0]) => Blanks[random.Next(Blanks.Length)],
        _ => Marks[random.Next(Marks.Length)],
    };

    /// <summary>A token alone, or from an opening bracket to the one that closes it.</summary>
    private static (int From, int Count) Subtree(List<string> tokens, int at)
    {
        int depth = 0;
        for (int i = at; i < tokens.Count; i++)
        {
            depth += tokens[i] is "{" or "[" or "(" ? 1 : tokens[i] is "}" or "]" or ")" ? -1 : 0;
            if (depth <= 0)
            {
                return (at, i - at + 1);
            }
        }

        return (at, tokens.Count - at);
    }

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"|'[^']*'|[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[A-Za-z_]+|\\s+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}

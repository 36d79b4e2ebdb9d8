using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;

using SimdNet.Cli.Commands;

namespace SimdNet.Cli.CommandLine;

/// <summary>From arguments to an exit code: parses, runs the command, and turns what goes wrong into one line on standard error.</summary>
internal static class Tool
{
    /// <summary>Names of files may begin with '@', and a typing error in "-json" is no bundle of short options.</summary>
    public static ParserConfiguration Parsing { get; } = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    private const string Commands = "The commands are train, evaluate, predict, inspect, export, import, gradcheck and tune.";

    public static int Run(IReadOnlyList<string> arguments)
    {
        RootCommand root = CreateRoot();
        bool isEmpty = arguments.Count == 0;
        ParseResult parsed = root.Parse(isEmpty ? ["--help"] : arguments, Parsing);
        if (parsed.Errors.Count > 0 && parsed.Action is not ExamplesHelpAction)
        {
            return WrongUsage(parsed);
        }

        string command = Prefix(parsed.CommandResult.Command);
        try
        {
            // Without arguments the help is an answer to a mistake, so it goes where mistakes are told.
            int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = isEmpty ? Console.Error : Console.Out });
            return isEmpty ? ExitCode.WrongUsage : code;
        }
        catch (ToolException error)
        {
            string hint = error.ExitCode == ExitCode.WrongUsage ? $" See '{command} --help'." : "";
            return Fail(command, error.Message + hint, error.ExitCode);
        }
        catch (Exception error)
        {
            return Fail(command, ErrorText.Describe(error), ExitCode.Failed);
        }
    }

    private static RootCommand CreateRoot()
    {
        RootCommand root = new("Trains small neural networks and predicts with them.")
        {
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            InspectCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            GradcheckCommand.Create(),
            TuneCommand.Create(),
        };
        root.Directives.Clear();
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                option.Action = new ExamplesHelpAction(help);
            }
        }

        return root;
    }

    private static int WrongUsage(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string message = command is RootCommand
            ? parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is not a command. {Commands}"
                : $"a command is missing. {Commands}"
            : Describe(parsed, command);
        return Fail(Prefix(command), $"{message} See '{Prefix(command)} --help'.", ExitCode.WrongUsage);
    }

    private static string Describe(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string token = parsed.UnmatchedTokens[0];
            return token.StartsWith('-')
                ? $"there is no option '{token}'{Suggestion.For(token, command)}."
                : $"'{token}' is one argument too many.";
        }

        ParseError error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0 } missing => $"the argument {missing.Argument.Name} is missing.",
            OptionResult { Tokens.Count: 0 } missing => $"the option {missing.Option.Name} needs a value{(missing.Option.HelpName is { } name ? $" {name}" : "")}.",
            OptionResult { Tokens.Count: > 1 } repeated => $"the option {repeated.Option.Name} is given {repeated.Tokens.Count} times; give it once.",
            _ => error.Message,
        };
    }

    private static string Prefix(Command command) => command is RootCommand ? "simdnet" : $"simdnet {command.Name}";

    private static int Fail(string command, string message, int code)
    {
        TextWriter error = Console.Error;
        error.WriteLine($"{command}: {ErrorText.OneLine(message)}");
        return code;
    }
}

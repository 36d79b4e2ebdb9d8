using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace SimdNet.Cli.CommandLine;

/// <summary>The parser's help, then examples that work as typed.</summary>
internal sealed class ExamplesHelpAction(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        if (command is DocumentedCommand { Notes.Length: > 0 } documented)
        {
            Write(output, "Notes:", documented.Notes);
        }

        Write(output, "Examples:", command is DocumentedCommand { Examples: { } examples } ? examples : RootExamples);
        return ExitCode.Done;
    }

    private static readonly string[] RootExamples =
    [
        "simdnet train digits                     # learns handwritten digits and writes digits.safetensors",
        "simdnet evaluate digits.safetensors digits",
        "simdnet predict digits.safetensors digits --classes",
        "simdnet inspect digits.safetensors",
        "simdnet train --help                     # everything that training can be told",
    ];

    private static void Write(TextWriter output, string title, string[] lines)
    {
        output.WriteLine(title);
        foreach (string line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}

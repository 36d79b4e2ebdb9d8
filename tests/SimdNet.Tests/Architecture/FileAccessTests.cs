using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Architecture;

/// <summary>Files are opened in one folder, IO: everything that reads stands on its readers, everything that writes on its writers. Read off the sources of library, formats and tool.</summary>
public sealed partial class FileAccessTests
{
    /// <summary>Readers and writers of text around streams that IO has opened, or that are no files.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["SimdNet/Training/Callbacks/CsvLogger.cs"] = "reads the first line of a log that AppendFile has opened",
        ["SimdNet/Training/Tuning/LearningCurve.cs"] = "writes to the stream that AtomicFile gives it",
        ["SimdNet/Training/Tuning/SearchResult.cs"] = "writes to the stream that AtomicFile gives it",
        ["SimdNet.Interop/CsvFile.cs"] = "writes to the stream that AtomicFile gives it",
        ["SimdNet.Interop/BoundedLines.cs"] = "decodes a file that InputFile has opened; rows have a cap, and a text declares no sizes",
        ["SimdNet.Cli/Reports/PredictionReport.cs"] = "writes to standard output",
    };

    [Fact]
    public void Files_are_opened_in_one_folder() => Assert.Empty(Openings(Sources()));

    [Fact]
    public void Every_exception_is_needed()
    {
        List<(string File, string Text)> sources = Sources();
        Assert.Equal(Exceptions.Keys.Order(), sources.Where(source => !IsIO(source.File) && Wrapper().IsMatch(Code(source.Text))).Select(source => source.File).Order());
    }

    [Theory]
    [InlineData("FileStream file = new(path, FileMode.Create);")]
    [InlineData("using var file = System.IO.File.OpenRead(path);")]
    [InlineData("File.WriteAllText(path, text);")]
    [InlineData("return File.ReadAllBytes(path);")]
    [InlineData("File . Move(a, b);")]
    [InlineData("new StreamWriter(path).Write(text);")]
    [InlineData("using StreamReader reader = new(path);")]
    [InlineData("new FileInfo(path).Open(FileMode.Open);")]
    [InlineData("MemoryMappedFile.CreateFromFile(path);")]
    [InlineData("ZipFile.OpenRead(path);")]
    public void Control_an_opening_elsewhere_is_found(string code) =>
        Assert.Single(Openings([.. Sources(), ("SimdNet/Data/Fault.cs", $"internal static class Fault {{ static void Do() {{ {code} }} }}")]));

    [Theory]
    [InlineData("// FileStream, File.OpenRead")]
    [InlineData("if (File.Exists(path)) { }")]
    [InlineData("using Stream file = InputFile.Open(path);")]
    [InlineData("IdxFile.Read(path); ModelFile.Load<float>(path); AtomicFile.Write(path, Write);")]
    public void Control_what_opens_nothing_is_let_through(string code) => Assert.Empty(Openings([("SimdNet/Data/Fault.cs", code)]));

    private static IEnumerable<string> Openings(List<(string File, string Text)> sources) =>
        from source in sources
        where !IsIO(source.File)
        let code = Code(source.Text)
        where Opening().IsMatch(code) || (Wrapper().IsMatch(code) && !Exceptions.ContainsKey(source.File))
        select source.File;

    private static bool IsIO(string file) => file.StartsWith("SimdNet/IO/", StringComparison.Ordinal);

    private static List<(string File, string Text)> Sources()
    {
        string root = Path.Combine(Repository.Root, "src");
        return [.. Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (File: Path.GetRelativePath(root, path).Replace('\\', '/'), Text: File.ReadAllText(path)))
            .Where(source => !source.File.Contains("/obj/", StringComparison.Ordinal) && !source.File.Contains("/bin/", StringComparison.Ordinal))];
    }

    /// <summary>Without comments and the insides of strings, which may speak of anything.</summary>
    private static string Code(string text) => Prose().Replace(text, " ");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex Prose();

    /// <summary>Whatever opens, makes, moves or removes a file by its name. Whether there is one may be asked.</summary>
    [GeneratedRegex(@"\b(FileStream|FileInfo|MemoryMappedFile|RandomAccess|SafeFileHandle|ZipFile)\b|\bFile\s*\.\s*(?!Exists\b)\w+")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\bStream(Reader|Writer)\b")]
    private static partial Regex Wrapper();
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Architecture;

/// <summary>Who may use whom. Read off the sources: the using lines and names in full, and every name of a type that another folder declares, since the public face shares one namespace.</summary>
public sealed partial class LayeringTests
{
    /// <summary>Inference → Training → Files → Model → Data → IO, and Kernels and Memory below. A folder may use what its row names.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Memory"] = [],
        ["IO"] = ["Memory"],
        ["Kernels"] = ["Memory"],
        ["Threading"] = ["Kernels", "Memory"],
        ["Numerics"] = ["Threading", "Kernels", "Memory"],
        ["Data"] = ["IO", "Kernels", "Memory"],
        ["Model"] = ["Data", "IO", "Kernels", "Memory"],
        ["Files"] = ["Model", "Data", "IO", "Kernels", "Memory"],
        ["Training"] = ["Threading", "Files", "Model", "Data", "IO", "Kernels", "Memory"],
        ["Inference"] = ["Training", "Threading", "Files", "Model", "Data", "IO", "Kernels", "Memory"],
    };

    [Fact]
    public void Folders_use_only_what_lies_below_them() => Assert.Empty(Violations(Sources()));

    [Fact]
    public void A_forbidden_use_is_found()
    {
        List<(string Folder, string File, string Text)> sources = Sources();
        Assert.Single(Violations([.. sources, ("Kernels", "Kernels/Fault.cs", "internal static class Fault { static NetworkSpec? spec; }")]), violation => violation.Contains("NetworkSpec", StringComparison.Ordinal));
        Assert.Single(Violations([.. sources, ("Data", "Data/Fault.cs", "using SimdNet.Training;")]), violation => violation.Contains("SimdNet.Training", StringComparison.Ordinal));
        Assert.Single(Violations([.. sources, ("Kernels", "Kernels/Fault.cs", "internal static class Fault { static SimdNet.NetworkSpec? spec; }")]), violation => violation.Contains("NetworkSpec", StringComparison.Ordinal));
        Assert.NotEmpty(Violations([.. sources, ("Data", "Data/Fault.cs", "internal static class Fault { static global::SimdNet.Training.Steps.BatchStep<float>? step; }")]));
    }

    [Fact]
    public void Every_folder_of_the_library_has_its_row() =>
        Assert.Equal(MayUse.Keys.Order(), Directory.GetDirectories(Path.Combine(Repository.Root, "src", "SimdNet")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void Unsafe_code_lives_in_kernels_and_memory_alone()
    {
        Assert.Empty(Unsafe(Sources()));
        (string, string, string)[] faults = [("Model", "Model/Fault.cs", "internal static unsafe class Fault;"), ("Kernels", "Kernels/Good.cs", "internal static unsafe class Good;"), ("Model", "Model/Good.cs", "/* unsafe */ internal static class Good;")];
        Assert.Equal(["Model/Fault.cs"], Unsafe([.. faults]));
    }

    [Fact]
    public void The_core_depends_on_tensors_alone()
    {
        string project = File.ReadAllText(Path.Combine(Repository.Root, "src", "SimdNet", "SimdNet.csproj"));
        Assert.Equal(["System.Numerics.Tensors"], Packages(project));
        Assert.Equal(["System.Numerics.Tensors", "Newtonsoft.Json"], Packages(project + "<PackageReference Include=\"Newtonsoft.Json\" />"));
        Assert.Equal(["System.Numerics.Tensors"], Packages(project + "<PackageReference Include=\"Analyzers\" PrivateAssets=\"all\" />"));
    }

    /// <summary>Sums whose bits follow the machine, calls that overflow, and calls that allocate or surprise. How many processors there are says how workers wait, and nothing else.</summary>
    [Fact]
    public void Calls_that_change_bits_or_bring_threads_are_not_made() => Assert.Empty(ForbiddenCalls(Sources()));

    [Theory]
    [InlineData("Training", "Parallel.For(0, n, Step);", true)]
    [InlineData("Kernels", "return TensorPrimitives.Dot(x, y);", true)]
    [InlineData("Kernels", "TensorPrimitives.SoftMax(x, y);", true)]
    [InlineData("Kernels", "Vector256.MultiplyAddEstimate(a, b, c);", true)]
    [InlineData("Model", "Task.Run(Step);", true)]
    [InlineData("Training", "int parts = Environment.ProcessorCount;", true)]
    [InlineData("Threading", "int spins = Environment.ProcessorCount > 1 ? 100 : 0;", false)]
    [InlineData("Kernels", "TensorPrimitives.Multiply(x, y, z); // not TensorPrimitives.Dot", false)]
    public void A_forbidden_call_is_found(string folder, string code, bool isForbidden) =>
        Assert.Equal(isForbidden, ForbiddenCalls([(folder, $"{folder}/Fault.cs", code)]).Any());

    private static IEnumerable<string> Unsafe(List<(string Folder, string File, string Text)> sources) =>
        sources.Where(source => source.Folder is not ("Kernels" or "Memory") && UnsafeKeyword().IsMatch(WithoutComments(source.Text))).Select(source => source.File);

    private static IEnumerable<string> Packages(string project) =>
        PackageReference().Matches(project).Where(match => !match.Value.Contains("PrivateAssets=\"all\"", StringComparison.Ordinal)).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> ForbiddenCalls(List<(string Folder, string File, string Text)> sources) =>
        sources.SelectMany(source => ForbiddenCall().Matches(WithoutComments(source.Text)).Where(match => (source.Folder, match.Value) is not ("Threading", "Environment.ProcessorCount")).Select(match => $"{source.File}: {match.Value}"));

    private static List<string> Violations(List<(string Folder, string File, string Text)> sources)
    {
        Dictionary<string, string> homes = [];
        foreach ((string folder, _, string text) in sources)
        {
            foreach (Match declaration in Declaration().Matches(WithoutComments(text)))
            {
                homes[declaration.Groups[1].Value] = folder;
            }
        }

        List<string> violations = [];
        foreach ((string folder, string file, string text) in sources)
        {
            string code = WithoutComments(text);
            violations.AddRange(QualifiedName().Matches(code).Select(match => match.Groups[1].Value).Where(used => used != folder && MayUse.ContainsKey(used) && !MayUse[folder].Contains(used)).Distinct().Select(used => $"{file} uses SimdNet.{used}"));
            violations.AddRange(Word().Matches(code).Select(match => match.Value).Distinct().Where(word => homes.TryGetValue(word, out string? home) && home != folder && !MayUse[folder].Contains(home)).Select(word => $"{file} uses {word} of {homes[word]}"));
        }

        return violations;
    }

    private static List<(string Folder, string File, string Text)> Sources()
    {
        string root = Path.Combine(Repository.Root, "src", "SimdNet");
        return [.. Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => path.Contains('/', StringComparison.Ordinal) && !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .Select(path => (path.Split('/')[0], path, File.ReadAllText(Path.Combine(root, path))))];
    }

    /// <summary>Comments and the insides of strings are prose: they may speak of anything.</summary>
    private static string WithoutComments(string text) => Prose().Replace(text, " ");

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex Prose();

    [GeneratedRegex(@"^(?:public|internal)[\w ]* (?:class|struct|record|interface|enum)\s+([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    /// <summary>The first part of a name behind the library's: of a using line, an alias, or a name in full.</summary>
    [GeneratedRegex(@"(?<![\w.])SimdNet\s*\.\s*(\w+)")]
    private static partial Regex QualifiedName();

    /// <summary>A name that is not a member of something, or that stands behind the library's name.</summary>
    [GeneratedRegex(@"(?<!\.)\b[A-Z]\w*\b|(?<=\bSimdNet\.)[A-Z]\w*\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeKeyword();

    [GeneratedRegex(@"Parallel\.For|ThreadPool\.|Task\.Run|Environment\.ProcessorCount|TensorPrimitives\.(?:SoftMax|Dot|Sum|Norm|Sigmoid|Tanh|Exp|Log)\b|MultiplyAddEstimate")]
    private static partial Regex ForbiddenCall();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"[^>]*>")]
    private static partial Regex PackageReference();
}

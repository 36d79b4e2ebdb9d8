using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

using SimdNet.Kernels;

namespace SimdNet.Bench.Measurement;

/// <summary>Where and with what a run was made.</summary>
/// <param name="Processor">Brand, and on x86 the family, model and stepping, since virtual machines shorten the brand.</param>
/// <param name="Cores">Processors that the run was allowed to use.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Library">The version of SimdNet, with its commit where the build knew it.</param>
/// <param name="Kernels">The active kernel set.</param>
/// <param name="Folder">The folder of perf-results for this processor and these kernels.</param>
/// <param name="Knobs">Environment variables that change how fast something runs, with the one that every benchmark is given.</param>
internal sealed record Machine(string Processor, int Cores, string OperatingSystem, string Runtime, string Library, string Kernels, string Folder, IReadOnlyDictionary<string, string> Knobs)
{
    private const string RuntimePrefix = "DOTNET_";

    /// <summary>The library's own variables, and those of native libraries that it is compared with.</summary>
    private static readonly string[] Prefixes = ["SIMDNET_", "COMPlus_", "OPENBLAS_", "GOTO_", "BLIS_", "MKL_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "GLIBC_TUNABLES", "MALLOC_"];

    public static Machine Current()
    {
        string brand = Brand();
        string kernels = KernelSets.Active<float>().Name;
        return new(
            brand + FamilyAndModel(),
            Environment.ProcessorCount,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            typeof(Network<>).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            kernels,
            FolderName(brand, kernels),
            KnobsThatAreSet());
    }

    /// <summary>Letters and digits in lower case, each run of anything else a hyphen.</summary>
    public static string FolderName(string brand, string kernels)
    {
        StringBuilder name = new();
        foreach (char character in $"{brand} {kernels}".ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                name.Append(character);
            }
            else if (name is [.., not '-'])
            {
                name.Append('-');
            }
        }

        return name.ToString().Trim('-');
    }

    private static string Brand()
    {
        if (X86Base.IsSupported && (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax >= 0x80000004)
        {
            Span<int> words = stackalloc int[12];
            for (int leaf = 0; leaf < 3; leaf++)
            {
                (words[4 * leaf], words[(4 * leaf) + 1], words[(4 * leaf) + 2], words[(4 * leaf) + 3]) = X86Base.CpuId(unchecked((int)0x80000002) + leaf, 0);
            }

            return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).Replace('\0', ' ').Trim();
        }

        const string Linux = "/proc/cpuinfo";
        string? line = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string FamilyAndModel()
    {
        if (!X86Base.IsSupported)
        {
            return "";
        }

        // The extended fields count where the base family is 15, the extended model for family 6 too.
        int signature = X86Base.CpuId(1, 0).Eax;
        int family = (signature >> 8) & 15;
        int model = (signature >> 4) & 15;
        if (family is 6 or 15)
        {
            model += ((signature >> 16) & 15) << 4;
        }

        if (family == 15)
        {
            family += (signature >> 20) & 255;
        }

        return $" (family {family}, model {model}, stepping {signature & 15})";
    }

    /// <summary>The runtime writes its own variables with small letters; those in capitals are the command line's and say where things lie.</summary>
    private static SortedDictionary<string, string> KnobsThatAreSet()
    {
        SortedDictionary<string, string> knobs = new(StringComparer.Ordinal) { [WarmUp.Variable] = "1" };
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
                || (name.StartsWith(RuntimePrefix, StringComparison.Ordinal) && name.Any(char.IsAsciiLetterLower)))
            {
                knobs.TryAdd(name, (string?)entry.Value ?? "");
            }
        }

        return knobs;
    }
}

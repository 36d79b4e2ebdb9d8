using System;
using System.IO;

using SharpFuzz;

namespace SimdNet.Fuzz;

/// <summary>What AFL++ feeds with files: a reader in a process of its own, which run.sh starts with its name.</summary>
internal static class Program
{
    private const long FreeAllocation = 64L << 20;

    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["seeds", string target, string folder] when Target.All.TryGetValue(target, out Target? fuzzed):
                Directory.CreateDirectory(folder);
                fuzzed.WriteSeeds(folder);
                return 0;
            case ["read", string target, .. string[] files] when Target.All.TryGetValue(target, out Target? fuzzed):
                foreach (string file in files)
                {
                    Console.WriteLine($"{file}: {Read(fuzzed, File.ReadAllBytes(file))}");
                }

                return 0;
            case [string target] when Target.All.TryGetValue(target, out Target? fuzzed):
                Fuzzer.Run(stream =>
                {
                    using MemoryStream bytes = new();
                    stream.CopyTo(bytes);
                    _ = Read(fuzzed, bytes.ToArray());
                });
                return 0;
            default:
                Console.Error.WriteLine($"SimdNet.Fuzz TARGET | seeds TARGET FOLDER | read TARGET FILE…, where TARGET is one of {string.Join(", ", Target.All.Keys)}.");
                return 2;
        }
    }

    /// <summary>Reads a file: what is no refusal by the one documented exception is a finding, and so is memory beyond what the file warrants.</summary>
    private static string Read(Target target, byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string outcome = "read";
        try
        {
            target.Read(bytes);
        }
        catch (SimdNetFormatException refusal)
        {
            outcome = refusal.Message;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= FreeAllocation + (2L * bytes.Length) ? outcome : throw new InvalidOperationException($"{allocated} bytes were allocated for a file of {bytes.Length}.");
    }
}

using System.Collections.Generic;
using System.IO;

namespace SimdNet.Bench.Roofline;

/// <summary>A cache or the memory behind it, with the GB/s between it and one core.</summary>
/// <param name="Name">L1, L2, L3 or DRAM.</param>
/// <param name="Bytes">How much it holds; infinite for DRAM, which JSON has no number for: <see cref="double.MaxValue"/>.</param>
/// <param name="Read">GB/s of reading alone.</param>
/// <param name="Write">GB/s of writing alone, counting what is written: a cache reads a line before it writes a part of it.</param>
/// <param name="Update">GB/s of reading and writing back, counting both ways.</param>
internal sealed record MemoryLevel(string Name, double Bytes, double Read, double Write, double Update)
{
    private const string LinuxCaches = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>What the caches of the first processor hold, smallest first. Where the system does not say: 32 KB, 1 MB and 32 MB.</summary>
    public static IReadOnlyList<long> CacheSizes()
    {
        if (!Directory.Exists(LinuxCaches))
        {
            return [32 << 10, 1 << 20, 32 << 20];
        }

        SortedDictionary<int, long> sizes = [];
        foreach (string folder in Directory.GetDirectories(LinuxCaches, "index*"))
        {
            string size = Text(folder, "size");
            if (Text(folder, "type") != "Instruction" && size is [.., 'K'])
            {
                sizes[int.Parse(Text(folder, "level"))] = 1024 * long.Parse(size[..^1]);
            }
        }

        return [.. sizes.Values];
    }

    /// <summary>The GB/s of one kind of access.</summary>
    public double Of(Access access) => access switch
    {
        Access.Read => Read,
        Access.Write => Write,
        _ => Update,
    };

    /// <summary>The higher of two measurements.</summary>
    public MemoryLevel Max(MemoryLevel other) => this with
    {
        Read = System.Math.Max(Read, other.Read),
        Write = System.Math.Max(Write, other.Write),
        Update = System.Math.Max(Update, other.Update),
    };

    private static string Text(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();
}

using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Which elements of a batch are dropped: a function of seed, layer, step, row of the batch and unit, so that no tile, shard, thread or resumption changes it.</summary>
/// <remarks>
/// A row takes ⌈units / 4⌉ blocks of <see cref="Philox"/>, one word a unit; a unit is dropped where its word is below p·2³².
/// <code>
/// counter  | row · ⌈units / 4⌉ + unit / 4, with the purpose in the top 8 bits |
/// stream   | step, 48 bits | number of the dropout among the network's, 16 bits |
/// </code>
/// </remarks>
internal static class DropoutMask
{
    private const int StepBits = 48;

    /// <summary>What each element is multiplied by: 0 with the probability p, else 1 / (1 − p).</summary>
    /// <param name="seed">The trainer's seed.</param>
    /// <param name="step">Steps made before.</param>
    /// <param name="layer">The dropout's number.</param>
    /// <param name="firstRow">The batch's row that comes first.</param>
    /// <param name="probability">p in [0, 1).</param>
    /// <param name="units">Width of a row.</param>
    /// <param name="factors">[rows × units], overwritten.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Fill<T>(ulong seed, long step, int layer, int firstRow, double probability, int units, Span<T> factors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Debug.Assert(probability is >= 0 and < 1 && factors.Length % units == 0, "Rows of a width.");
        ulong threshold = (ulong)(probability * (1UL << 32));
        T kept = T.CreateTruncating(1 / (1 - probability));
        ulong stream = (ulong)step | ((ulong)layer << StepBits);
        ulong blocks = ((ulong)units + 3) / 4;
        for (int start = 0, row = firstRow; start < factors.Length; start += units, row++)
        {
            ulong counter = ((ulong)RandomPurpose.Dropout << 56) | ((ulong)row * blocks);
            for (int unit = 0; unit < units; unit += 4, counter++)
            {
                Philox.Words words = Philox.Block((uint)seed, (uint)(seed >> 32), (uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
                int count = Math.Min(4, units - unit);
                for (int i = 0; i < count; i++)
                {
                    factors[start + unit + i] = words[i] < threshold ? T.Zero : kept;
                }
            }
        }
    }
}

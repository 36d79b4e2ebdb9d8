using System;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Numbers as a liar would choose them: at the bounds of the types that readers keep them in, and next to the truth.</summary>
internal static class Lie
{
    private static readonly long[] Bounds =
    [
        0, 1, 2, 3, 127, 128, 255, 256, 32767, 65535, 65536, 1 << 20, 1 << 24, int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue,
        -1, -2, int.MinValue, long.MinValue, long.MinValue + 1,
    ];

    /// <summary>Another number.</summary>
    public static long Instead(Random random, long truth) => random.Next(8) switch
    {
        0 => unchecked(truth + 1),
        1 => unchecked(truth - 1),
        2 => unchecked(truth * 2),
        3 => unchecked(-truth),
        4 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => Bounds[random.Next(Bounds.Length)],
    };

    /// <summary>The truth, and once in a while another number.</summary>
    public static long Maybe(Random random, long truth, int onceIn = 16) => random.Next(onceIn) == 0 ? Instead(random, truth) : truth;

    /// <summary>The bytes of data as they are, or cut, longer, empty, or with numbers at the bounds of floats.</summary>
    public static byte[] Data(Random random, byte[] truth)
    {
        switch (random.Next(10))
        {
            case 0:
                return truth[..random.Next(truth.Length + 1)];
            case 1:
                return [.. truth, .. new byte[random.Next(1, 40)]];
            case 2 when truth.Length >= 8:
                byte[] changed = [.. truth];
                int at = random.Next((truth.Length / 8) + 1) * 8;
                double value = random.Next(5) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => double.Epsilon, 3 => double.MaxValue, _ => -0.0 };
                if (at + 8 <= changed.Length)
                {
                    BitConverter.TryWriteBytes(changed.AsSpan(at), value);
                }

                return changed;
            case 3 when truth.Length >= 4:
                byte[] single = [.. truth];
                BitConverter.TryWriteBytes(single.AsSpan(random.Next(truth.Length / 4) * 4), random.Next(2) == 0 ? float.NaN : float.PositiveInfinity);
                return single;
            default:
                return truth;
        }
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The counter-based random generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC'11).</summary>
/// <remarks>
/// A block of four words is a function of key and counter alone: any stream starts anywhere at no cost, and nothing has to be saved but its place.
/// <code>
/// key      | seed, low word | seed, high word |
/// counter  | block, low word | block, high 24 bits + purpose in the top 8 | stream, low word | stream, high word |
/// </code>
/// A mutable struct: pass it by reference, a copy repeats its numbers.
/// </remarks>
internal struct Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    private readonly ulong _seed;
    private readonly ulong _purpose;
    private readonly ulong _stream;
    private ulong _block;
    private Words _words;
    private int _used = 4;

    /// <summary>A stream from its beginning.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="stream">Epoch, layer or step.</param>
    public Philox(ulong seed, RandomPurpose purpose, ulong stream = 0)
    {
        _seed = seed;
        _purpose = (ulong)purpose << 56;
        _stream = stream;
    }

    /// <summary>32 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            ulong counter = _purpose | _block++;
            _words = Block((uint)_seed, (uint)(_seed >> 32), (uint)counter, (uint)(counter >> 32), (uint)_stream, (uint)(_stream >> 32));
            _used = 0;
        }

        return _words[_used++];
    }

    /// <summary>64 random bits: the first word drawn is the lower half.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal, by inversion: one uniform number, one normal number, the same bits on every machine.</summary>
    public double NextNormal() => NormalQuantile.Of(((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52)));

    /// <summary>Uniform in 0..<paramref name="bound"/> − 1, without bias: the high half of a product, rejected where its low half would favour some results (Lemire, 2019).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextInt(int bound)
    {
        Debug.Assert(bound > 0, "There is a number to choose.");
        uint range = (uint)bound;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            uint rejected = (0 - range) % range;
            while ((uint)product < rejected)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>The generator itself: ten rounds on one counter. What shuffles an epoch asks for a quarter of it a row, from the first epoch on.</summary>
    [MethodImpl(Compiled.Loop)]
    internal static Words Block(uint key0, uint key1, uint counter0, uint counter1, uint counter2, uint counter3)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter0;
            ulong product1 = (ulong)Multiplier1 * counter2;
            counter0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
            counter1 = (uint)product1;
            counter2 = (uint)(product0 >> 32) ^ counter3 ^ key1;
            counter3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        Words words = default;
        words[0] = counter0;
        words[1] = counter1;
        words[2] = counter2;
        words[3] = counter3;
        return words;
    }

    /// <summary>One block.</summary>
    [InlineArray(4)]
    internal struct Words
    {
        private uint _word;
    }
}

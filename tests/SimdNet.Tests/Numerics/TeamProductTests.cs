using System;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Numerics;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Products that a team shares out: the bits of one thread, nothing allocated, and the same calls refused.</summary>
[Trait("Suite", "Isa")]
[Collection(nameof(Alone))]
public sealed class TeamProductTests
{
    private const int Side = 128;

    private static readonly (int M, int N, int K)[] Sizes = [(128, 128, 128), (129, 191, 70), (13, 1100, 120), (1100, 13, 120), (40, 40, 1500), (1, 1000, 900), (1000, 1, 900), (300, 1030, 1030), (260, 512, 1024), (5, 6, 7), (64, 0, 64), (70, 70, 0)];

    [Fact]
    public void A_team_of_any_size_leaves_the_bits_of_one_thread()
    {
        using WorkerTeam one = new(1);
        using WorkerTeam two = new(2);
        using WorkerTeam three = new(3);
        using WorkerTeam four = new(4);
        using WorkerTeam eight = new(8);
        WorkerTeam[] teams = [one, two, three, four, eight];
        Bits<float>(teams);
        Bits<double>(teams);
    }

    /// <summary>Negative control: a product that is cut over its terms has other bits.</summary>
    [Fact]
    public void A_cut_over_terms_is_noticed()
    {
        float[] a = FunctionTests.Random<float>(Side * Side, 1);
        float[] b = FunctionTests.Random<float>(Side * Side, 2);
        float[] whole = new float[Side * Side];
        float[] halves = new float[Side * Side];
        MatrixPrimitives.Multiply<float>(Side, Side, Side, a, b, whole);
        MatrixPrimitives.Multiply(Side, Side, Side / 2, a, Side, b, Side, halves, Side, accumulate: false);
        MatrixPrimitives.Multiply(Side, Side, Side / 2, a.AsSpan(Side / 2), Side, b.AsSpan(Side / 2 * Side), Side, halves, Side, accumulate: true);
        Assert.True(Numbers.FirstDifference<float>(whole, halves) >= 0);
    }

    [Fact]
    public void Parts_are_whole_tiles_that_cover_each_element_once()
    {
        Random random = new(1);
        for (int i = 0; i < 2_000; i++)
        {
            (int m, int n, int k) = (random.Next(1, 3_000), random.Next(1, 3_000), random.Next(1, 3_000));
            ProductCut cut = ProductCut.Of<float>(m, n, k, isTransposedA: i % 2 == 0, random.Next(1, WorkerTeam.MaxSize + 1));
            int end = 0;
            for (int part = 0; part < cut.Parts; part++)
            {
                (int start, int count) = cut.Range<float>(part, m, n);
                Assert.True(start == end && count > 0 && start % (cut.ByColumns ? 64 : 12) == 0, $"{m} × {n} × {k}, {cut}, part {part}");
                end += count;
            }

            Assert.Equal(cut.ByColumns ? n : m, end);
        }
    }

    /// <summary>On both sides of the threshold: the sizes above take either way.</summary>
    [Fact]
    public void A_product_that_packs_B_packs_it_once_for_the_team()
    {
        Assert.Equal(new(ByColumns: false, 4, PacksB: true), ProductCut.Of<float>(300, 1030, 1030, isTransposedA: false, 4));
        Assert.False(ProductCut.Of<float>(300, 1030, 1030, isTransposedA: false, 8).PacksB);
        Assert.False(ProductCut.Of<float>(300, 700, 1030, isTransposedA: false, 4).PacksB);

        // Rows of A that are pages apart.
        Assert.True(ProductCut.Of<float>(256, 512, 1024, isTransposedA: false, 2).PacksB);
        Assert.False(ProductCut.Of<float>(256, 512, 1024, isTransposedA: true, 2).PacksB);
        Assert.False(ProductCut.Of<float>(256, 512, 1032, isTransposedA: false, 2).PacksB);
    }

    [Fact]
    public void Small_products_are_not_shared_out()
    {
        using WorkerTeam team = new(8);
        Assert.Equal(1, ProductCut.PartsFor<float>(62, 62, 64, team));
        Assert.Equal(2, ProductCut.PartsFor<float>(64, 64, 64, team));
        Assert.Equal(8, ProductCut.PartsFor<float>(int.MaxValue, int.MaxValue, int.MaxValue, team));
        Assert.Equal(1, ProductCut.PartsFor<float>(512, 512, 512, null));
    }

    [Fact]
    public void Nothing_is_allocated_on_any_thread()
    {
        using WorkerTeam team = new(3);
        float[] a = FunctionTests.Random<float>(Side * Side, 1);
        float[] c = new float[Side * Side];
        nint[] shape = [Side, Side];
        Assert.Equal(0, Allocation.OnAllThreads(() =>
        {
            MatrixPrimitives.Multiply<float>(Side, Side, Side, a, a, c, team);
            MatrixPrimitives.MultiplyTransposedA<float>(Side, Side, Side, a, a, c, team);
            MatrixPrimitives.MultiplyTransposedB<float>(Side, Side, Side, a, a, c, team);
            MatrixPrimitives.Dense(Side, Side, Side, a, a, a.AsSpan(0, Side), ActivationKind.Tanh, 0, c, team);
            MatrixPrimitives.DenseInputGradient(Side, Side, Side, a, a, ActivationKind.Tanh, 0, a, c, team);
            MatrixPrimitives.Multiply(new ReadOnlyTensorSpan<float>(a, shape, []), new ReadOnlyTensorSpan<float>(a, shape, []), new TensorSpan<float>(c, shape, []), team);
        }, calls: 30));
    }

    [Fact]
    public void A_wrong_call_is_refused_before_anything_is_written()
    {
        using WorkerTeam team = new(2);
        float[] other = new float[Side * Side];
        Refused((m, t) => MatrixPrimitives.Multiply(Side, Side, Side, m, other, m.AsSpan(0, Side * Side), t));
        Refused((m, t) => MatrixPrimitives.MultiplyTransposedA<float>(Side, Side, Side, other, m, m.AsSpan(1), t));
        Refused((m, t) => MatrixPrimitives.MultiplyTransposedB<float>(Side, Side, Side, other, other, m.AsSpan(2), t));
        Refused((m, t) => MatrixPrimitives.Multiply(Side, Side, Side, other, Side, other, Side, m, Side - 1, accumulate: true, t));
        Refused((m, t) => MatrixPrimitives.Dense(Side, Side, Side, other, other, m.AsSpan(5, Side), ActivationKind.Tanh, 0, m, t));
        Refused((m, t) => MatrixPrimitives.Dense(Side, Side, Side, other, other, [], ActivationKind.Softmax, 0, m, t));
        Refused((m, t) => MatrixPrimitives.DenseInputGradient(Side, Side, Side, other, other, ActivationKind.Tanh, 0, m, m.AsSpan(1), t));
        Refused((m, t) => MatrixPrimitives.DenseInputGradient(Side, Side, Side, other, other, ActivationKind.LeakyReLU, -1, other, m, t));

        // Negative control: a call that is right, and writes.
        Assert.NotEmpty(Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Refused((m, t) => MatrixPrimitives.Multiply<float>(Side, Side, Side, other, other, m, t))).Message);

        void Refused(Action<float[], WorkerTeam> call)
        {
            float[] memory = FunctionTests.Random<float>((Side * Side) + 1, 1);
            float[] before = [.. memory];
            Assert.ThrowsAny<ArgumentException>(() => call(memory, team));
            Assert.Equal(before, memory);
        }
    }

    private static void Bits<T>(WorkerTeam[] teams)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int capacity = 1034 * 1034;
        Random random = new(3);
        Arena<T> expected = new CanaryArena<T>(5 * capacity, 1);
        GuardedArena<T>? guarded = GuardedArena<T>.IsSupported ? new(GuardedSide.After, capacity) : null;
        Arena<T> actual = guarded is null ? new CanaryArena<T>(5 * capacity, 3) : guarded;
        foreach ((int m, int n, int k) in Sizes.Concat(Enumerable.Range(0, 10).Select(_ => (random.Next(1, 300), random.Next(1, 300), random.Next(1, 300)))))
        {
            int gap = random.Next(0, 4);
            foreach (Action<Arena<T>, WorkerTeam?> product in Products<T>(m, n, k, gap))
            {
                expected.Reset();
                product(expected, null);
                foreach (WorkerTeam team in teams)
                {
                    actual.Reset();
                    product(actual, team);
                    string? difference = actual.DifferenceFrom(expected);
                    Assert.True(difference is null && actual.IsIntact, $"{m} × {n} × {k}, gap {gap}, {team.Size} threads, {typeof(T).Name}: {difference}");
                }
            }
        }

        guarded?.Dispose();
    }

    private static Action<Arena<T>, WorkerTeam?>[] Products<T>(int m, int n, int k, int gap)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        (arena, team) => MatrixPrimitives.Multiply(m, n, k, Matrix(arena, m, k, gap, 1), k + gap, Matrix(arena, k, n, gap, 2), n + gap, Matrix(arena, m, n, gap, 3), n + gap, accumulate: false, team),
        (arena, team) => MatrixPrimitives.MultiplyTransposedA(m, n, k, Matrix(arena, k, m, gap, 1), m + gap, Matrix(arena, k, n, gap, 2), n + gap, Matrix(arena, m, n, gap, 3), n + gap, accumulate: true, team),
        (arena, team) => MatrixPrimitives.MultiplyTransposedB(m, n, k, Matrix(arena, m, k, gap, 1), k + gap, Matrix(arena, n, k, gap, 2), k + gap, Matrix(arena, m, n, gap, 3), n + gap, accumulate: true, team),
        (arena, team) => MatrixPrimitives.Dense(m, n, k, Matrix(arena, m, k, gap, 1), k + gap, Matrix(arena, k, n, gap, 2), n + gap, arena.RentRandom(n, 4), ActivationKind.Sigmoid, T.Zero, Matrix(arena, m, n, gap, 3), n + gap, team),
        (arena, team) => MatrixPrimitives.DenseInputGradient(m, n, k, Matrix(arena, m, k, gap, 1), k + gap, Matrix(arena, n, k, gap, 2), k + gap, ActivationKind.Tanh, T.Zero, Matrix(arena, m, n, gap, 4), n + gap, Matrix(arena, m, n, gap, 3), n + gap, team),
        (arena, team) => MatrixPrimitives.DenseInputGradient(m, n, k, arena.RentRandom(m * k, 1), arena.RentRandom(n * k, 2), ActivationKind.Identity, T.Zero, [], arena.RentPoison(m * n), team),
        (arena, team) => MatrixPrimitives.Multiply(Columns(arena, m, k, gap, 1), Columns(arena, k, n, gap, 2), Rows(arena, m, n, gap, 3), accumulate: true, team),
        (arena, team) => MatrixPrimitives.Multiply(Rows(arena, m, k, gap, 1), Columns(arena, k, n, gap, 2), Columns(arena, m, n, gap, 3), team),
    ];

    private static Span<T> Matrix<T>(Arena<T> arena, int rows, int columns, int gap, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => arena.RentRandom(rows == 0 || columns == 0 ? 0 : ((rows - 1) * (columns + gap)) + columns, seed);

    private static TensorSpan<T> Rows<T>(Arena<T> arena, int rows, int columns, int gap, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Matrix(arena, rows, columns, gap, seed), [rows, columns], [rows > 1 ? columns + gap : 0, columns > 1 ? 1 : 0]);

    private static TensorSpan<T> Columns<T>(Arena<T> arena, int rows, int columns, int gap, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Matrix(arena, columns, rows, gap, seed), [rows, columns], [rows > 1 ? 1 : 0, columns > 1 ? rows + gap : 0]);
}

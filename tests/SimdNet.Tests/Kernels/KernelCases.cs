using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Support;

namespace SimdNet.Tests.Kernels;

/// <summary>One kernel on seeded operands of a given length. What it wrote stays in the arena.</summary>
internal sealed record KernelCase<T>(string Name, Action<KernelSet<T>, Arena<T>, int> Run)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Every kernel, for the tests that ask the same of all: same bits at each width, nothing touched outside, nothing allocated. A new kernel is entered here once.</summary>
internal static class KernelCases<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 3;

    /// <summary>More than the kernels that take several rows at a time take at once, and not a multiple of it.</summary>
    private const int ManyRows = 11;

    private const int Gap = 5;

    /// <summary>The list.</summary>
    public static IReadOnlyList<KernelCase<T>> All { get; } = Create();

    private static T Slope => T.CreateTruncating(0.125);

    private static T Small => T.CreateTruncating(0.01);

    private static int MatrixLength(int rows, int columns) => rows == 0 || columns == 0 ? 0 : ((rows - 1) * (columns + Gap)) + columns;

    private static MatrixView<T> Matrix(Span<T> data, int rows, int columns) => new(data, rows, columns, columns + Gap);

    /// <summary>A matrix with gaps between its rows, whose contents must survive.</summary>
    private static MatrixView<T> RandomMatrix(Arena<T> arena, int rows, int columns, int seed, double scale = 1)
        => Matrix(arena.RentRandom(MatrixLength(rows, columns), seed, scale), rows, columns);

    private static List<KernelCase<T>> Create()
    {
        List<KernelCase<T>> cases =
        [
            new("Exp", (set, arena, n) => set.Exp(arena.RentRandom(n, 1, 90), arena.RentPoison(n))),
            new("Exp in place", (set, arena, n) =>
            {
                Span<T> x = arena.RentRandom(n, 1, 5);
                set.Exp(x, x);
            }),
            new("Log", (set, arena, n) => set.Log(arena.RentRandom(n, 2, 100), arena.RentPoison(n))),
            new("Log1P", (set, arena, n) => set.Log1P(arena.RentRandom(n, 2, 2), arena.RentPoison(n))),
            new("Erf", (set, arena, n) => set.Erf(arena.RentRandom(n, 2, 4), arena.RentPoison(n))),
            new("AddBias", (set, arena, n) => set.AddBias(arena.RentRandom(n, 5), RandomMatrix(arena, Rows, n, 6))),
            new("AddScaled", (set, arena, n) => set.AddScaled(Small, arena.RentRandom(n, 7), arena.RentRandom(n, 8))),
            new("Sum", (set, arena, n) => arena.Record(set.Sum(arena.RentRandom(n, 9)))),
            new("Dot", (set, arena, n) => arena.Record(set.Dot(arena.RentRandom(n, 10), arena.RentRandom(n, 11)))),
            new("Penalty", (set, arena, n) => arena.Record(set.Penalty(arena.RentRandom(n, 92), Small, Slope))),
            new("AddPenalty", (set, arena, n) => arena.Record(set.AddPenalty(arena.RentRandom(n, 92), Small, Slope, arena.RentRandom(n, 93)))),
            new("LimitColumnNorms", (set, arena, n) => set.LimitColumnNorms(RandomMatrix(arena, Rows, n, 94), T.One, arena.RentPoison(n))),
            new("ColumnSums", (set, arena, n) => set.ColumnSums(RandomMatrix(arena, Rows, n, 12), arena.RentPoison(n), accumulate: false)),
            new("ColumnSums accumulating", (set, arena, n) => set.ColumnSums(RandomMatrix(arena, Rows, n, 12), arena.RentRandom(n, 13), accumulate: true)),
            new("SoftmaxRows", (set, arena, n) => set.SoftmaxRows(RandomMatrix(arena, Rows, n, 14, 20))),
            new("SoftmaxRows of many", (set, arena, n) => set.SoftmaxRows(RandomMatrix(arena, ManyRows, n, 14, 20))),
            new("SoftmaxRowsGradient", (set, arena, n) => set.SoftmaxRowsGradient(RandomMatrix(arena, Rows, n, 15), RandomMatrix(arena, Rows, n, 16))),
            new("LogSoftmaxRows", (set, arena, n) => set.LogSoftmaxRows(RandomMatrix(arena, Rows, n, 14, 20))),
            new("LogSoftmaxRows of many", (set, arena, n) => set.LogSoftmaxRows(RandomMatrix(arena, ManyRows, n, 14, 20))),
            new("LogSoftmaxRowsGradient", (set, arena, n) => set.LogSoftmaxRowsGradient(RandomMatrix(arena, Rows, n, 15, 5), RandomMatrix(arena, Rows, n, 16))),
            new("LogSoftmaxRowsGradient of many", (set, arena, n) => set.LogSoftmaxRowsGradient(RandomMatrix(arena, ManyRows, n, 15, 5), RandomMatrix(arena, ManyRows, n, 16))),
            new("LogSumExpRows", (set, arena, n) => set.LogSumExpRows(RandomMatrix(arena, Rows, n, 17, 50), arena.RentPoison(Rows))),
            new("SquaredError", (set, arena, n) => arena.Record(set.SquaredError(arena.RentRandom(n, 18), arena.RentRandom(n, 19), Small, arena.RentPoison(n)))),
            new("AbsoluteError", (set, arena, n) => arena.Record(set.AbsoluteError(arena.RentRandom(n, 20), arena.RentRandom(n, 21)))),
            new("SigmoidCrossEntropy", (set, arena, n) => arena.Record(set.SigmoidCrossEntropy(arena.RentRandom(n, 22, 30), arena.RentRandom(n, 23), Small, arena.RentPoison(n)))),
            new("SoftmaxCrossEntropy", (set, arena, n) => SoftmaxCrossEntropyOfLabels(set, arena, n, Rows)),
            new("SoftmaxCrossEntropy of many", (set, arena, n) => SoftmaxCrossEntropyOfLabels(set, arena, n, ManyRows)),
            new("SoftmaxCrossEntropy of rows", (set, arena, n) =>
                arena.Record(set.SoftmaxCrossEntropy(RandomMatrix(arena, Rows, n, 24, 20), RandomMatrix(arena, Rows, n, 25), Small, RandomMatrix(arena, Rows, n, 26)))),
            new("Sgd", (set, arena, n) => set.UpdateSgd(arena.RentRandom(n, 27), arena.RentRandom(n, 28), Small, Slope)),
            new("SgdMomentum", (set, arena, n) => set.UpdateSgdMomentum(arena.RentRandom(n, 29), arena.RentRandom(n, 30), arena.RentRandom(n, 31), Small, Slope, Slope, nesterov: false)),
            new("SgdMomentum of Nesterov", (set, arena, n) => set.UpdateSgdMomentum(arena.RentRandom(n, 29), arena.RentRandom(n, 30), arena.RentRandom(n, 31), Small, Slope, Slope, nesterov: true)),
            new("Adam", (set, arena, n) => set.UpdateAdam(arena.RentRandom(n, 52), arena.RentRandom(n, 53), arena.RentRandom(n, 54), Magnitudes(arena, n, 55), AdamSettings)),
            new("AdamW", (set, arena, n) => set.UpdateAdamW(arena.RentRandom(n, 52), arena.RentRandom(n, 53), arena.RentRandom(n, 54), Magnitudes(arena, n, 55), AdamSettings)),
            new("NAdam", (set, arena, n) => set.UpdateNAdam(arena.RentRandom(n, 52), arena.RentRandom(n, 53), arena.RentRandom(n, 54), Magnitudes(arena, n, 55), Slope, AdamSettings)),
            new("RmsProp", (set, arena, n) => set.UpdateRmsProp(arena.RentRandom(n, 80), arena.RentRandom(n, 81), Magnitudes(arena, n, 82), default, default, RmsPropSettings)),
            new("RmsProp with momentum", (set, arena, n) => set.UpdateRmsProp(arena.RentRandom(n, 80), arena.RentRandom(n, 81), Magnitudes(arena, n, 82), arena.RentRandom(n, 83), default, RmsPropSettings)),
            new("RmsProp centered", (set, arena, n) => set.UpdateRmsProp(arena.RentRandom(n, 80), arena.RentRandom(n, 81), Magnitudes(arena, n, 82), arena.RentRandom(n, 83), arena.RentRandom(n, 84), RmsPropSettings)),
            new("Adagrad", (set, arena, n) => set.UpdateAdagrad(arena.RentRandom(n, 85), arena.RentRandom(n, 86), Magnitudes(arena, n, 87), Small, Slope, Small)),
            new("Rprop", (set, arena, n) => set.UpdateRprop(arena.RentRandom(n, 88), arena.RentRandom(n, 89), arena.RentRandom(n, 90), Magnitudes(arena, n, 91), new(Slope, T.CreateTruncating(0.5), T.CreateTruncating(1.2), Small, T.CreateTruncating(0.9)))),
            new("VectorMatrix", (set, arena, n) => set.VectorMatrix(Sparse(arena, Rows + 2, 32), RandomMatrix(arena, Rows + 2, n, 33), arena.RentPoison(n), accumulate: false)),
            new("VectorMatrix accumulating", (set, arena, n) => set.VectorMatrix(Sparse(arena, Rows + 2, 32), RandomMatrix(arena, Rows + 2, n, 33), arena.RentRandom(n, 34), accumulate: true)),
            new("MatrixVector", (set, arena, n) => set.MatrixVector(RandomMatrix(arena, Rows, n, 35), arena.RentRandom(n, 36), arena.RentPoison(Rows))),
            new("RankOneUpdate", (set, arena, n) => set.RankOneUpdate(Small, Sparse(arena, Rows, 37), arena.RentRandom(n, 38), RandomMatrix(arena, Rows, n, 39))),
            new("RankOneUpdateAndVectorMatrix", (set, arena, n) => set.RankOneUpdateAndVectorMatrix(
                Small, arena.RentRandom(ManyRows, 60), arena.RentRandom(n, 61), arena.RentRandom(ManyRows, 62), RandomMatrix(arena, ManyRows, n, 63), arena.RentRandom(n, 64))),
            new("RankOneUpdateAndVectorMatrix of sparse samples", (set, arena, n) => set.RankOneUpdateAndVectorMatrix(
                Small, Sparse(arena, ManyRows, 65), arena.RentRandom(n, 66), Sparse(arena, ManyRows, 67), RandomMatrix(arena, ManyRows, n, 68), arena.RentRandom(n, 69))),
            new("VectorBFloat16Matrix", (set, arena, n) =>
            {
                if (typeof(T) == typeof(float))
                {
                    set.VectorBFloat16Matrix(Sparse(arena, ManyRows, 71), arena.RentRandom(ManyRows * BFloat16.Words(n), 72), arena.RentRandom(n, 73));
                }
            }),
            new("Prefetch", (set, arena, n) => set.Prefetch(arena.RentRandom(n, 70))),
            new("RankOneUpdateWithInputGradient", (set, arena, n) =>
                set.RankOneUpdateWithInputGradient(Small, Sparse(arena, Rows, 40), arena.RentRandom(n, 41), RandomMatrix(arena, Rows, n, 42), arena.RentPoison(Rows))),
        ];

        foreach (ElementLoss loss in Enum.GetValues<ElementLoss>())
        {
            cases.Add(new($"LossOfElements {loss}", (set, arena, n) => arena.Record(set.LossOfElements(loss, Slope, Positive(arena, n, 84), arena.RentRandom(n, 85), Small, arena.RentPoison(n)))));
        }

        cases.Add(new("NegativeEntropy", (set, arena, n) => arena.Record(set.NegativeEntropy(Positive(arena, n, 86)))));
        AddSmallNetworks(cases);
        foreach (bool isTransposed in (bool[])[false, true])
        {
            foreach (bool isFinished in (bool[])[false, true])
            {
                cases.Add(new($"MultiplyPacked{(isTransposed ? " of transposes" : "")}{(isFinished ? ", finished" : "")}", (set, arena, n) => RunMultiplyPacked(set, arena, n, isTransposed, isFinished)));
            }
        }

        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(kind => !ActivationKinds.IsRowWise(kind) && kind != ActivationKind.Custom))
        {
            cases.Add(new($"Activate {kind}", (set, arena, n) => set.Activate(kind, Slope, arena.RentRandom(n, 3, 10), arena.RentPoison(n))));
            cases.Add(new($"Activate {kind} in place", (set, arena, n) => set.Activate(kind, Slope, arena.RentRandom(n, 3, 10))));
            if (!ActivationKinds.IsFused(kind))
            {
                cases.Add(new($"ActivateGradient {kind}", (set, arena, n) => set.ActivateGradient(kind, Slope, arena.RentRandom(n, 4, 10), [], arena.RentRandom(n, 5))));
                continue;
            }

            foreach (int rows in (int[])[Rows, 14])
            {
                cases.Add(new($"Forward {kind}, {rows} rows", (set, arena, n) =>
                    set.Forward(RandomMatrix(arena, rows, 7, 56), RandomMatrix(arena, 7, n, 57), arena.RentRandom(n, 58), kind, Slope, RandomMatrix(arena, rows, n, 59), arena.RentScratch(set.ScratchLength))));
                cases.Add(new($"ForwardPacked {kind}, {rows} rows", (set, arena, n) => RunForwardPacked(set, arena, n, rows, kind)));
                cases.Add(new($"InputGradient {kind}, {rows} rows", (set, arena, n) =>
                    set.InputGradient(RandomMatrix(arena, rows, 7, 60), RandomMatrix(arena, n, 7, 61), kind, Slope, RandomMatrix(arena, rows, n, 62), RandomMatrix(arena, rows, n, 63), arena.RentScratch(set.ScratchLength))));
            }

            cases.Add(new($"ActivateGradient {kind}", (set, arena, n) => set.ActivateGradient(kind, Slope, arena.RentRandom(n, 4), arena.RentRandom(n, 5))));
        }

        foreach (bool accumulate in (bool[])[false, true])
        {
            // Without gaps, as layers hold them, narrow ones take a way of their own.
            foreach (int rows in (int[])[Rows, 14])
            {
                cases.Add(new($"Forward without gaps, {rows} rows{(accumulate ? ", without bias" : "")}", (set, arena, n) => set.Forward(
                    new(arena.RentRandom(rows * 13, 74), rows, 13), new(arena.RentRandom(13 * n, 75), 13, n), arena.RentRandom(accumulate ? 0 : n, 76), ActivationKind.Tanh, Slope, new(arena.RentPoison(rows * n), rows, n), arena.RentScratch(set.ScratchLength))));
                cases.Add(new($"InputGradient without gaps, {rows} rows{(accumulate ? " of thirteen" : " of one")}", (set, arena, n) => set.InputGradient(
                    new(arena.RentRandom(rows * (accumulate ? 13 : 1), 77), rows, accumulate ? 13 : 1), new(arena.RentRandom(n * (accumulate ? 13 : 1), 78), n, accumulate ? 13 : 1), ActivationKind.Tanh, Slope, new(arena.RentRandom(rows * n, 79), rows, n), new(arena.RentPoison(rows * n), rows, n), arena.RentScratch(set.ScratchLength))));
                cases.Add(new($"WeightsGradient, {rows} rows{(accumulate ? ", accumulating" : "")}", (set, arena, n) => set.WeightsGradient(
                    new(arena.RentRandom(rows * 13, 70), rows, 13), new(arena.RentRandom(rows * n, 71), rows, n), new(arena.RentRandom(13 * n, 72), 13, n), arena.RentRandom(n, 73), accumulate, arena.RentScratch(set.ScratchLength))));
            }

            // Two row counts: the second product is computed as its transpose where there are few rows.
            foreach (int rows in (int[])[Rows, 14])
            {
                string suffix = $", {rows} rows{(accumulate ? ", accumulating" : "")}";
                cases.Add(new("Multiply" + suffix, (set, arena, n) =>
                    set.Multiply(RandomMatrix(arena, rows, 7, 43), RandomMatrix(arena, 7, n, 44), RandomMatrix(arena, rows, n, 45), accumulate, arena.RentScratch(set.ScratchLength))));
                cases.Add(new("MultiplyTransposedA" + suffix, (set, arena, n) =>
                    set.MultiplyTransposedA(RandomMatrix(arena, 7, rows, 46), RandomMatrix(arena, 7, n, 47), RandomMatrix(arena, rows, n, 48), accumulate, arena.RentScratch(set.ScratchLength))));
                // Rows without gaps: what follows a row of B is read with it where it is the next row, and must not be at the end.
                cases.Add(new("Multiply without gaps" + suffix, (set, arena, n) =>
                    set.Multiply(RandomMatrix(arena, rows, 20, 64), new MatrixView<T>(arena.RentRandom(20 * n, 65), 20, n), RandomMatrix(arena, rows, n, 66), accumulate, arena.RentScratch(set.ScratchLength))));
                cases.Add(new("MultiplyTransposedA without gaps" + suffix, (set, arena, n) =>
                    set.MultiplyTransposedA(RandomMatrix(arena, 20, rows, 67), new MatrixView<T>(arena.RentRandom(20 * n, 68), 20, n), RandomMatrix(arena, rows, n, 69), accumulate, arena.RentScratch(set.ScratchLength))));
                cases.Add(new("MultiplyTransposedB" + suffix, (set, arena, n) =>
                    set.MultiplyTransposedB(RandomMatrix(arena, rows, 7, 49), RandomMatrix(arena, n, 7, 50), RandomMatrix(arena, rows, n, 51), accumulate, arena.RentScratch(set.ScratchLength))));
                cases.Add(new("MultiplyTransposed" + suffix, (set, arena, n) =>
                    set.MultiplyTransposed(RandomMatrix(arena, 7, rows, 52), RandomMatrix(arena, n, 7, 53), RandomMatrix(arena, rows, n, 54), accumulate, arena.RentScratch(set.ScratchLength))));
            }
        }

        return cases;
    }

    /// <summary>Whole small networks, whose hidden width is the length: three layers, the last of one unit or of three.</summary>
    private static void AddSmallNetworks(List<KernelCase<T>> cases)
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(ActivationKinds.IsFused))
        {
            foreach (int outputs in (int[])[1, 3])
            {
                SmallNetwork<T>[] networks = new SmallNetwork<T>[SmallNetwork<T>.MaxWidth];
                SmallNetwork<T>?[] tails = new SmallNetwork<T>?[networks.Length];
                int[] blocks = new int[networks.Length];
                for (int width = 1; width <= networks.Length; width++)
                {
                    int inputs = (width * 7 % networks.Length) + 1;
                    SmallLayer<T>[] layers = new SmallLayer<T>[3];
                    int end = 0;
                    (int Inputs, int Units)[] shapes = [(inputs, width), (width, width), (width, outputs)];
                    for (int l = 0; l < layers.Length; l++)
                    {
                        (int k, int n) = shapes[l];
                        bool hasBias = (width + l) % 3 > 0;
                        layers[l] = new(k, n, end, hasBias ? end + (k * n) : -1, kind, Slope);
                        end += (k * n) + (hasBias ? n : 0);
                    }

                    networks[width - 1] = new(layers);
                    tails[width - 1] = SmallNetwork<T>.Above(layers);
                    blocks[width - 1] = end;
                }

                cases.Add(new($"SmallPredict {kind}, {outputs} outputs", (set, arena, n) =>
                {
                    SmallNetwork<T> network = networks[n % networks.Length];
                    set.SmallPredict(network, arena.RentRandom(blocks[n % networks.Length], 60), arena.RentRandom(network.Layers[0].Inputs, 61), arena.RentPoison(outputs));
                }));
                foreach (bool linear in (bool[])[false, true])
                {
                    if (networks[0].TakesBatches(linear))
                    {
                        cases.Add(new($"SmallForward and SmallBackward {kind}, {outputs} outputs{(linear ? ", linear" : "")}", (set, arena, n) =>
                            RunSmallBatch(set, arena, networks[n % networks.Length], blocks[n % networks.Length], outputs, linear)));
                    }
                }

                foreach (SmallLoss loss in Enum.GetValues<SmallLoss>())
                {
                    cases.Add(new($"SmallStep {kind}, {loss}, {outputs} outputs", (set, arena, n) =>
                    {
                        SmallNetwork<T> network = networks[n % networks.Length];
                        arena.Record(set.SmallStep(network, arena.RentRandom(blocks[n % networks.Length], 62, 0.5), arena.RentRandom(network.Layers[0].Inputs, 63), arena.RentRandom(outputs, 64), loss, Slope, Small, arena.RentPoison(outputs)));
                    }));
                    foreach (bool hasLabel in tails[0] is null ? (bool[])[] : loss == SmallLoss.SoftmaxCrossEntropy ? [false, true] : [false])
                    {
                        cases.Add(new($"SmallTail {kind}, {loss}{(hasLabel ? " of a label" : "")}, {outputs} outputs", (set, arena, n) =>
                        {
                            SmallNetwork<T> network = tails[n % tails.Length]!;
                            Span<T> block = arena.RentRandom(blocks[n % tails.Length], 62, 0.5);
                            arena.Record(set.SmallTail(
                                network, block, arena.RentRandom(network.Layers[0].Inputs, 63), arena.RentRandom(hasLabel ? 0 : outputs, 64), hasLabel ? outputs - 1 : -1, loss, Slope, Small, arena.RentPoison(outputs), arena.RentPoison(network.Layers[0].Inputs)));
                        }));
                    }
                }
            }
        }
    }

    /// <summary>Forward and backward, the gradients once on their own and once added to the parameters.</summary>
    private static void RunSmallBatch(KernelSet<T> set, Arena<T> arena, SmallNetwork<T> network, int block, int outputs, bool linear)
    {
        const int Most = Rows + 1;
        Span<T> parameters = arena.RentRandom(block, 80, 0.5);
        ReadOnlyMatrixView<T> input = new(arena.RentRandom(Rows * network.Layers[0].Inputs, 81), Rows, network.Layers[0].Inputs);
        int room = 0;
        int widest = 0;
        foreach (SmallLayer<T> layer in network.Layers)
        {
            room += AlignedBuffer<T>.RoundUp(Most * layer.Units);
            widest = Math.Max(widest, layer.Units);
        }

        Span<T> values = arena.RentPoison(room);
        Span<T> gradient = arena.RentPoison(Rows * widest);
        Span<T> other = arena.RentPoison(Rows * widest);
        Span<T> gradients = arena.RentPoison(block);
        Span<T> scratch = arena.RentScratch(set.ScratchLength);
        set.SmallForward(network, parameters, input, Most, values, linear);
        Numbers.Fill(gradient[..(Rows * outputs)], 82);
        set.SmallBackward(network, parameters, gradients, input, Most, values, gradient, other, linear, accumulate: false, scratch);
        Numbers.Fill(gradient[..(Rows * outputs)], 83);
        set.SmallBackward(network, parameters, parameters, input, Most, values, gradient, other, linear, accumulate: true, scratch);
    }

    /// <summary>In [0, 1), 0 among them.</summary>
    private static Span<T> Positive(Arena<T> arena, int length, int seed)
    {
        Span<T> x = arena.RentRandom(length, seed);
        for (int i = 0; i < length; i++)
        {
            x[i] = i % 7 == 3 ? T.Zero : T.Abs(x[i]);
        }

        return x;
    }

    private static Span<T> Sparse(Arena<T> arena, int length, int seed)
    {
        Span<T> x = arena.RentRandom(length, seed);
        x[1] = T.Zero;
        x[2] = T.NegativeZero;
        return x;
    }

    private static void SoftmaxCrossEntropyOfLabels(KernelSet<T> set, Arena<T> arena, int n, int rows)
    {
        if (n > 0)
        {
            Span<int> labels = stackalloc int[rows];
            for (int i = 0; i < rows; i++)
            {
                labels[i] = i * 5 % n;
            }

            labels[^1] = n - 1;
            arena.Record(set.SoftmaxCrossEntropy(RandomMatrix(arena, rows, n, 24, 20), labels, Small, RandomMatrix(arena, rows, n, 26)));
        }
    }

    private static void RunForwardPacked(KernelSet<T> set, Arena<T> arena, int n, int rows, ActivationKind kind)
    {
        // One scratch holds both: how weights are packed differs from set to set and is not compared.
        MatrixView<T> input = RandomMatrix(arena, rows, 7, 64);
        MatrixView<T> weights = RandomMatrix(arena, 7, n, 65);
        Span<T> bias = arena.RentRandom(n, 66);
        MatrixView<T> output = RandomMatrix(arena, rows, n, 67);
        int length = (int)set.PackedLength(7, n);
        Span<T> scratch = arena.RentScratch(length + set.ScratchLength);
        set.Pack(weights, isTransposed: false, scratch[..length]);
        set.ForwardPacked(input, scratch[..length], bias, kind, Slope, output, scratch[length..]);
    }

    /// <summary>A and B as they are, or both as their transposes; finished as forward ends, or as a gradient.</summary>
    private static void RunMultiplyPacked(KernelSet<T> set, Arena<T> arena, int n, bool isTransposed, bool isFinished)
    {
        MatrixView<T> a = isTransposed ? RandomMatrix(arena, 7, 14, 68) : RandomMatrix(arena, 14, 7, 68);
        MatrixView<T> b = isTransposed ? RandomMatrix(arena, n, 7, 69) : RandomMatrix(arena, 7, n, 69);
        MatrixView<T> c = RandomMatrix(arena, 14, n, 70);
        ProductEpilogue<T> epilogue = !isFinished ? default
            : isTransposed ? ProductEpilogue<T>.Gradient(RandomMatrix(arena, 14, n, 71), ActivationKind.Tanh, Slope)
            : ProductEpilogue<T>.Forward(arena.RentRandom(n, 72), ActivationKind.LeakyReLU, Slope);
        int length = (int)set.PackedLength(7, n);
        Span<T> scratch = arena.RentScratch(length + set.PackedScratchLength(14, 7));
        set.Pack(b, isTransposed, scratch[..length]);
        set.MultiplyPacked(a, isTransposed, scratch[..length], c, accumulate: isTransposed, epilogue, scratch[length..]);
    }

    private static AdamScalars<T> AdamSettings => new(Small, Small, T.CreateTruncating(0.9), T.CreateTruncating(0.1), T.CreateTruncating(0.999), T.CreateTruncating(0.001), T.CreateTruncating(1.5), T.CreateTruncating(1e-8));

    private static RmsPropScalars<T> RmsPropSettings => new(Small, Slope, T.CreateTruncating(0.9), T.CreateTruncating(0.1), T.CreateTruncating(0.8), T.CreateTruncating(1e-8));

    private static Span<T> Magnitudes(Arena<T> arena, int n, int seed)
    {
        Span<T> values = arena.RentRandom(n, seed);
        foreach (ref T value in values)
        {
            value = T.Abs(value);
        }

        return values;
    }
}

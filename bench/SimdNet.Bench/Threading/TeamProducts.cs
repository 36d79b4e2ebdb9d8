using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Kernels;
using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Memory;
using SimdNet.Numerics;

namespace SimdNet.Bench.Threading;

/// <summary>Products of the public face, by a team of two and without one, and those of native libraries with as many threads.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "BenchmarkDotNet derives from the class, and calls what cleans up.")]
public class TeamProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AlignedBuffer<T> _x = null!;
    private AlignedBuffer<T> _w = null!;
    private AlignedBuffer<T> _y = null!;
    private AlignedBuffer<T> _z = null!;
    private WorkerTeam _team = null!;

    [ParamsSource(nameof(Cases))]
    public TeamProductCase Case { get; set; } = null!;

    public IEnumerable<TeamProductCase> Cases => TeamProductCase.All(typeof(T));

    /// <summary>One block of operands for all sides, which overwrite the same result.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ProductCase row = Case.Row;
        _team = new(2);
        _x = RandomData.Uniform<T>(row.Batch * row.Inputs, seed: 1);
        _w = RandomData.Uniform<T>(row.Inputs * row.Units, seed: 2);
        _y = RandomData.Uniform<T>(row.Batch * row.Units, seed: 3);
        _z = new(Case.IsFinished ? row.Batch * int.Max(row.Inputs, row.Units) : 0);
        OneThread();
        T[] expected = Destination.ToArray();
        Check(expected, Implementations.SimdNet, SimdNet);
        Check(expected, Implementations.OpenBlas, OpenBlas);
        Check(expected, Implementations.Blis, Blis);
        Check(expected, Implementations.OneDnn, OneDnn);
        WarmUp.Run(SimdNet, OneThread);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _team.Dispose();
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => Multiply(_team);

    [Benchmark(Description = Implementations.OneThread)]
    public void OneThread() => Multiply(team: null);

    [Benchmark(Description = Implementations.OpenBlas)]
    public void OpenBlas() => Multiply(Cblas.OpenBlas);

    [Benchmark(Description = Implementations.Blis)]
    public void Blis() => Multiply(Cblas.Blis);

    [Benchmark(Description = Implementations.OneDnn)]
    public void OneDnn()
    {
        (int batch, int inputs, int units) = (Case.Row.Batch, Case.Row.Inputs, Case.Row.Units);
        Span<float> x = MemoryMarshal.Cast<T, float>(_x.Span);
        Span<float> w = MemoryMarshal.Cast<T, float>(_w.Span);
        Span<float> y = MemoryMarshal.Cast<T, float>(_y.Span);
        switch (Case.Row.Kind)
        {
            case ProductKind.Forward: Peers.OneDnn.Multiply(false, false, batch, units, inputs, x, w, y); break;
            case ProductKind.WeightGradient: Peers.OneDnn.Multiply(true, false, inputs, units, batch, x, y, w); break;
            default: Peers.OneDnn.Multiply(false, true, batch, inputs, units, y, w, x); break;
        }
    }

    private Span<T> Destination => Case.Row.Kind switch
    {
        _ when Case.IsFinished => _z.Span,
        ProductKind.Forward => _y.Span,
        ProductKind.WeightGradient => _w.Span,
        _ => _x.Span,
    };

    private void Multiply(WorkerTeam? team)
    {
        (int batch, int inputs, int units) = (Case.Row.Batch, Case.Row.Inputs, Case.Row.Units);
        switch (Case.Row.Kind)
        {
            case ProductKind.Forward when Case.IsFinished: MatrixPrimitives.Dense(batch, units, inputs, _x.Span, _w.Span, _y.Span[..units], ActivationKind.ReLU, T.Zero, _z.Span, team); break;
            case ProductKind.InputGradient when Case.IsFinished: MatrixPrimitives.DenseInputGradient(batch, inputs, units, _y.Span, _w.Span, ActivationKind.ReLU, T.Zero, _x.Span, _z.Span, team); break;
            case ProductKind.Forward: MatrixPrimitives.Multiply<T>(batch, units, inputs, _x.Span, _w.Span, _y.Span, team); break;
            case ProductKind.WeightGradient: MatrixPrimitives.MultiplyTransposedA<T>(inputs, units, batch, _x.Span, _y.Span, _w.Span, team); break;
            default: MatrixPrimitives.MultiplyTransposedB<T>(batch, inputs, units, _y.Span, _w.Span, _x.Span, team); break;
        }
    }

    private void Multiply(Cblas library)
    {
        (int batch, int inputs, int units) = (Case.Row.Batch, Case.Row.Inputs, Case.Row.Units);
        switch (Case.Row.Kind)
        {
            case ProductKind.Forward: library.Multiply<T>(false, false, batch, units, inputs, _x.Span, _w.Span, _y.Span); break;
            case ProductKind.WeightGradient: library.Multiply<T>(true, false, inputs, units, batch, _x.Span, _y.Span, _w.Span); break;
            default: library.Multiply<T>(false, true, batch, inputs, units, _y.Span, _w.Span, _x.Span); break;
        }
    }

    private void Check(T[] expected, string name, Action implementation)
    {
        if (Case.IsFor(name) && Peer.IsPresent(name))
        {
            Destination.Fill(T.NaN);
            implementation();
            Agreement.Check<T>(expected, Destination, Case.Name);
        }
    }
}

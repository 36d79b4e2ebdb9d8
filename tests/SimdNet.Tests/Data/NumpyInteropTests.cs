using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Data;

/// <summary>numpy reads what is written, and what numpy writes is read, for every type, order, version and rank.</summary>
public sealed class NumpyInteropTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [NumpyFact]
    public void Every_type_order_and_version_is_read()
    {
        Numpy.Run(
            """
            import numpy as np, itertools
            from numpy.lib import format
            for t, o, f in itertools.product('b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8'.split(), '<>', 'CF'):
                a = np.arange(24).reshape(2, 3, 4)
                a = (a % 2 == 0) if t == 'b1' else a - 5 if t[0] in 'if' else a + 7
                a = np.asarray(a.astype(o + t), order=f)
                name = f"{t}{'l' if o == '<' else 'b'}{f}"
                np.save(name + '.npy', a)
                if o == '<' and f == 'C':
                    for v in ((2, 0), (3, 0)):
                        with open(f'{name}v{v[0]}.npy', 'wb') as h:
                            format.write_array(h, a, version=v)
            np.save('scalar.npy', np.float64(1.5))
            np.save('empty.npy', np.zeros((0, 3)))
            """,
            _folder.Path);
        int count = 0;
        foreach (string path in Directory.GetFiles(_folder.Path, "*.npy").Where(p => Path.GetFileName(p)[2] is 'l' or 'b'))
        {
            NpyArray array = NpyFile.Read(path);
            string name = Path.GetFileName(path);
            int shift = name[0] switch { 'u' => 7, _ => -5 };
            double[] expected = [.. Enumerable.Range(0, 24).Select(i => name[0] == 'b' ? (i % 2 == 0 ? 1.0 : 0.0) : i + shift)];
            Assert.Equal([2, 3, 4], array.Shape.ToArray());
            Assert.Equal(expected, array.ToArray<double>());
            Assert.Equal(name[0] != 'f', array.IsInteger);
            count++;
        }

        Assert.Equal((12 * 4) + (12 * 2), count);
        NpyArray scalar = NpyFile.Read(_folder.File("scalar.npy"));
        Assert.Equal(0, scalar.Shape.Length);
        Assert.Equal([1.5], scalar.ToArray<double>());
        Assert.Equal([0, 3], NpyFile.Read(_folder.File("empty.npy")).Shape.ToArray());
    }

    [NumpyFact]
    public void What_is_written_is_read_by_numpy()
    {
        NpyFile.Write<double>(_folder.File("d.npy"), [1.5, -0.0, double.NaN, double.Epsilon, double.NegativeInfinity, 6], 2, 3);
        NpyFile.Write<float>(_folder.File("s.npy"), [2.5f]);
        NpyFile.Write<byte>(_folder.File("e.npy"), [], 0, 7);
        NpyFile.Write<bool>(_folder.File("b.npy"), [true, false, true], 3);
        NpzFile.Write(
            _folder.File("w.npz"),
            [
                new("W1", NpyArray.Create<double>([0.1, 0.2, 0.3, 0.4], 2, 2)),
                new("b1", NpyArray.Create<float>([1, 2, 3], 3)),
                new("größe", NpyArray.Create<long>([long.MinValue], 1)),
            ]);
        string output = Numpy.Run(
            """
            import numpy as np, zipfile
            d = np.load('d.npy'); assert d.shape == (2, 3) and d.dtype == '<f8' and d[0, 0] == 1.5 and np.signbit(d[0, 1]) and np.isnan(d[0, 2]) and d[1, 0] == 5e-324
            s = np.load('s.npy'); assert s.shape == () and s.dtype == '<f4' and s == 2.5
            e = np.load('e.npy'); assert e.shape == (0, 7) and e.dtype == '|u1'
            b = np.load('b.npy'); assert b.dtype == bool and b.tolist() == [True, False, True]
            z = np.load('w.npz'); assert z.files == ['W1', 'b1', 'größe'], z.files
            assert z['W1'].tolist() == [[0.1, 0.2], [0.3, 0.4]] and z['b1'].dtype == np.float32 and z['größe'][0] == -2**63
            assert all(i.compress_type == zipfile.ZIP_STORED for i in zipfile.ZipFile('w.npz').infolist())
            assert zipfile.ZipFile('w.npz').testzip() is None
            print('ok')
            """,
            _folder.Path);
        Assert.Equal("ok", output.Trim());
    }

    [NumpyFact]
    public void Npz_is_read_stored_and_deflated()
    {
        Numpy.Run(
            """
            import numpy as np
            X = np.arange(600, dtype=np.float32).reshape(100, 6); y = np.arange(100) % 3
            np.savez('stored.npz', X=X, y=y)
            np.savez_compressed('deflated.npz', X=X, y=y)
            np.savez('empty.npz')
            """,
            _folder.Path);
        foreach (string name in new[] { "stored.npz", "deflated.npz" })
        {
            IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(_folder.File(name));
            Assert.Equal(["X", "y"], arrays.Keys);
            Dataset<float> data = Dataset.FromNpz<float>(_folder.File(name));
            Assert.Equal((100, 6, 3, true), (data.Rows, data.Features, data.ClassCount, data.HasLabels));
            Assert.Equal(599f, data.Inputs.Span[^1]);
        }

        Assert.Empty(NpzFile.Read(_folder.File("empty.npz")));
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Files;
using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>numpy and PyTorch read what is written, and what they write is read: random models bit for bit, with the raw bits beside them as the witness.</summary>
public sealed class PythonInteropTests : IDisposable
{
    /// <summary>safetensors by the format's description, since its own package is rarely installed: header and torch.frombuffer.</summary>
    private const string Safetensors =
        """
        import json, torch
        NAMES = {'F64': torch.float64, 'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16, 'I64': torch.int64, 'I32': torch.int32, 'I16': torch.int16, 'I8': torch.int8, 'U8': torch.uint8, 'BOOL': torch.bool}
        CODES = {t: c for c, t in NAMES.items()}
        def load(path):
            data = bytearray(open(path, 'rb').read())
            n = int.from_bytes(data[:8], 'little'); header = json.loads(data[8:8 + n]); header.pop('__metadata__', None)
            def tensor(h):
                a, b = h['data_offsets']
                return (torch.frombuffer(data, dtype=NAMES[h['dtype']], count=(b - a) // torch.tensor([], dtype=NAMES[h['dtype']]).element_size(), offset=8 + n + a) if b > a else torch.tensor([], dtype=NAMES[h['dtype']])).reshape(h['shape'])
            return {k: tensor(h) for k, h in header.items()}
        def raw(t):
            return t.contiguous().view(torch.int16).numpy().tobytes() if t.dtype == torch.bfloat16 else t.contiguous().numpy().tobytes()
        def save(path, tensors):  # by element size and name, as the safetensors package
            order = sorted(tensors.items(), key=lambda i: (-i[1].element_size(), i[0])); header, at, data = {}, 0, b''
            for k, t in order:
                r = raw(t); header[k] = {'dtype': CODES[t.dtype], 'shape': list(t.shape), 'data_offsets': [at, at + len(r)]}; at += len(r); data += r
            text = json.dumps(header, separators=(',', ':')).encode(); text += b' ' * (-len(text) % 8)
            open(path, 'wb').write(len(text).to_bytes(8, 'little') + text + data)

        """;

    /// <summary>Lines 'NAME DTYPE SHAPE' and the bytes of all tensors: what a script compares with.</summary>
    private const string Witness =
        """
        import numpy as np
        def witness(i):
            at, data = 0, open(f'{i}.bin', 'rb').read()
            for line in open(f'{i}.txt', encoding='utf-8'):
                name, kind, shape = line.split(); shape = [] if shape == 'none' else [int(s) for s in shape.split('x')]
                n = int(np.prod(shape)) * np.dtype(kind).itemsize
                yield name, kind, shape, data[at:at + n]; at += n
            assert at == len(data), (at, len(data))

        """;

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly Random _random = new(5);

    public void Dispose() => _folder.Dispose();

    [NumpyFact]
    public void Numpy_reads_and_writes_random_models_as_npz_and_text()
    {
        int count = Models((network, name) =>
        {
            WeightFiles.SaveNpz(network, In($"{name}.npz"));
            WeightFiles.SaveNpz(network, In($"{name}z.npz"), compressed: true);
            WeightFiles.SaveText(network, In(name));
        }, (network, name) =>
        {
            WeightFiles.SaveNpz(network, In($"{name}.npz"));
            WeightFiles.SaveNpz(network, In($"{name}z.npz"), compressed: true);
            WeightFiles.SaveText(network, In(name), new() { Delimiter = ';', Header = "two\nlines" });
        });
        string output = Numpy.Run(
            Witness +
            $$"""
            import os
            checked = 0
            for i in range({{count}}):
                z, y = np.load(f'{i}.npz'), np.load(f'{i}z.npz'); names = []
                os.mkdir(f'n{i}')
                for name, kind, shape, data in witness(i):
                    for a in (z[name], y[name]):
                        assert a.dtype == kind and list(a.shape) == shape and a.tobytes() == data, (i, name)
                    t = np.loadtxt(f'{i}/{name[0].lower() if name[0] == "W" else name[0]}{name[1:]}.txt', dtype=kind, delimiter=None if i % 2 == 0 else ';', ndmin=2)
                    assert t.tobytes() == data and list(t.shape)[-len(shape):] == shape, (i, name, t)
                    np.savetxt(f'n{i}/{name[0].lower() if name[0] == "W" else name[0]}{name[1:]}.txt', z[name], fmt='%.17e' if i % 3 else '%s', delimiter=' ' if i % 2 == 0 else ';', header='by numpy')
                    names.append(name); checked += 1
                assert z.files == names
                arrays = {n: np.asfortranarray(z[n].astype(z[n].dtype.newbyteorder('>' if i % 3 == 0 else '='))) for n in names}
                (np.savez if i % 2 else np.savez_compressed)(f'n{i}.npz', **arrays)
            print(checked)
            """,
            _folder.Path);
        Assert.True(int.Parse(output, CultureInfo.InvariantCulture) >= count, output);
        ReadBack(count, (network, name) => WeightFiles.LoadNpz(network, In($"n{name}.npz")), (network, name) => WeightFiles.LoadNpz(network, In($"n{name}.npz")));
        ReadBack(count, (network, name) => WeightFiles.LoadText(network, In($"n{name}")), (network, name) => WeightFiles.LoadText(network, In($"n{name}"), new() { Delimiter = ';' }));
    }

    [TorchFact]
    public void PyTorch_reads_and_writes_random_models_as_safetensors()
    {
        int count = Models((network, name) => network.Save(In($"{name}.safetensors")), (network, name) => WeightFiles.SaveSafetensors(network, In($"{name}.safetensors")));
        string output = Numpy.Run(
            Safetensors + Witness +
            $$"""
            checked = 0
            for i in range({{count}}):
                tensors = load(f'{i}.safetensors'); names = []
                for name, kind, shape, data in witness(i):
                    t = tensors[name]
                    assert str(t.dtype) == 'torch.' + np.dtype(kind).name and list(t.shape) == shape and raw(t) == data, (i, name)
                    names.append(name); checked += 1
                assert list(tensors) == names
                save(f'n{i}.safetensors', tensors)
            print(checked)
            """,
            _folder.Path);
        Assert.True(int.Parse(output, CultureInfo.InvariantCulture) >= count, output);
        ReadBack(count, (network, name) => WeightFiles.LoadSafetensors(network, In($"n{name}.safetensors")), (network, name) => WeightFiles.LoadSafetensors(network, In($"n{name}.safetensors")));
    }

    /// <summary>Tensors of every type, shape and bits: bfloat16 comes as the float that PyTorch makes of it.</summary>
    [TorchFact]
    public void PyTorchs_tensors_of_every_type_are_read()
    {
        Numpy.Run(
            Safetensors +
            """
            torch.manual_seed(1); bits = torch.randint(-2**31, 2**31 - 1, (600,), dtype=torch.int64)
            types = {'f64': torch.float64, 'f32': torch.float32, 'f16': torch.float16, 'bf16': torch.bfloat16, 'i64': torch.int64, 'i32': torch.int32, 'i16': torch.int16, 'i8': torch.int8, 'u8': torch.uint8}
            tensors = {f'model.{n}.weight': (bits.to(torch.int32).view(torch.float32) if t == torch.float32 else bits[:300].to(torch.int16).view(t) if t in (torch.float16, torch.bfloat16) else bits.to(t)).reshape(-1, 3) for n, t in types.items()}
            tensors['bool'] = bits > 0; tensors['scalar'] = torch.tensor(2.5, dtype=torch.bfloat16); tensors['empty'] = torch.zeros((0, 3))
            save('t.safetensors', tensors)
            import numpy as np
            np.savez('t.npz', **{k: (t.float() if t.dtype == torch.bfloat16 else t).numpy() for k, t in tensors.items()})
            """,
            _folder.Path);
        IReadOnlyDictionary<string, NpyArray> expected = NpzFile.Read(In("t.npz"));
        IReadOnlyDictionary<string, NpyArray> actual = SafetensorsFile.Read(In("t.safetensors")).Tensors;
        Assert.Equal(12, expected.Count);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected.Keys, name => AnyArray.AssertSame(expected[name], actual[name]));
        Assert.Contains(SafetensorsFile.ReadHeader(In("t.safetensors")).Tensors, tensor => tensor is { Name: "scalar", Dtype: "BF16", Shape: [] });
    }

    [TorchFact]
    public void PyTorch_reads_arrays_of_every_type()
    {
        NpyElementType[] types = [.. Enum.GetValues<NpyElementType>().Except([NpyElementType.UInt16, NpyElementType.UInt32, NpyElementType.UInt64])];
        List<NamedBlock> blocks = [.. Enumerable.Range(0, 300).Select(i => new NamedBlock($"t{i}", AnyArray.Of(types[i % types.Length], _random)))];
        SafetensorsFile.Write(In("a.safetensors"), blocks);
        Write("0", blocks);
        string output = Numpy.Run(
            Safetensors + Witness +
            """
            tensors = load('a.safetensors')
            for name, kind, shape, data in witness(0):
                t = tensors.pop(name)
                assert str(t.dtype) == 'torch.' + np.dtype(kind).name and list(t.shape) == shape and raw(t) == data, (name, t, kind, shape)
            print(len(tensors))
            """,
            _folder.Path);
        Assert.Equal("0", output.Trim());
    }

    /// <summary>Negative control: one bit of one parameter, in each of the formats.</summary>
    [NumpyFact]
    public void Control_a_wrong_bit_is_noticed_on_the_other_side()
    {
        Network<double> network = NetworkSpec.Parse("3,4:relu,2").Build<double>();
        Write("0", WeightBlocks.Of(network));
        network.GetParameter("b2")[1] = double.Epsilon;
        WeightFiles.SaveNpz(network, In("0.npz"));
        const string Script = "z = np.load('0.npz')\nprint([name for name, kind, shape, data in witness(0) if z[name].tobytes() != data])";
        Assert.Equal("['b2']", Numpy.Run(Witness + Script, _folder.Path).Trim());
    }

    /// <summary>Writes models with their witnesses, float and double by turns, and returns how many.</summary>
    private int Models(Action<Network<float>, string> writeFloat, Action<Network<double>, string> writeDouble)
    {
        NetworkCase[] cases = Cases();
        for (int i = 0; i < cases.Length; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            if (i % 2 == 0)
            {
                Model(cases[i], name, writeFloat);
            }
            else
            {
                Model(cases[i], name, writeDouble);
            }
        }

        return cases.Length;
    }

    private void Model<T>(NetworkCase sample, string name, Action<Network<T>, string> write)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = sample.Spec.Build<T>();
        RoundTripTests.FillWithAnything(network, _random);
        write(network, name);
        Write(name, WeightBlocks.Of(network));
    }

    private void Write(string name, List<NamedBlock> blocks)
    {
        string[] codes = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"];
        using FileStream bytes = File.Create(In($"{name}.bin"));
        StringBuilder lines = new();
        foreach (NamedBlock block in blocks)
        {
            bytes.Write(block.Values.Bytes);
            string shape = block.Shape.Length == 0 ? "none" : string.Join('x', block.Shape.ToArray());
            lines.Append(CultureInfo.InvariantCulture, $"{block.Name} {codes[(int)block.Type]} {shape}\n");
        }

        File.WriteAllText(In($"{name}.txt"), lines.ToString());
    }

    private void ReadBack(int count, Action<Network<float>, string> readFloat, Action<Network<double>, string> readDouble)
    {
        NetworkCase[] cases = Cases();
        for (int i = 0; i < count; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            if (i % 2 == 0)
            {
                ReadBack(cases[i], name, readFloat);
            }
            else
            {
                ReadBack(cases[i], name, readDouble);
            }
        }
    }

    private void ReadBack<T>(NetworkCase sample, string name, Action<Network<T>, string> read)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = sample.Spec.Build<T>(9);
        read(network, name);
        ReadOnlySpan<byte> expected = File.ReadAllBytes(In($"{name}.bin"));
        foreach (ParameterInfo parameter in network.Parameters)
        {
            ReadOnlySpan<byte> actual = MemoryMarshal.AsBytes(network.GetParameter(parameter.Name));
            Assert.True(expected[..actual.Length].SequenceEqual(actual), $"{sample}: {parameter.Name} of model {name} differs.");
            expected = expected[actual.Length..];
        }

        Assert.True(expected.IsEmpty);
    }

    private static NetworkCase[] Cases() => NetworkCases.Arbitrary().Generator.Sample(Long.Count(1_000, 10_000), new Rnd(41), 50);

    private string In(string name) => _folder.File(name);
}

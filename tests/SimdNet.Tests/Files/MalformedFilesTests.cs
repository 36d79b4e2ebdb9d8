using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

using SimdNet.Tests.Data;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Named attacks and accidents: each file is refused with its own error, naming the file, before memory is taken for what it declares.</summary>
public sealed class MalformedFilesTests : IDisposable
{
    private const long MaxAllocation = 1 << 20;
    private static readonly Dictionary<string, Case> Cases = MakeCases();
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Fact]
    public void There_are_as_many_as_were_promised() => Assert.InRange(Cases.Count, 60, 200);

    [Fact]
    public void Control_the_sound_files_that_the_others_are_made_from_are_read()
    {
        Assert.Equal(6, NpyFile.Read(_folder.File("npy", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24))).Length);
        Assert.Single(NpzFile.Read(_folder.File("npz", Zip(("a.npy", SoundNpy, CompressionLevel.Fastest)))));
        Assert.Equal(6, IdxFile.Read(_folder.File("idx", IdxFileTests.Idx(8, [2, 3], new byte[6]))).Length);
        Assert.Single(SafetensorsFile.Read(_folder.File("st", SafetensorsFileTests.Safetensors("{" + Tensor("a", "[2]", 0, 8) + "}", 8))).Blocks);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_refused_with_its_own_error(string name)
    {
        Case malformed = Cases[name];
        string path = _folder.File("file", malformed.Bytes);
        Record.Exception(() => malformed.Read(path));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? thrown = Record.Exception(() => malformed.Read(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        SimdNetFormatException error = Assert.IsType<SimdNetFormatException>(thrown);
        Assert.Contains(malformed.Expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Path, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(allocated, 0, MaxAllocation);
    }

    private sealed record Case(Action<string> Read, byte[] Bytes, string Expected);

    private static byte[] SoundNpy => Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);

    private static byte[] Npy(string header, int dataLength, byte major = 1, byte minor = 0, uint? declared = null)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        using MemoryStream stream = new();
        stream.Write([0x93, .. "NUMPY"u8, major, minor]);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, declared ?? (uint)text.Length);
        stream.Write(length, 0, major == 1 ? 2 : 4);
        stream.Write(text);
        stream.Write(new byte[dataLength]);
        return stream.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Contents, CompressionLevel Level)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] contents, CompressionLevel level) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(contents);
            }
        }

        return stream.ToArray();
    }

    private static byte[] With(byte[] bytes, int at, params byte[] values)
    {
        byte[] changed = [.. bytes];
        values.CopyTo(changed, at < 0 ? changed.Length + at : at);
        return changed;
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> what) => bytes.AsSpan().IndexOf(what);

    private static string Tensor(string name, string shape, int begin, int end, string dtype = "F32") => SafetensorsFileTests.Tensor(name, shape, begin, end, dtype);

    private static Dictionary<string, Case> MakeCases()
    {
        Dictionary<string, Case> cases = [];
        AddNpy(cases);
        AddNpz(cases);
        AddIdx(cases);
        AddSafetensors(cases);
        return cases;
    }

    private static void AddNpy(Dictionary<string, Case> cases)
    {
        Add("empty", [], "cut short");
        Add("text", "1 2 3 4 5\n"u8.ToArray(), "no NPY file");
        Add("magic cut", [0x93, (byte)'N', (byte)'U'], "ends after 3 of the 8 bytes");
        Add("version 4", Npy("", 0, major: 4), "version 4.0");
        Add("version 0", Npy("", 0, major: 0), "version 0.0");
        Add("version 1.1", Npy("", 0, minor: 1), "version 1.1");
        Add("length cut", [0x93, .. "NUMPY"u8, 2, 0, 1], "length of the NPY header");
        Add("header of 4 GB", Npy("", 0, major: 2, declared: uint.MaxValue), "4294967295 bytes; at most 10000");
        Add("header above the cap", Npy(new string(' ', 10_001), 0), "10001 bytes; at most 10000");
        Add("header longer than the file", Npy("{", 0, declared: 200), "only 1 are left");
        Add("header empty", Npy("", 0), "dictionary was expected");
        Add("header cut", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)"), "closing '}'");
        Add("header goes on", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + exit()"), "goes on after");
        Add("code in the shape", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os').system('id'),)}"), "dimension");
        Add("code for the type", Header("{'descr': str('<f4'), 'fortran_order': False, 'shape': (2, 3)}"), "element type in quotation marks");
        Add("key missing", Header("{'descr': '<f4', 'shape': (2, 3)}"), "lacks the key 'fortran_order'");
        Add("key twice", Header("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}"), "'descr' twice");
        Add("key unknown", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}"), "unknown key 'more'");
        Add("key with escapes", Header("{'\u001b[2J': '<f4'}"), "unknown key '?[2J'");
        Add("order a number", Header("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}"), "True or False");
        Add("shape a list", Header("{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}"), "a tuple");
        Add("shape a number", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (6)}"), "number in parentheses");
        Add("shape negative", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}"), "dimension");
        Add("shape with hole", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,, 3)}"), "dimension");
        Add("shape without comma", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}"), "',' or ')'");
        Add("dimension overflows", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 3)}"), "larger than 2147483647");
        Add("product overflows", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}"), "more than 2147483647 elements");
        Add("product wraps to 0", Header("{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 4, 4)}"), "more than 2147483647 elements");
        Add("a hundred dimensions", Header($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(",", Enumerable.Repeat("1", 100))})}}"), "more than 64 dimensions");
        Add("8 GB declared", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,)}"), "8000000000 bytes, but only 24");
        Add("data cut", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", 23), "24 bytes, but only 23");
        Add("data and more", Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", 25), "1 more bytes follow");
        Add("objects", Header("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3)}"), "Python objects, which are never loaded");
        Add("strings", Header("{'descr': '<U5', 'fortran_order': False, 'shape': (2, 3)}"), "holds text ('<U5')");
        Add("bytes", Header("{'descr': '|S5', 'fortran_order': False, 'shape': (2, 3)}"), "holds text");
        Add("records", Header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3)}"), "records");
        Add("complex", Header("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 3)}"), "complex numbers");
        Add("times", Header("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2, 3)}"), "times");
        Add("long doubles", Header("{'descr': '<f16', 'fortran_order': False, 'shape': (2, 3)}"), "unusual size");
        Add("type without order", Header("{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3)}"), "unknown type");
        Add("wide type without order", Header("{'descr': '|f4', 'fortran_order': False, 'shape': (2, 3)}"), "('|f4')");
        Add("type empty", Header("{'descr': '', 'fortran_order': False, 'shape': (2, 3)}"), "unknown type");
        Add("quote open", Header("{'descr"), "quotation marks");

        void Add(string name, byte[] bytes, string expected) => cases.Add("npy: " + name, new Case(path => NpyFile.Read(path), bytes, expected));

        static byte[] Header(string text) => Npy(text, 24);
    }

    private static void AddNpz(Dictionary<string, Case> cases)
    {
        byte[] stored = Zip(("a.npy", SoundNpy, CompressionLevel.NoCompression));
        byte[] deflated = Zip(("a.npy", SoundNpy, CompressionLevel.Optimal));
        byte[] bomb = Npy($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({60 << 20},)}}", 60 << 20);
        Add("empty", [], "no NPZ file");
        Add("npy instead", SoundNpy, "NPY file of one array");
        Add("text", "PK is how zip begins"u8.ToArray(), "no NPZ file");
        Add("directory cut off", stored[..^30], "zip archive");
        Add("only a beginning", stored[..20], "zip archive");
        Add("name twice", Zip(("a.npy", SoundNpy, CompressionLevel.NoCompression), ("a.npy", SoundNpy, CompressionLevel.NoCompression)), "two arrays named 'a'");
        Add("no array", Zip(("readme.txt", "hello"u8.ToArray(), CompressionLevel.NoCompression)), "entry 'readme.txt' is no array");
        Add("no name", Zip((".npy", SoundNpy, CompressionLevel.NoCompression)), "entry '.npy' is no array");
        Add("folder", Zip(("a/", [], CompressionLevel.NoCompression)), "entry 'a/' is no array");
        Add("stored data changed", With(stored, Find(stored, "NUMPY"u8) + 80, 1), "checksum");
        Add("array damaged", Zip(("a.npy", With(SoundNpy, 6, 9), CompressionLevel.Optimal)), "version 9.0");
        Add("array cut", Zip(("a.npy", SoundNpy[..^1], CompressionLevel.Optimal)), "ends after 23 of the 24 bytes");
        Add("array and more", Zip(("a.npy", [.. SoundNpy, 0], CompressionLevel.Optimal)), "more bytes follow");
        Add("gigabytes declared", Zip(("a.npy", Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,)}", 8), CompressionLevel.Optimal)), "unpack it first");
        Add("zip bomb", Zip(("a.npy", bomb, CompressionLevel.SmallestSize)), "unpack it first");
        Add("bomb in parts", Zip([.. Enumerable.Range(0, 5).Select(i => ($"a{i}.npy", Npy($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({6 << 20},)}}", 6 << 20), CompressionLevel.SmallestSize))]), "unpack it first", parts: true);
        Add("encrypted", With(With(stored, 6, 1), Find(stored, [(byte)'P', (byte)'K', 1, 2]) + 8, 1), "encrypted");
        Add("method unknown", With(With(deflated, 8, 99), Find(deflated, [(byte)'P', (byte)'K', 1, 2]) + 10, 99), "zip archive");

        void Add(string name, byte[] bytes, string expected, bool parts = false)
        {
            if (!parts)
            {
                cases.Add("npz: " + name, new Case(path => NpzFile.Read(path), bytes, expected));
                return;
            }

            // What fits the allowance is read; only the whole is too much. Read apart, so that what is allowed is not counted as allocated in vain.
            cases.Add("npz: " + name, new Case(path => ReadElsewhere(path), bytes, expected));
        }

        static void ReadElsewhere(string path)
        {
            Exception? error = null;
            System.Threading.Thread thread = new(() => error = Record.Exception(() => NpzFile.Read(path)));
            thread.Start();
            thread.Join();
            if (error is not null)
            {
                throw error;
            }
        }
    }

    private static void AddIdx(Dictionary<string, Case> cases)
    {
        byte[] sound = IdxFileTests.Idx(8, [2, 3], new byte[6]);
        byte[] packed = IdxFileTests.Gzip(sound);
        Add("empty", [], "start of an IDX file");
        Add("text", "label,pixel\n"u8.ToArray(), "begin with two zero bytes");
        Add("type unknown", With(sound, 2, 0x0A), "unknown element type 0x0A");
        Add("no dimensions", With(sound, 3, 0), "0 dimensions");
        Add("200 dimensions", With(sound, 3, 200), "200 dimensions");
        Add("sizes cut", sound[..9], "sizes of the dimensions");
        Add("size negative", With(sound, 4, 0xFF), "not negative");
        Add("product overflows", With(sound, 4, 0x7F, 0xFF, 0xFF, 0xFF), "product of at most");
        Add("2 GB declared", IdxFileTests.Idx(8, [2_000_000_000], new byte[6]), "2000000000 bytes, but only 6");
        Add("16 GB declared", IdxFileTests.Idx(0x0E, [2_000_000_000], new byte[6]), "16000000000 bytes, but only 6");
        Add("data cut", sound[..^1], "6 bytes, but only 5");
        Add("data and more", [.. sound, 0], "1 more bytes follow");
        Add("little-endian", IdxFileTests.Idx(8, [0x02000000, 0x03000000], new byte[6]), "product of at most");
        Add("gzip: only its magic", [0x1F, 0x8B], "shortest has 18");
        Add("gzip: cut", packed[..^9], "");
        Add("gzip: trailer cut", packed[..^1], "checksum at the end of the gzip file");
        Add("gzip: and more", [.. packed, 1], "checksum at the end of the gzip file");
        Add("gzip: contents cut", IdxFileTests.Gzip(sound[..^1]), "ends after 5 of the 6 bytes");
        Add("gzip: contents and more", IdxFileTests.Gzip([.. sound, 0]), "more bytes follow");
        Add("gzip: data damaged", With(packed, 12, 0xFF, 0xFF), "");
        Add("gzip: 2 GB declared", IdxFileTests.Gzip(IdxFileTests.Idx(8, [2_000_000_000], new byte[6])), "unpack it first");

        void Add(string name, byte[] bytes, string expected) => cases.Add("idx: " + name, new Case(path => IdxFile.Read(path), bytes, expected));
    }

    private static void AddSafetensors(Dictionary<string, Case> cases)
    {
        string sound = Tensor("a", "[2]", 0, 8);
        byte[] soundFile = SafetensorsFileTests.Safetensors("{" + sound + "}", 8);
        Add("empty", [], "length of the safetensors header");
        Add("length cut", soundFile[..7], "ends after 7 of the 8 bytes");
        Add("header 0", With(soundFile, 0, 0, 0, 0, 0, 0, 0, 0, 0), "declared to have 0 bytes");
        Add("header above the cap", With(soundFile, 0, 0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0), "declared to have 100000001 bytes");
        Add("header of 2^64 − 1", With(soundFile, 0, 255, 255, 255, 255, 255, 255, 255, 255), "declared to have 18446744073709551615");
        Add("header longer than the file", With(soundFile, 0, 0, 0, 16), "is declared to have 1048");
        Add("zip instead", "PK\u0003\u0004\u0014\0\0\0\b\0\0\0"u8.ToArray(), "no such file, or damaged");
        Add("header a list", Raw("[]"), "begin with '{'");
        Add("header begins with blanks", Raw(" {}"), "begin with '{'");
        Add("header no JSON", Raw("{\"a\":}"), "no valid JSON");
        Add("header cut", Raw("{" + sound, 8), "no valid JSON");
        Add("header goes on", Raw("{" + sound + "}{}", 8), "no valid JSON");
        Add("zeros as padding", Raw("{" + sound + "}\0\0", 8), "no valid JSON");
        Add("comment", Raw("{/* */" + sound + "}", 8), "no valid JSON");
        Add("nested deep", Raw("{\"a\":{\"shape\":" + new string('[', 10_000) + "}", 0), "");
        Add("invalid UTF-8", SafetensorsFileTests.Safetensors("{\"\u00ff\":1}", 0, Encoding.Latin1), "no valid UTF-8");
        Add("half a character", Raw("{" + Tensor("\\uD800", "[2]", 0, 8) + "}", 8), "no valid text");
        Add("half a character in the metadata", Raw("{\"__metadata__\":{\"a\":\"\\uDC00\"}}"), "no valid text");
        Add("name twice", Raw("{" + sound + "," + Tensor("a", "[0]", 8, 8) + "}", 8), "'a' twice");
        Add("name twice by an escape", Raw("{" + sound + "," + Tensor("\\u0061", "[0]", 8, 8) + "}", 8), "'a' twice");
        Add("metadata twice", Raw("{\"__metadata__\":{},\"__metadata__\":{}}"), "twice");
        Add("metadata key twice", Raw("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}"), "'k' twice");
        Add("metadata a number", Raw("{\"__metadata__\":{\"k\":1}}"), "a string for 'k'");
        Add("metadata a string", Raw("{\"__metadata__\":\"k\"}"), "an object for __metadata__");
        Add("tensor a number", Raw("{\"a\":1}"), "an object for the tensor 'a'");
        Add("dtype missing", Raw("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "lacks dtype");
        Add("shape missing", Raw("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8), "lacks shape");
        Add("range missing", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8), "lacks data_offsets");
        Add("dtype twice", Raw("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "each once");
        Add("dtype other", Raw("{" + Tensor("a", "[2]", 0, 8, "C32") + "}", 8), "dtype 'C32'; F64, F32, F16, BF16");
        Add("dtype a number", Raw("{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "a string for the dtype");
        Add("shape negative", Raw("{" + Tensor("a", "[-2]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape not whole", Raw("{" + Tensor("a", "[2.0]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape of strings", Raw("{" + Tensor("a", "[\"2\"]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape a number", Raw("{" + Tensor("a", "2", 0, 8) + "}", 8), "a list for shape");
        Add("shape overflows", Raw("{" + Tensor("a", "[2147483647,2147483647,2147483647,4]", 0, 8) + "}", 8), "do not agree");
        Add("size disagrees", Raw("{" + Tensor("a", "[3]", 0, 8) + "}", 8), "do not agree");
        Add("range backwards", Raw("{" + Tensor("a", "[0]", 8, 0) + "}", 8), "no pair");
        Add("range of one", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}}", 8), "no pair");
        Add("range of three", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}}", 8), "at most 2");
        Add("range begins late", Raw("{" + Tensor("a", "[2]", 4, 12) + "}", 12), "a hole");
        Add("hole", Raw("{" + sound + "," + Tensor("b", "[1]", 12, 16) + "}", 16), "a hole");
        Add("overlap", Raw("{" + sound + "," + Tensor("b", "[1]", 4, 8) + "}", 8), "an overlap");
        Add("shared", Raw("{" + sound + "," + Tensor("b", "[2]", 0, 8) + "}", 8), "an overlap");
        Add("empty tensor inside another", Raw("{" + sound + "," + Tensor("b", "[0]", 4, 4) + "}", 8), "an overlap");
        Add("data cut", Raw("{" + sound + "}", 7), "cut short");
        Add("data and more", Raw("{" + sound + "}", 9), "something appended");
        Add("4 GB declared", Raw("{" + Tensor("a", "[1000000000]", 0, 2_000_000_000) + "}", 8), "do not agree");
        Add("2 GB declared", Raw("{" + Tensor("a", "[500000000]", 0, 2_000_000_000) + "}", 8), "cut short");

        void Add(string name, byte[] bytes, string expected) => cases.Add("safetensors: " + name, new Case(path => SafetensorsFile.Read(path), bytes, expected));

        static byte[] Raw(string header, int dataLength = 0) => SafetensorsFileTests.Safetensors(header, dataLength);
    }
}

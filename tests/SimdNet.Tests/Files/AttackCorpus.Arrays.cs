using System;
using System.Collections.Generic;
using System.IO.Compression;
using System.Linq;

using SimdNet.Tests.Data;

using Xunit;

namespace SimdNet.Tests.Files;

/// <content>Arrays: NPY, NPZ, IDX.</content>
internal static partial class AttackCorpus
{
    private static void AddNpy(Dictionary<string, Attack> attacks)
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

        void Add(string name, byte[] bytes, string expected) => attacks.Add("npy: " + name, new Attack(path => NpyFile.Read(path), bytes, expected));

        static byte[] Header(string text) => Npy(text, 24);
    }

    private static void AddNpz(Dictionary<string, Attack> attacks)
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
        Add("10,001 entries", Zip([.. Enumerable.Range(0, 10_001).Select(i => ($"{i}.npy", Array.Empty<byte>(), CompressionLevel.NoCompression))]), "more than 10000 entries");
        Add("more behind its end than a remark is long", [.. stored, .. new byte[80_000]], "zip archive");
        Add("directory outside the file", With(stored, -6, 0xFF, 0xFF, 0xFF, 0x7F), "zip archive");
        Add("directory inside itself", With(stored, -6, (byte)(stored.Length - 22)), "zip archive");
        Add("fewer entries than declared", With(With(stored, -14, 9), -12, 9), "zip archive");
        Add("entry outside the file", With(stored, Find(stored, [(byte)'P', (byte)'K', 1, 2]) + 42, 0xFF, 0xFF, 0xFF, 0x7F), "zip archive");
        Add("entry longer than the file", With(stored, Find(stored, [(byte)'P', (byte)'K', 1, 2]) + 20, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F), "zip archive");
        Add("encrypted", With(With(stored, 6, 1), Find(stored, [(byte)'P', (byte)'K', 1, 2]) + 8, 1), "encrypted");
        Add("method unknown", With(With(deflated, 8, 99), Find(deflated, [(byte)'P', (byte)'K', 1, 2]) + 10, 99), "zip archive");

        void Add(string name, byte[] bytes, string expected, bool parts = false)
        {
            if (!parts)
            {
                attacks.Add("npz: " + name, new Attack(path => NpzFile.Read(path), bytes, expected));
                return;
            }

            // What fits the allowance is read; only the whole is too much. Read apart, so that what is allowed is not counted as allocated in vain.
            attacks.Add("npz: " + name, new Attack(path => ReadElsewhere(path), bytes, expected));
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

    private static void AddIdx(Dictionary<string, Attack> attacks)
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
        Add("gzip: cut", packed[..^9], "checksum at the end of the gzip file");
        Add("gzip: trailer cut", packed[..^1], "checksum at the end of the gzip file");
        Add("gzip: and more", [.. packed, 1], "checksum at the end of the gzip file");
        Add("gzip: contents cut", IdxFileTests.Gzip(sound[..^1]), "ends after 5 of the 6 bytes");
        Add("gzip: contents and more", IdxFileTests.Gzip([.. sound, 0]), "more bytes follow");
        // Not compressed, the bytes are the block's length and its complement.
        Add("gzip: data damaged", With(IdxFileTests.Gzip(sound, CompressionLevel.NoCompression), 12, 0xFF, 0xFF), "the compressed data is damaged");
        Add("gzip: 2 GB declared", IdxFileTests.Gzip(IdxFileTests.Idx(8, [2_000_000_000], new byte[6])), "unpack it first");

        void Add(string name, byte[] bytes, string expected) => attacks.Add("idx: " + name, new Attack(path => IdxFile.Read(path), bytes, expected));
    }
}

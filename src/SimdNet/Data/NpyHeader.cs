using System;
using System.Buffers.Binary;
using System.Text;

using SimdNet.IO;

namespace SimdNet.Data;

/// <summary>What an NPY file says before its data.</summary>
/// <remarks>
/// <code>
/// 0x93 N U M P Y | major minor | header length: 2 bytes (version 1) or 4 (2 and 3), little-endian | header | data
/// header = {'descr': '&lt;f8', 'fortran_order': False, 'shape': (3, 4), } blanks \n
/// </code>
/// The header is Python source for a dictionary. numpy evaluates it; here just these three keys and their values are recognised, in any order.
/// </remarks>
internal readonly record struct NpyHeader(NpyElementType Type, bool Reversed, bool FortranOrder, int[] Shape)
{
    /// <summary>numpy's own cap; a header beyond it takes its parser down.</summary>
    public const int MaxLength = 10_000;

    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads and checks everything before the data.</summary>
    /// <exception cref="SimdNetFormatException">It is no NPY file, or holds what cannot be read here.</exception>
    public static NpyHeader Read(BoundedReader reader)
    {
        Span<byte> start = stackalloc byte[8];
        reader.ReadExactly(start, "the start of an NPY file");
        if (!start.StartsWith(Magic))
        {
            throw reader.Error(@"this is no NPY file; those begin with \x93NUMPY. Write it with numpy.save.", 0);
        }

        int major = start[6];
        if (major is < 1 or > 3 || start[7] != 0)
        {
            throw reader.Error($"this is an NPY file of version {major}.{start[7]}; 1.0, 2.0 and 3.0 can be read.", 6);
        }

        Span<byte> lengthBytes = stackalloc byte[major == 1 ? 2 : 4];
        reader.ReadExactly(lengthBytes, "the length of the NPY header");
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaxLength)
        {
            throw reader.Error($"the NPY header is declared to have {length} bytes; at most {MaxLength} are read.", 8);
        }

        long position = reader.Position;
        byte[] header = reader.ReadArray(length, "the NPY header");
        return new Parser(header, reader, position).Parse();
    }

    /// <summary>A header of version 1.0 as numpy writes it: the data begins at a multiple of 64.</summary>
    public static byte[] Write(NpyElementType type, ReadOnlySpan<int> shape)
    {
        char order = ElementTypes.SizeOf(type) == 1 ? '|' : BitConverter.IsLittleEndian ? '<' : '>';
        string text = $"{{'descr': '{order}{ElementTypes.CodeOf(type)}', 'fortran_order': False, 'shape': {ArrayShape.Text(shape)}, }}";
        const int Before = 10;
        int total = (Before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - Before));
        bytes.AsSpan(Before).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(Before));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private ref struct Parser(ReadOnlySpan<byte> text, BoundedReader reader, long start)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private readonly BoundedReader _reader = reader;
        private readonly long _start = start;
        private int _at;

        public NpyHeader Parse()
        {
            (NpyElementType Type, bool Reversed)? type = null;
            bool? fortranOrder = null;
            int[]? shape = null;
            Expect((byte)'{', "a Python dictionary");
            while (!TryTake((byte)'}'))
            {
                int at = _at;
                ReadOnlySpan<byte> key = TakeString("a key");
                Expect((byte)':', "a ':' after the key");
                bool again;
                if (key.SequenceEqual("descr"u8))
                {
                    again = type is not null;
                    type = TakeType();
                }
                else if (key.SequenceEqual("fortran_order"u8))
                {
                    again = fortranOrder is not null;
                    fortranOrder = TakeBoolean();
                }
                else if (key.SequenceEqual("shape"u8))
                {
                    again = shape is not null;
                    shape = TakeShape();
                }
                else
                {
                    throw Error($"the NPY header has the unknown key {Quoted.Of(key)}; it has 'descr', 'fortran_order' and 'shape'.", at);
                }

                if (again)
                {
                    throw Error($"the NPY header has the key {Quoted.Of(key)} twice.", at);
                }

                if (!TryTake((byte)','))
                {
                    Expect((byte)'}', "a ',' or the closing '}'");
                    break;
                }
            }

            SkipBlanks();
            if (_at < _text.Length)
            {
                throw Error("the NPY header goes on after its dictionary.", _at);
            }

            if (type is null || fortranOrder is null || shape is null)
            {
                string missing = type is null ? "descr" : fortranOrder is null ? "fortran_order" : "shape";
                throw Error($"the NPY header lacks the key '{missing}'.", 0);
            }

            return new NpyHeader(type.Value.Type, type.Value.Reversed, fortranOrder.Value, shape);
        }

        private (NpyElementType Type, bool Reversed) TakeType()
        {
            SkipBlanks();
            int at = _at;
            if (_at < _text.Length && _text[_at] == '[')
            {
                throw Error("the NPY file holds records (a structured type); save each of their fields as an array of its own.", at);
            }

            ReadOnlySpan<byte> descr = TakeString("the element type");
            byte order = descr.Length > 0 ? descr[0] : (byte)0;
            NpyElementType? type = order is (byte)'<' or (byte)'>' or (byte)'=' or (byte)'|' ? ElementTypes.FromCode(descr[1..]) : null;
            if (type is not NpyElementType known || (order == '|' && ElementTypes.SizeOf(known) > 1))
            {
                string kind = descr.Length < 2 ? "elements of an unknown type" : (char)descr[1] switch
                {
                    'O' => "Python objects, which are never loaded",
                    'S' or 'U' or 'a' => "text",
                    'c' => "complex numbers",
                    'V' => "raw bytes or records",
                    'm' or 'M' => "times",
                    'f' => "floating-point numbers of an unusual size",
                    _ => "elements of an unknown type",
                };
                throw Error(
                    $"the NPY file holds {kind} ({Quoted.Of(descr)}); truth values, integers of 8 to 64 bits and floats of 16 to 64 bits can be read. Convert it with astype.",
                    at);
            }

            bool bigEndian = order == '>' || (order == '=' && !BitConverter.IsLittleEndian);
            return (known, ElementTypes.SizeOf(known) > 1 && bigEndian == BitConverter.IsLittleEndian);
        }

        private bool TakeBoolean()
        {
            SkipBlanks();
            ReadOnlySpan<byte> rest = _text[_at..];
            if (rest.StartsWith("False"u8))
            {
                _at += 5;
                return false;
            }

            if (rest.StartsWith("True"u8))
            {
                _at += 4;
                return true;
            }

            throw Error("True or False was expected for 'fortran_order' in the NPY header.", _at);
        }

        private int[] TakeShape()
        {
            Span<int> sizes = stackalloc int[ArrayShape.MaxRank];
            int rank = 0;
            Expect((byte)'(', "a tuple for 'shape'");
            int at = _at;
            bool comma = true;
            while (!TryTake((byte)')'))
            {
                if (!comma)
                {
                    throw Error("a ',' or ')' was expected in 'shape' in the NPY header.", _at);
                }

                if (rank == sizes.Length)
                {
                    throw Error($"the NPY array has more than {ArrayShape.MaxRank} dimensions.", _at);
                }

                sizes[rank++] = TakeSize();
                comma = TryTake((byte)',');
            }

            if (rank == 1 && !comma)
            {
                throw Error("'shape' in the NPY header is a number in parentheses where a tuple was expected, as in (3,).", at);
            }

            int[] shape = sizes[..rank].ToArray();
            return ArrayShape.CountOrNull(shape) is not null
                ? shape
                : throw Error($"the NPY array of shape {Quoted.Of(ArrayShape.Text(shape))} has more than {int.MaxValue} elements; split it.", at);
        }

        private int TakeSize()
        {
            SkipBlanks();
            int at = _at;
            long value = 0;
            while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
            {
                value = (value * 10) + (_text[_at] - '0');
                _at++;
                if (value > int.MaxValue)
                {
                    throw Error($"a dimension in 'shape' in the NPY header is larger than {int.MaxValue}.", at);
                }
            }

            if (_at == at)
            {
                throw Error("a dimension, a whole number from 0, was expected in 'shape' in the NPY header.", at);
            }

            // Python 2 wrote long integers with their suffix.
            if (_at < _text.Length && _text[_at] == 'L')
            {
                _at++;
            }

            return (int)value;
        }

        private ReadOnlySpan<byte> TakeString(string what)
        {
            SkipBlanks();
            int at = _at;
            if (_at < _text.Length && _text[_at] is (byte)'\'' or (byte)'"')
            {
                int length = _text[(_at + 1)..].IndexOf(_text[_at]);
                if (length >= 0)
                {
                    ReadOnlySpan<byte> value = _text.Slice(_at + 1, length);
                    _at += length + 2;
                    return value;
                }
            }

            throw Error($"{what} in quotation marks was expected in the NPY header.", at);
        }

        private void Expect(byte character, string what)
        {
            if (!TryTake(character))
            {
                throw Error($"{what} was expected in the NPY header.", _at);
            }
        }

        private bool TryTake(byte character)
        {
            SkipBlanks();
            if (_at < _text.Length && _text[_at] == character)
            {
                _at++;
                return true;
            }

            return false;
        }

        private void SkipBlanks()
        {
            while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                _at++;
            }
        }

        private readonly SimdNetFormatException Error(string message, int at) => _reader.Error(message, _start + at);
    }
}

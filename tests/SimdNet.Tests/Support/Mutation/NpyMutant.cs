using System;
using System.Text;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages NPY files field by field: version, length of the header, the dictionary, the data.</summary>
internal sealed class NpyMutant
{
    private const int Before = 10;
    private readonly TokenMutant _header;
    private readonly string _text;
    private readonly byte[] _data;

    /// <param name="file">A sound file of version 1.</param>
    public NpyMutant(byte[] file)
    {
        int length = BitConverter.ToUInt16(file, 8);
        _text = Encoding.Latin1.GetString(file, Before, length);
        _header = new TokenMutant(_text.TrimEnd());
        _data = file[(Before + length)..];
    }

    /// <summary>A damaged copy.</summary>
    public byte[] Of(Random random)
    {
        byte[] header = Encoding.UTF8.GetBytes(random.Next(4) == 0 ? _text : _header.Of(random));
        int version = random.Next(12) switch { 0 => random.Next(256), 1 => 2, 2 => 3, _ => 1 };
        FileBytes file = new();
        file.Add([0x93, .. "NUMPY"u8, (byte)version, (byte)(random.Next(30) == 0 ? random.Next(256) : 0)]);
        file.LittleEndian(version == 1 ? 2 : 4, Lie.Maybe(random, header.Length));
        file.Add(header);
        file.Add(Lie.Data(random, _data));
        return file.Finish(random);
    }
}

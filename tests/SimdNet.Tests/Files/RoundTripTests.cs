using System;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Random models through every format: each parameter comes back bit for bit, whatever finite numbers it holds.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Formats() => ["model", "safetensors", "npz", "npz deflated", "text", "text with commas"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_models_come_back_bit_for_bit(string format)
    {
        Random random = new(7);
        int count = Long.Count(1_000, 10_000);
        NetworkCase[] cases = NetworkCases.Arbitrary().Generator.Sample(count, new Rnd(31), 50);
        Assert.Equal(count, cases.Length);
        for (int i = 0; i < count; i++)
        {
            if (i % 2 == 0)
            {
                RoundTrip<float>(cases[i], format, random);
            }
            else
            {
                RoundTrip<double>(cases[i], format, random);
            }
        }
    }

    /// <summary>Negative control: the sign of a zero, and the last bit of a number.</summary>
    [Fact]
    public void Control_one_bit_of_one_parameter_is_a_difference()
    {
        Network<float> network = NetworkSpec.Parse("3,4:relu,batchnorm,2").Build<float>();
        network.GetParameter("b1").Clear();
        AssertSame(network, network.Clone());
        foreach (ParameterInfo parameter in network.Parameters)
        {
            Network<float> other = network.Clone();
            ref float value = ref other.GetParameter(parameter.Name)[^1];
            value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) ^ 1);
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSame(network, other));
        }

        Network<float> negative = network.Clone();
        negative.GetParameter("b1")[0] = -0f;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSame(network, negative));
    }

    /// <summary>Any finite bits: zeros of both signs, subnormals, the largest numbers. Of a variance, those that are not negative.</summary>
    internal static void FillWithAnything<T>(Network<T> network, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ParameterInfo parameter in network.Parameters)
        {
            Span<T> values = network.GetParameter(parameter.Name);
            random.NextBytes(MemoryMarshal.AsBytes(values));
            foreach (ref T value in values)
            {
                value = random.Next(8) switch
                {
                    0 => T.NegativeZero,
                    1 => T.Epsilon * T.CreateTruncating(random.Next(1, 100)),
                    _ => T.IsFinite(value) ? value : T.One / T.CreateTruncating(3),
                };
                value = parameter.Kind == ParameterKind.RunningVariance ? T.Abs(value) : value;
            }
        }
    }

    internal static void AssertSame<T>(Network<T> expected, Network<T> actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Spec, actual.Spec);
        foreach (ParameterInfo parameter in expected.Parameters)
        {
            Assert.True(MemoryMarshal.AsBytes(expected.GetParameter(parameter.Name)).SequenceEqual(MemoryMarshal.AsBytes(actual.GetParameter(parameter.Name))), $"{expected.Spec}: {parameter.Name} differs.");
        }
    }

    private void RoundTrip<T>(NetworkCase sample, string format, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = sample.Spec.Build<T>((ulong)sample.Seed);
        FillWithAnything(network, random);
        Network<T> other = sample.Spec.Build<T>((ulong)sample.Seed + 1);
        string path = _folder.File("w.safetensors");
        string folder = _folder.File("text");
        switch (format)
        {
            case "model":
                network.Save(path);
                other = ModelFile.Load<T>(path, CustomParts.Registry);
                break;
            case "safetensors":
                WeightFiles.SaveSafetensors(network, path);
                WeightFiles.LoadSafetensors(other, path);
                break;
            case "npz":
                WeightFiles.SaveNpz(network, path);
                WeightFiles.LoadNpz(other, path);
                break;
            case "npz deflated":
                WeightFiles.SaveNpz(network, path, compressed: true);
                WeightFiles.LoadNpz(other, path);
                break;
            default:
                TextOptions? options = format == "text" ? null : new() { Delimiter = ',', Comments = "%%", Header = "made by\na test" };
                WeightFiles.SaveText(network, folder, options);
                WeightFiles.LoadText(other, folder, options);
                Directory.Delete(folder, recursive: true);
                break;
        }

        AssertSame(network, other);
    }
}

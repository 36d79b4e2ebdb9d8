using SimdNet.Model;

using Xunit;

namespace SimdNet.Tests.Model;

public class FingerprintTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1_000)]
    public void In_how_many_parts_a_tensor_is_hashed_changes_nothing(int part)
    {
        Network<float> network = NetworkSpec.Parse("5,7:tanh,3:softmax").Build<float>();
        string before = Hash();
        Assert.Equal(network.Fingerprint(), before);

        // The control: the last number of all.
        network.GetParameter("b2")[2] = 1e-30f;
        Assert.NotEqual(before, Hash());
        Assert.Equal(network.Fingerprint(), Hash());

        string Hash()
        {
            using Fingerprint fingerprint = new(part);
            fingerprint.Add<float>(network.Parameters, network.ParameterBlock);
            return fingerprint.ToString();
        }
    }
}

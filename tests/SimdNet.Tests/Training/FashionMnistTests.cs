using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A real problem of the size that the tutorials have.</summary>
public sealed class FashionMnistTests
{
    [FashionMnistFact]
    public void Five_epochs_of_Adam_reach_87_percent_on_the_test_set()
    {
        Network<float> network = NetworkSpec.Input(784).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax).Build<float>();
        network.InputScaler = Scaler<float>.Constant(255, 784);
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Adam());
        trainer.Fit(Dataset.FromIdxFolder<float>(FashionMnistFactAttribute.Folder, test: false), new() { Epochs = 5, BatchSize = 128 });
        Evaluation test = trainer.Evaluate(Dataset.FromIdxFolder<float>(FashionMnistFactAttribute.Folder, test: true));
        Assert.Equal(10_000, test.Rows);
        Assert.True(test.Accuracy >= 0.87, $"accuracy {test.Accuracy}");
    }
}

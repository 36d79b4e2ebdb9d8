using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>Callbacks may allocate; training between them does not, whether they are told of batches or not.</summary>
[Collection(nameof(Alone))]
public sealed class CallbackAllocationTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(7, true)]
    public void Training_between_callbacks_allocates_nothing(int batch, bool tellsBatches)
    {
        Network<float> network = NetworkSpec.Parse("9,17:relu,4:softmax").Build<float>();
        Dataset<float> data = new(Enumerable.Range(0, 40 * 9).Select(i => i % 11 * 0.1f).ToArray(), 9, new int[40]);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Trainer<float> trainer = new(network, Loss.CrossEntropy, optimizer);
            LambdaCallback<float> quiet = new() { BatchEnd = tellsBatches ? _ => { } : null, EpochEnd = _ => { } };
            Between(quiet);
            Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Between(quiet)));

            // Negative control: what a callback allocates is counted.
            Assert.True(Between(new() { EpochEnd = _ => GC.KeepAlive(new object()) }) >= 999 * 24);

            long Between(LambdaCallback<float> callback)
            {
                long first = 0;
                long last = 0;
                LambdaCallback<float> counts = new()
                {
                    EpochEnd = context =>
                    {
                        last = GC.GetAllocatedBytesForCurrentThread();
                        first = context.Epoch == 1 ? last : first;
                    },
                };
                trainer.Fit(data, new() { Epochs = 1_000, BatchSize = batch, Validation = data, Callbacks = [callback, counts] });
                return last - first;
            }
        }
    }
}

using System;
using System.Collections.Generic;

using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>The networks that SimpleChains.jl publishes times of, on all rows at once: half the squared error, outputs without activation.</summary>
/// <remarks>
/// It is no peer of the same run: its times are of other machines. Its README has the gradient of 24-8-2 in double, 5.66 µs and no allocation; its announcement (julialang.org/blog/2022/04/simple-chains) an epoch of Adam on
/// 4-32-16-4 in float, 10,000 rows.
/// </remarks>
public sealed record SimpleChainsCase(string Name, NetworkSpec Spec, int Rows, NetworkWork Call, Type Element, Optimizer Optimizer)
    : NetworkCase(Name, Spec, Rows, Step(Spec), Element)
{
    private static readonly NetworkSpec Readme = NetworkSpec.Input(24).Dense(8, Activation.Tanh).Dense(2, Activation.Identity);
    private static readonly NetworkSpec Announcement = NetworkSpec.Input(4).Dense(32, Activation.Tanh).Dense(16, Activation.Tanh).Dense(4, Activation.Identity);

    public static IEnumerable<SimpleChainsCase> All(Type element) => element == typeof(double)
        ?
        [
            new("24-8-2 tanh, gradient of 200 rows", Readme, 200, NetworkWork.Gradient, element, new Sgd { LearningRate = Samples.Rate }),
            new("24-8-2 tanh, sgd step on 200 rows", Readme, 200, NetworkWork.Step, element, new Sgd { LearningRate = Samples.Rate }),
        ]
        :
        [
            new("4-32-16-4 tanh, adam epoch of 10,000 rows", Announcement, 10_000, NetworkWork.Step, element, new Adam { LearningRate = Samples.Rate }),
        ];

    public override Demand Demand => new(Work.Flops, 0, new Stream("samples", Access.Read, Rows * SampleBytes, (3 * ParameterBytes) + (Rows * SampleBytes)));

    public override NetworkTask Task => new(Call, Spec, Rows, Rows, Optimizer);
}

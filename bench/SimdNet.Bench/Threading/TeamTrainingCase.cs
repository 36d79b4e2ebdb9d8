using System.Collections.Generic;

using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;
using SimdNet.Bench.Training;

namespace SimdNet.Bench.Threading;

/// <summary>A row of the suites of training, with two threads.</summary>
public sealed record TeamTrainingCase(NetworkCase Row) : Case(Row.Name, Row.Element, Row.Work)
{
    public static IEnumerable<TeamTrainingCase> All
    {
        get
        {
            foreach (NetworkCase row in (IEnumerable<NetworkCase>)[.. MinibatchStepCase.All, .. FullBatchEpochCase.All, .. SimpleChainsCase.All(typeof(float)), .. SimpleChainsCase.All(typeof(double)), .. PerSampleStepCase.All])
            {
                yield return new(row);
            }
        }
    }

    /// <summary>Of each of the two cores.</summary>
    public override Demand Demand => Row.Demand.On(2);

    public override NetworkTask? Task => Row.Task;
}

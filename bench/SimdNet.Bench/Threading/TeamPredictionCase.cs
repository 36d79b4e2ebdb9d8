using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Inference;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Threading;

/// <summary>A batch to predict, with two threads.</summary>
public sealed record TeamPredictionCase(PredictionCase Row) : Case($"prediction {Row.Name}", Row.Element, Row.Work)
{
    public static IEnumerable<TeamPredictionCase> All => PredictionCase.ForTeams.Select(row => new TeamPredictionCase(row));

    /// <summary>Of each of the two cores.</summary>
    public override Demand Demand => Row.Demand.On(2);

    public override NetworkTask? Task => Row.Task;
}

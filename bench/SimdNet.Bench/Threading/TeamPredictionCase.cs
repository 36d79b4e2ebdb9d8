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

    /// <summary>The roofs are measured of one core, so nothing is declared.</summary>
    public override Demand Demand => new(0, 0);

    public override NetworkTask? Task => Row.Task;
}

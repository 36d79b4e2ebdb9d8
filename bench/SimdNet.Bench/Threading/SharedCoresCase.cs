using System.Collections.Generic;

using SimdNet.Bench.Roofline;
using SimdNet.Bench.Training;

namespace SimdNet.Bench.Threading;

/// <summary>Who else wants the two cores.</summary>
public enum CoreUse
{
    /// <summary>Nobody: the team has nothing to do either. Measured is processor time, in a second.</summary>
    Idle,

    /// <summary>Another trainer of the same kind, at the same time. Measured is a step, of each of the two.</summary>
    TwoTrainers,

    /// <summary>A thread that never waits. Measured is a step.</summary>
    BusyNeighbour,
}

/// <summary>Two cores, shared, or left alone.</summary>
/// <param name="Use">Who has them.</param>
/// <param name="Row">What is trained.</param>
public sealed record SharedCoresCase(CoreUse Use, MinibatchStepCase Row) : Case(NameOf(Use, Row), Row.Element, Use == CoreUse.Idle ? new(0, 0, 1, "second") : Row.Work)
{
    public static IEnumerable<SharedCoresCase> All
    {
        get
        {
            MinibatchStepCase[] rows = [.. MinibatchStepCase.All];
            yield return new(CoreUse.Idle, rows[0]);
            foreach (CoreUse use in (CoreUse[])[CoreUse.TwoTrainers, CoreUse.BusyNeighbour])
            {
                yield return new(use, rows[0]);
                yield return new(use, rows[1]);
            }
        }
    }

    /// <summary>Of two trainers each has as much as one core; beside a busy thread a team may have two for as long as it is let.</summary>
    public override Demand Demand => Use switch
    {
        CoreUse.Idle => new(0, 0),
        CoreUse.TwoTrainers => Row.Demand,
        _ => Row.Demand.On(2),
    };

    public override bool IsFor(string implementation) => implementation != Implementations.Alone || Use != CoreUse.Idle;

    private static string NameOf(CoreUse use, MinibatchStepCase row) => use switch
    {
        CoreUse.Idle => "idle team, processor time in a second",
        CoreUse.TwoTrainers => $"two trainers at once, {row.Name}",
        _ => $"beside a busy thread, {row.Name}",
    };
}

using SimdNet.Model.Layers;

namespace SimdNet.Training.Steps;

/// <summary>How many steps a trainer has made, and the seed of what is random in them: together they say which units the next one drops.</summary>
internal sealed class StepCount
{
    /// <summary>The trainer's seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps made.</summary>
    public long Made { get; set; }

    /// <summary>The place of the next step's first row.</summary>
    public PassPlace Next => new(IsTraining: true, Seed, Made, FirstRow: 0);
}

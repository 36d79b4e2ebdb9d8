using System.Numerics;

namespace SimdNet.Cli.Training;

/// <summary>What is chosen about numbers that go bad.</summary>
/// <param name="Policy">One of <see cref="Policies"/>.</param>
/// <param name="RateFactor">What a rollback multiplies the learning rate by; null where the library decides.</param>
/// <param name="MaxRollBacks">Rollbacks of one training; likewise.</param>
internal sealed record NonFiniteChoice(string Policy, double? RateFactor, int? MaxRollBacks)
{
    public const string Throw = "throw";
    public const string Stop = "stop";
    public const string RollBack = "rollback";

    /// <summary>What --on-nan takes.</summary>
    public static string[] Policies => [Throw, Stop, RollBack];

    /// <summary>The choice as the library takes it.</summary>
    public TerminateOnNaN<T> Callback<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TerminateOnNaN<T> general = new(Policy switch { Throw => NonFinitePolicy.Throw, Stop => NonFinitePolicy.Stop, _ => NonFinitePolicy.RollBack });
        return new(general.Policy) { RateFactor = RateFactor ?? general.RateFactor, MaxRollBacks = MaxRollBacks ?? general.MaxRollBacks };
    }
}

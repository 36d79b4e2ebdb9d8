using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Starting;

/// <summary>What a launch of bench/SimdNet.Startup tells, in the order in which it does.</summary>
public enum StartupTime
{
    /// <summary>From the start of the process to Main.</summary>
    Main,

    /// <summary>From the start of the process to the end of the first step.</summary>
    FirstStep,

    /// <summary>From the start of the process to the first step at full speed.</summary>
    FullSpeed,

    /// <summary>Of the tenth step.</summary>
    StepTen,

    /// <summary>Of the hundredth step.</summary>
    StepHundred,

    /// <summary>Of a step two seconds later.</summary>
    LateStep,
}

/// <summary>One time of one trainer's launch.</summary>
/// <param name="Trainer">What the program calls it.</param>
/// <param name="Time">Which one.</param>
public sealed record StartupCase(string Trainer, StartupTime Time) : Case($"{Describe(Trainer)}: {Describe(Time)}", typeof(float), new(0, 0, 1, "launch"))
{
    public static IReadOnlyList<StartupCase> All { get; } = [.. ((string[])["small", "digits"]).SelectMany(trainer => Enum.GetValues<StartupTime>().Select(time => new StartupCase(trainer, time)))];

    private static string Describe(string trainer) => trainer == "small" ? "4-8-8-1, single samples" : "784-128-10, batches of 32";

    private static string Describe(StartupTime time) => time switch
    {
        StartupTime.Main => "start to Main",
        StartupTime.FirstStep => "start to the end of the first step",
        StartupTime.FullSpeed => "start to full speed",
        StartupTime.StepTen => "step 10",
        StartupTime.StepHundred => "step 100",
        _ => "a step at full speed",
    };
}

using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace SimdNet.Startup;

/// <summary>A tiny trainer that tells how long its start and its first steps took: <c>SimdNet.Startup small|digits MICROSECONDS</c>, the second the time at which it was launched, since 1970. <c>bench/run.sh Startup</c> launches it.</summary>
/// <remarks>It writes nanoseconds, with tabs between: from the launch to Main, to the end of the first step and to the first step at full speed; of the tenth step, of the hundredth, and of one at full speed.</remarks>
internal static class Program
{
    /// <summary>Steps that are looked at one by one from the first on.</summary>
    private const int Early = 1_000;

    /// <summary>Steps that stand for full speed.</summary>
    private const int Late = 1_000;

    /// <summary>Steps whose median tells the speed at a step: one alone may be interrupted.</summary>
    private const int Window = 9;

    /// <summary>What counts as full speed: caches and branch predictors settle for longer than the compiler needs.</summary>
    private const double FullSpeed = 1.25;

    /// <summary>After the early steps, for the runtime to compile again what it wants to.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public static int Main(string[] arguments)
    {
        DateTime main = DateTime.UtcNow;
        if (arguments is not [string name, string launched] || name is not ("small" or "digits") || !long.TryParse(launched, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds))
        {
            Console.Error.WriteLine("SimdNet.Startup small|digits MICROSECONDS");
            return 2;
        }

        DateTime start = DateTime.UnixEpoch.AddMicroseconds(microseconds);
        Training training = name == "small" ? Training.Small() : Training.Digits();
        training.Step();
        DateTime first = DateTime.UtcNow;
        double[] early = Times(training, Early);
        Settle(training);
        double full = Median(Times(training, Late));
        double firstStep = (first - start).TotalNanoseconds;
        Console.WriteLine(string.Join('\t', (main - start).TotalNanoseconds, firstStep, firstStep + TimeToFullSpeed(early, full), SpeedAt(early, 10), SpeedAt(early, 100), full));
        return 0;
    }

    /// <summary>Nanoseconds of each of some steps, with those of reading the clock. A TimeSpan would round to hundreds.</summary>
    private static double[] Times(Training training, int steps)
    {
        double[] times = new double[steps];
        foreach (ref double time in times.AsSpan())
        {
            long start = Stopwatch.GetTimestamp();
            training.Step();
            time = (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
        }

        return times;
    }

    /// <summary>The runtime compiles again what was called often, once nothing new was called for a while, on another thread, which needs the processor.</summary>
    private static void Settle(Training training)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Settling;)
        {
            for (int i = 0; i < Early; i++)
            {
                training.Step();
            }

            Thread.Sleep(Settling / 10);
        }
    }

    /// <summary>The time of a step, counted from 1, as the median of it and those after it. The first step is not among the times.</summary>
    private static double SpeedAt(double[] times, int step) => Median(times.AsSpan(step - 2, Window).ToArray());

    /// <summary>From the end of the first step to that of the first step at full speed; of all, where none is.</summary>
    private static double TimeToFullSpeed(double[] times, double full)
    {
        double elapsed = 0;
        for (int step = 2; step - 2 + Window <= times.Length; step++)
        {
            elapsed += times[step - 2];
            if (SpeedAt(times, step) <= FullSpeed * full)
            {
                return elapsed;
            }
        }

        return elapsed;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}

using System;
using System.Diagnostics;
using System.Linq;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A process that trains a <see cref="ResumeCase"/>, and kills itself once a checkpoint of a step is on the disk; or one that goes on from there, and writes what <see cref="ResumeCase.Bits"/> says.</summary>
internal static class ResumeProcess
{
    public const string Name = "resume";

    /// <summary>The step at which it goes on.</summary>
    public const string GoesOn = "on";

    /// <param name="name">The case.</param>
    /// <param name="folder">Of the checkpoints; it exists.</param>
    /// <param name="step">The step after which it dies, or <see cref="GoesOn"/>.</param>
    public static void Run(string name, string folder, string step)
    {
        ResumeCase one = ResumeCase.All.First(one => one.Name == name);
        if (step == GoesOn)
        {
            Trainer<float> resumed = Trainer<float>.Resume(folder, one.Resume);
            Console.Out.WriteLine(resumed.Steps);
            Console.Out.Write(ResumeCase.Bits(resumed, resumed.Fit(one.Data<float>(), one.Fit<float>())));
            return;
        }

        Trainer<float> trainer = one.Begin<float>();
        trainer.Disk = new LastDisk(1);
        try
        {
            trainer.Fit(one.Data<float>(), one.Fit<float>(new(folder) { EverySteps = int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) }));
        }
        catch (KilledException)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
        }
    }
}

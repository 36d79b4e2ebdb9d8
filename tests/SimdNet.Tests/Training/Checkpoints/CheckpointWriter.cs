using System;
using System.IO;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A process that writes one checkpoint after the other, and acknowledges each on its standard output with the steps that it holds. It first acknowledges what it found.</summary>
internal static class CheckpointWriter
{
    public const string Name = "checkpoint-writer";

    /// <summary>A seeded fault: the file is written over where it is.</summary>
    public const string InPlace = "in-place";

    public static void Run(string folder, string way)
    {
        Trainer<float> trainer = Checkpoint.Exists(folder) ? Trainer<float>.Resume(folder) : new(NetworkSpec.Parse("300,1000:relu,10:softmax").Build<float>(), Loss.CrossEntropy, new Sgd { Momentum = 0.9 });
        float[] x = new float[300];
        if (way == InPlace)
        {
            trainer.SaveCheckpoint(folder);
            string path = Checkpoint.ReadInfo(folder).Path;
            byte[] bytes = File.ReadAllBytes(path);
            while (true)
            {
                File.WriteAllBytes(path, bytes);
                Console.Out.WriteLine(trainer.Steps);
            }
        }

        Console.Out.WriteLine(trainer.Steps);
        while (true)
        {
            trainer.Step(x, (int)(trainer.Steps % 10));
            trainer.SaveCheckpoint(folder);
            Console.Out.WriteLine(trainer.Steps);
        }
    }
}

using System.IO;

using SimdNet.Bench.Training;

namespace SimdNet.Bench.Python;

/// <summary>A pool of samples as NPY files that scripts read: the numbers that <see cref="Samples"/> gives to the benchmarks.</summary>
internal sealed class SampleFiles
{
    private SampleFiles(string folder)
    {
        Inputs = Path.Combine(folder, "inputs.npy");
        Labels = Path.Combine(folder, "labels.npy");
        Targets = Path.Combine(folder, "targets.npy");
    }

    /// <summary>[pool × inputs].</summary>
    public string Inputs { get; }

    /// <summary>[pool].</summary>
    public string Labels { get; }

    /// <summary>[pool × outputs].</summary>
    public string Targets { get; }

    /// <summary>Writes them below a folder, once for each kind of pool.</summary>
    public static SampleFiles Of(NetworkTask task, string folder)
    {
        NetworkSpec spec = task.Spec;
        folder = Path.Combine(folder, $"{task.Pool}x{spec.Inputs}x{spec.Outputs}x{task.Zeros:0.00}");
        SampleFiles files = new(folder);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Samples samples = new(spec, task.Pool, task.Pool, task.Zeros);
            NpyFile.Write<float>(files.Inputs, samples.Next(), task.Pool, spec.Inputs);
            NpyFile.Write(files.Labels, samples.Labels, task.Pool);
            NpyFile.Write(files.Targets, samples.Targets, task.Pool, spec.Outputs);
        }

        return files;
    }
}

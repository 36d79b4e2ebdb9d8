using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A process that dies and another that goes on end in the bits of this one, which did neither: with every optimizer, with dropout, batch norm, schedules and early stopping, in mid-epoch where there is one.</summary>
public sealed class ResumeProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    /// <summary>A case of each optimizer, and of what else has a state. Those of full batches have no step in mid-epoch.</summary>
    public static TheoryData<string, int> Cases => new()
    {
        { "single steps with momentum", 100 },
        { "nesterov", 11 },
        { "rmsprop", 13 },
        { "adagrad", 14 },
        { "adam", 18 },
        { "adamw", 19 },
        { "nadam", 21 },
        { "rprop", 2 },
        { "lbfgs", 2 },
        { "dropout", 13 },
        { "batchnorm", 10 },
        { "one-cycle", 17 },
        { "plateau", 16 },
        { "early stopping", 5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_new_process_goes_on_to_the_same_bits(string name, int step)
    {
        ResumeCase one = ResumeCase.All.First(one => one.Name == name);
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        Assert.InRange(step, 1, whole.Steps - 1);

        DotnetProcess dying = Run(name, $"{step}");
        Assert.True(dying.ExitCode is not 0 and not null && dying.Error.Length == 0, dying.ToString());
        Assert.Single(System.IO.Directory.GetFiles(_folder.Path));

        DotnetProcess resumed = Run(name, ResumeProcess.GoesOn);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal($"{step}\n{expected}", resumed.Output.Replace("\r", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_optimizer_is_among_them() => Assert.Equal(
        typeof(Optimizer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)) && !type.IsAbstract).Select(type => type.Name).Order(),
        Cases.Select<object[], string>(row => ResumeCase.All.First(one => one.Name == (string)row[0]).Optimizer.GetType().Name).Distinct().Order());

    private DotnetProcess Run(string name, string step) =>
        DotnetProcess.Run("SimdNet.Tests.dll", _folder.Path, [], [ResumeProcess.Name, name, _folder.Path, step], Watchdog.Limit);
}

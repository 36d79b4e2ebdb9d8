using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using SimdNet.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.HostileCalls;

/// <summary>Every public method, constructor and setter, called with null, nothing, NaN, negative and huge numbers and lengths that do not fit: it returns or throws what is documented, and has written nothing where it throws for its arguments.</summary>
public sealed class HostileCallTests : IDisposable
{
    /// <summary>What the library hands out: records that hold what they are given, and are handed to nothing.</summary>
    private static readonly HashSet<string> Results =
    [
        nameof(EpochResult), nameof(Evaluation), nameof(FitProgress), nameof(FoldResult), nameof(GradientCheckTensor), nameof(GradientComparison), nameof(LayerNorms), nameof(LearningCurvePoint), nameof(MetricSummary),
        nameof(ModelInfo), nameof(NonFiniteReport), nameof(ParameterInfo), nameof(Trial), "CsvInputs`1",
    ];

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Types() => [.. PublicTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_hostile_call_is_refused_by_a_typed_exception_before_anything_is_written(string type)
    {
        List<string> faults = FaultsOf(PublicTypes().Single(known => known.FullName == type));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Negative control.</summary>
    [Fact]
    public void Faults_are_noticed()
    {
        List<string> faults = FaultsOf(typeof(Faulty));
        Assert.Contains(faults, fault => fault.Contains("Length(String text)", StringComparison.Ordinal) && fault.Contains(nameof(NullReferenceException), StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("First(", StringComparison.Ordinal) && fault.Contains(nameof(IndexOutOfRangeException), StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("Clear(", StringComparison.Ordinal) && fault.Contains("writes before it throws", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("Room(", StringComparison.Ordinal) && fault.Contains(nameof(OverflowException), StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("Foreign(", StringComparison.Ordinal) && fault.Contains(nameof(ArgumentNullException), StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains("Sound(", StringComparison.Ordinal));
    }

    private List<string> FaultsOf(Type type)
    {
        List<string> faults = [];
        string at = type.Name;
        Thread thread = new(() =>
        {
            HostileArguments arguments = new(_folder);
            foreach (HostileCall call in HostileCall.Of(type, arguments))
            {
                at = call.Name;
                faults.AddRange(call.Faults(new Random(3), Long.Count(60, 3_000)));
            }
        })
        { IsBackground = true };
        thread.Start();
        return Watchdog.Wait(thread.Join, Watchdog.Limit) ? faults : [$"{at} hangs"];
    }

    private static IEnumerable<Type> PublicTypes() => typeof(NetworkSpec).Assembly.GetExportedTypes().Concat(typeof(CsvFile).Assembly.GetExportedTypes())
        .Where(type => !type.IsEnum && !type.IsInterface && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type) && !Results.Contains(type.Name));

    private static class Faulty
    {
        public static int Length(string text) => text.Length;

        public static float First(ReadOnlySpan<float> values) => values[0];

        public static void Clear(Span<float> values, int count)
        {
            values.Clear();
            ArgumentOutOfRangeException.ThrowIfNegative(count);
        }

        public static float[] Room(int rows, int columns) => new float[checked(rows * columns)];

        public static void Foreign(string text) => Record.Exception(text is null ? null! : () => { });

        public static int Sound(string text, int count)
        {
            ArgumentNullException.ThrowIfNull(text);
            return Math.Max(count, text.Length);
        }
    }
}

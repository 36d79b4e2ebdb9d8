using System.Linq;
using System.Text.Json;

namespace SimdNet.Bench.Results;

/// <summary>A suite's results for programs: the same numbers, unrounded, with the samples.</summary>
internal static class JsonReport
{
    /// <summary>Raised when a field changes its meaning.</summary>
    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(SuiteResult result) => JsonSerializer.Serialize(
        new
        {
            Version,
            result.Suite,
            Date = result.Date.UtcDateTime,
            Seconds = result.Duration.TotalSeconds,
            result.Machine.Processor,
            result.Machine.Cores,
            result.Machine.OperatingSystem,
            result.Machine.Runtime,
            result.Machine.Library,
            result.Machine.Kernels,
            result.Machine.Knobs,
            PeakGflops = result.Peaks,
            Peers = result.Peers.Where(peer => peer.Presence.IsPresent).ToDictionary(peer => peer.Name, peer => peer.Presence.Text),
            Absent = result.Peers.Where(peer => !peer.Presence.IsPresent).ToDictionary(peer => peer.Name, peer => peer.Presence.Text),
            Results = result.Results.Select(item => new
            {
                Case = item.Case.Name,
                item.Case.Precision,
                item.Implementation,
                item.MedianNs,
                item.SpreadPercent,
                item.AllocatedBytes,
                item.Case.Work.Flops,
                item.Case.Work.Bytes,
                item.Case.Work.Items,
                item.Case.Work.Item,
                item.SamplesNs,
            }),
        },
        Options) + "\n";
}

using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SimdNet.Bench.Results;

/// <summary>A suite's results for programs: the same numbers, unrounded, with the samples.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(SuiteResult result) => JsonSerializer.Serialize(result, Options) + "\n";

    /// <exception cref="InvalidDataException">It is of another version, or no such text.</exception>
    public static SuiteResult Read(string text, string name)
    {
        try
        {
            using (JsonDocument document = JsonDocument.Parse(text))
            {
                if (document.RootElement.GetProperty("version").GetInt32() is int version && version != SuiteResult.CurrentVersion)
                {
                    throw new InvalidDataException($"{name} is of version {version}, measured in another way than version {SuiteResult.CurrentVersion}, which is what can be read.");
                }
            }

            return JsonSerializer.Deserialize<SuiteResult>(text, Options) ?? throw new InvalidDataException($"{name} holds no results.");
        }
        catch (System.Exception error) when (error is JsonException or System.Collections.Generic.KeyNotFoundException or System.InvalidOperationException)
        {
            throw new InvalidDataException($"{name} holds no results of a suite: {error.Message}", error);
        }
    }
}

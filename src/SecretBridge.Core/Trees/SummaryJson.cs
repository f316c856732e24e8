using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>Reads summaries back from JSON, as other jobs of a pipeline hand them over.</summary>
internal static class SummaryJson
{
    /// <summary>Reads a <see cref="CopySummary"/> or a <see cref="ComparisonSummary"/>.</summary>
    /// <exception cref="BridgeException">It is neither (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static object Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement summary = document.RootElement;
            return summary.TryGetProperty(nameof(ComparisonSummary.ReferenceUri), out _) ? Comparison(summary) : Copy(summary);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "InputObject", "It is no summary of a copy or a comparison. Keep those with ConvertTo-Json or Export-Clixml.", exception);
        }
    }

    private static CopySummary Copy(JsonElement summary) => new()
    {
        DestinationUri = summary.TryGetProperty(nameof(CopySummary.DestinationUri), out JsonElement place) ? place.GetString() : null,
        Created = Number(summary, nameof(CopySummary.Created)),
        Updated = Number(summary, nameof(CopySummary.Updated)),
        Unchanged = Number(summary, nameof(CopySummary.Unchanged)),
        Skipped = Number(summary, nameof(CopySummary.Skipped)),
        Conflict = Number(summary, nameof(CopySummary.Conflict)),
        Failed = Number(summary, nameof(CopySummary.Failed)),
        Deleted = Number(summary, nameof(CopySummary.Deleted)),
        Verified = Number(summary, nameof(CopySummary.Verified)),
        NumberPrecision = Number(summary, nameof(CopySummary.NumberPrecision)),
        Lossy = Number(summary, nameof(CopySummary.Lossy)),
        VersionsCopied = Number(summary, nameof(CopySummary.VersionsCopied)),
        Warnings = Number(summary, nameof(CopySummary.Warnings)),
        Resumed = Number(summary, nameof(CopySummary.Resumed)),
        Shard = summary.GetProperty(nameof(CopySummary.Shard)).GetString(),
        Planned = summary.GetProperty(nameof(CopySummary.Planned)).GetBoolean(),
        Duration = Duration(summary.GetProperty(nameof(CopySummary.Duration))),
    };

    private static ComparisonSummary Comparison(JsonElement summary) => new()
    {
        ReferenceUri = summary.GetProperty(nameof(ComparisonSummary.ReferenceUri)).GetString()!,
        DifferenceUri = summary.GetProperty(nameof(ComparisonSummary.DifferenceUri)).GetString()!,
        Equal = Number(summary, nameof(ComparisonSummary.Equal)),
        Different = Number(summary, nameof(ComparisonSummary.Different)),
        OnlyReference = Number(summary, nameof(ComparisonSummary.OnlyReference)),
        OnlyDifference = Number(summary, nameof(ComparisonSummary.OnlyDifference)),
        Unreadable = Number(summary, nameof(ComparisonSummary.Unreadable)),
        NumberPrecision = Number(summary, nameof(ComparisonSummary.NumberPrecision)),
        OneSided = summary.GetProperty(nameof(ComparisonSummary.OneSided)).GetBoolean(),
        OneWay = summary.GetProperty(nameof(ComparisonSummary.OneWay)).GetBoolean(),
        Shard = summary.GetProperty(nameof(ComparisonSummary.Shard)).GetString(),
        OtherShards = Number(summary, nameof(ComparisonSummary.OtherShards)),
        Completed = summary.GetProperty(nameof(ComparisonSummary.Completed)).GetBoolean(),
        Duration = Duration(summary.GetProperty(nameof(ComparisonSummary.Duration))),
    };

    private static long Number(JsonElement summary, string name) => summary.GetProperty(name).GetInt64();

    // ConvertTo-Json writes a time span as text or as its parts, by its version.
    private static TimeSpan Duration(JsonElement duration) => duration.ValueKind == JsonValueKind.String
        ? TimeSpan.Parse(duration.GetString()!, CultureInfo.InvariantCulture)
        : TimeSpan.FromTicks(duration.GetProperty("Ticks").GetInt64());
}

using System.Text.Json;
using SecretBridge.Reporting;

namespace SecretBridge.Trees;

/// <summary>
/// What a copy would do, to be looked at, kept and given back. It holds references, versions and options, and no value. Written
/// as JSON by ConvertTo-Json -Depth 5 it can be read again.
/// </summary>
public sealed record CopyPlan
{
    /// <summary>The version of this form that is written.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of this form.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The folder below which everything would land.</summary>
    public required string DestinationUri { get; init; }

    /// <summary>How it would be copied, by the names of options.</summary>
    public required Dictionary<string, string> Options { get; init; }

    /// <summary>Which stores it is of, by their roots: cluster, namespace and mount. A plan holds for no others.</summary>
    public required Dictionary<string, string> Stores { get; init; }

    /// <summary>What would become of each secret. Those with the action Created or Updated are what the plan does.</summary>
    public required IReadOnlyList<CopyResult> Items { get; init; }

    /// <summary>The plan of a copy that was only planned.</summary>
    internal static CopyPlan Of(CopyOptions options, SubtreeCopy copy, IReadOnlyList<CopyResult> rows) => new()
    {
        Created = options.Time.GetUtcNow(),
        DestinationUri = options.DestinationUri,
        Options = new(RunSettings.Of(options), StringComparer.Ordinal),
        Stores = new(copy.Stores, StringComparer.Ordinal),
        Items = rows,
    };

    /// <summary>Reads a plan.</summary>
    /// <param name="utf8">The plan as JSON.</param>
    /// <param name="name">What it was read from, for errors.</param>
    /// <exception cref="BridgeException">It is no plan (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    public static CopyPlan Read(ReadOnlyMemory<byte> utf8, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
            JsonElement plan = json.RootElement;
            return plan.GetProperty(nameof(Format)).GetInt32() != CurrentFormat
                ? throw new FormatException("it was made by a later version of SecretBridge")
                : new()
                {
                    Created = plan.GetProperty(nameof(Created)) is { ValueKind: JsonValueKind.String } created && created.TryGetDateTimeOffset(out DateTimeOffset time) ? time : default,
                    DestinationUri = plan.GetProperty(nameof(DestinationUri)).GetString()!,
                    Options = Pairs(plan.GetProperty(nameof(Options))),
                    Stores = Pairs(plan.GetProperty(nameof(Stores))),
                    Items = plan.GetProperty(nameof(Items)).EnumerateArray().Select(Item).ToArray(),
                };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, name,
                $"'{name}' is no plan of a copy: {exception.Message}. Make one with -AsPlan, and keep it with ConvertTo-Json -Depth 5.", exception);
        }
    }

    private static Dictionary<string, string> Pairs(JsonElement pairs) =>
        pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal);

    private static CopyResult Item(JsonElement item) => new()
    {
        Uri = item.GetProperty(nameof(CopyResult.Uri)).GetString()!,
        Destination = item.GetProperty(nameof(CopyResult.Destination)).GetString(),
        Root = item.GetProperty(nameof(CopyResult.Root)).GetString()!,
        RelativePath = item.GetProperty(nameof(CopyResult.RelativePath)).GetString()!,
        Action = Action(item.GetProperty(nameof(CopyResult.Action))),
        Planned = item.GetProperty(nameof(CopyResult.Planned)).GetBoolean(),
        SourceVersion = Number(item.GetProperty(nameof(CopyResult.SourceVersion))),
        DestinationVersion = Number(item.GetProperty(nameof(CopyResult.DestinationVersion))),
        VersionsCopied = item.GetProperty(nameof(CopyResult.VersionsCopied)).GetInt32(),
        MetadataChanged = item.GetProperty(nameof(CopyResult.MetadataChanged)).GetBoolean(),
        Reason = item.GetProperty(nameof(CopyResult.Reason)).GetString(),
    };

    // ConvertTo-Json writes an enumeration's number, with -EnumsAsStrings its name, and of one out of CLIXML an object of both.
    private static CopyAction Action(JsonElement action) => action.ValueKind switch
    {
        JsonValueKind.String => Enum.Parse<CopyAction>(action.GetString()!),
        JsonValueKind.Object => Action(action.GetProperty("value")),
        _ when Enum.IsDefined((CopyAction)action.GetInt32()) => (CopyAction)action.GetInt32(),
        _ => throw new FormatException("it has an action that is not known"),
    };

    private static int? Number(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : number.GetInt32();
}

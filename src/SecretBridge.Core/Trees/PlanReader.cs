using System.Text.Json;

namespace SecretBridge.Trees;

/// <summary>Reads a plan that was kept as JSON, and may have been changed by hand: what cannot be read is told by its field.</summary>
internal static class PlanReader
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="FormatException">It is no plan.</exception>
    internal static CopyPlan Read(ReadOnlyMemory<byte> utf8)
    {
        using var json = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
        JsonElement plan = json.RootElement;
        return Field(plan, null, nameof(CopyPlan.Format), format => format.GetInt32()) != CopyPlan.CurrentFormat
            ? throw new FormatException("it was made by a later version of SecretBridge")
            : new()
            {
                Created = Field(plan, null, nameof(CopyPlan.Created), Time),
                DestinationUri = Field(plan, null, nameof(CopyPlan.DestinationUri), Text),
                Options = Field(plan, null, nameof(CopyPlan.Options), Pairs),
                Stores = Field(plan, null, nameof(CopyPlan.Stores), Pairs),
                Items = Field(plan, null, nameof(CopyPlan.Items), items => items.EnumerateArray().ToArray()).Select(Item).ToArray(),
            };
    }

    private static CopyResult Item(JsonElement item, int index) => new()
    {
        Uri = Field(item, index, nameof(CopyResult.Uri), Text),
        Destination = Field(item, index, nameof(CopyResult.Destination), text => text.GetString()),
        Root = Field(item, index, nameof(CopyResult.Root), Text),
        RelativePath = Field(item, index, nameof(CopyResult.RelativePath), Text),
        Action = Field(item, index, nameof(CopyResult.Action), Action),
        Planned = Field(item, index, nameof(CopyResult.Planned), planned => planned.GetBoolean()),
        SourceVersion = Field(item, index, nameof(CopyResult.SourceVersion), Number),
        DestinationVersion = Field(item, index, nameof(CopyResult.DestinationVersion), Number),
        VersionsCopied = Field(item, index, nameof(CopyResult.VersionsCopied), count => count.GetInt32()),
        MetadataChanged = Field(item, index, nameof(CopyResult.MetadataChanged), changed => changed.GetBoolean()),
        Reason = Field(item, index, nameof(CopyResult.Reason), text => text.GetString()),
    };

    private static T Field<T>(JsonElement parent, int? index, string name, Func<JsonElement, T> read)
    {
        bool isThere = false;
        try
        {
            isThere = parent.TryGetProperty(name, out JsonElement value);
            return isThere ? read(value) : throw new FormatException();
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            string field = index is null ? name : FormattableString.Invariant($"Items[{index}].{name}");
            throw new FormatException($"its field {field} {(isThere ? "is none that a plan has" : "is missing")}", exception);
        }
    }

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException();

    private static DateTimeOffset Time(JsonElement time) =>
        time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out DateTimeOffset read) ? read : default;

    private static Dictionary<string, string> Pairs(JsonElement pairs) =>
        pairs.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal);

    // ConvertTo-Json writes an enumeration's number, with -EnumsAsStrings its name, and of one out of CLIXML an object of both.
    private static CopyAction Action(JsonElement action) => action.ValueKind switch
    {
        JsonValueKind.String => RunSettings.Known<CopyAction>(action.GetString()!),
        JsonValueKind.Object => Action(action.GetProperty("value")),
        _ when Enum.IsDefined((CopyAction)action.GetInt32()) => (CopyAction)action.GetInt32(),
        _ => throw new FormatException(),
    };

    private static int? Number(JsonElement number) => number.ValueKind == JsonValueKind.Null ? null : number.GetInt32();
}

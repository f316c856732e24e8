using System.Globalization;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>What decides the outcome of a copy, as named texts: a journal and a plan keep them, and hold for no other run.</summary>
internal static class RunSettings
{
    internal static SortedDictionary<string, string> Of(CopyOptions options) => new(StringComparer.Ordinal)
    {
        ["conflict"] = options.Conflict.ToString(),
        ["version"] = options.Version.ToString(),
        ["keepVersionNumber"] = Text(options.KeepVersionNumber),
        ["deletedVersion"] = options.DeletedVersion.ToString(),
        ["includeMetadata"] = Text(options.IncludeMetadata),
        ["includeMountConfig"] = Text(options.IncludeMountConfig),
        ["tag"] = JsonSerializer.Serialize(new SortedDictionary<string, string>(options.Tag.ToDictionary(), StringComparer.Ordinal)),
        ["description"] = options.Description ?? "",
        ["maxVersions"] = options.MaxVersions.ToString(CultureInfo.InvariantCulture),
        ["recordSource"] = Text(options.RecordSource),
        ["allowPrecisionLoss"] = Text(options.AllowPrecisionLoss),
        ["verify"] = Text(options.Verify),
        ["mirror"] = Text(options.Mirror),
        ["shard"] = options.Shard?.ToString() ?? "",
        ["include"] = JsonSerializer.Serialize(options.Include),
        ["exclude"] = JsonSerializer.Serialize(options.Exclude),
        ["map"] = JsonSerializer.Serialize(options.Map.Select(rule => new[] { rule.Source, rule.Transform is null ? rule.Destination : "(script)" })),
    };

    /// <summary>What decides how each secret is copied; what decides which secrets are copied, a plan's items say.</summary>
    /// <exception cref="BridgeException">A text is none that <see cref="Of"/> makes (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static CopyOptions Apply(IReadOnlyDictionary<string, string> settings, CopyOptions options)
    {
        try
        {
            return options with
            {
                Conflict = Enum.Parse<ConflictPolicy>(settings["conflict"]),
                Version = VersionSelection.Parse(settings["version"]),
                KeepVersionNumber = bool.Parse(settings["keepVersionNumber"]),
                DeletedVersion = Enum.Parse<DeletedVersionPolicy>(settings["deletedVersion"]),
                IncludeMetadata = bool.Parse(settings["includeMetadata"]),
                IncludeMountConfig = bool.Parse(settings["includeMountConfig"]),
                Tag = JsonSerializer.Deserialize<Dictionary<string, string>>(settings["tag"]) ?? [],
                Description = settings["description"] is { Length: > 0 } description ? description : null,
                MaxVersions = int.Parse(settings["maxVersions"], NumberStyles.None, CultureInfo.InvariantCulture),
                RecordSource = bool.Parse(settings["recordSource"]),
                AllowPrecisionLoss = bool.Parse(settings["allowPrecisionLoss"]),
                Verify = options.Verify || bool.Parse(settings["verify"]),
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or ArgumentException or JsonException or BridgeException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, "Plan", $"The options of the plan cannot be understood: {exception.Message}", exception);
        }
    }

    /// <summary>Which store it is, as one text.</summary>
    internal static string Text(StoreIdentity identity) => identity.Text;

    private static string Text(bool value) => value.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
}

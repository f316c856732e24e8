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
    /// <param name="settings">What <see cref="Of"/> made.</param>
    /// <param name="options">What they are laid over.</param>
    /// <param name="plan">Where they stand, for errors.</param>
    /// <exception cref="BridgeException">A text is none that <see cref="Of"/> makes (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static CopyOptions Apply(IReadOnlyDictionary<string, string> settings, CopyOptions options, string plan)
    {
        return options with
        {
            Conflict = Setting("conflict", Known<ConflictPolicy>),
            Version = Setting("version", VersionSelection.Parse),
            KeepVersionNumber = Setting("keepVersionNumber", bool.Parse),
            DeletedVersion = Setting("deletedVersion", Known<DeletedVersionPolicy>),
            IncludeMetadata = Setting("includeMetadata", bool.Parse),
            IncludeMountConfig = Setting("includeMountConfig", bool.Parse),
            Tag = Setting("tag", text => JsonSerializer.Deserialize<Dictionary<string, string>>(text) ?? []),
            Description = Setting("description", text => text.Length > 0 ? text : null),
            MaxVersions = Setting("maxVersions", text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)),
            RecordSource = Setting("recordSource", bool.Parse),
            AllowPrecisionLoss = Setting("allowPrecisionLoss", bool.Parse),
            Verify = Setting("verify", bool.Parse) || options.Verify,
        };

        T Setting<T>(string name, Func<string, T> read)
        {
            try
            {
                return read(settings[name]);
            }
            catch (Exception exception) when (exception is KeyNotFoundException or FormatException or OverflowException or ArgumentException or JsonException or BridgeException)
            {
                throw new BridgeException(FaultKind.InvalidConfiguration, plan, $"The plan '{plan}' cannot be understood: its Options.{name} {(settings.ContainsKey(name) ? "is none that a copy has" : "is missing")}.", exception);
            }
        }
    }

    /// <summary>Which store it is, as one text.</summary>
    internal static string Text(StoreIdentity identity) => identity.Text;

    /// <summary>Reads the name of an enumeration's member; a number is none.</summary>
    /// <exception cref="FormatException">There is no such member.</exception>
    internal static T Known<T>(string name)
        where T : struct, Enum =>
        Enum.TryParse(name, out T value) && Enum.IsDefined(value) && value.ToString() == name ? value : throw new FormatException("it is not known");

    private static string Text(bool value) => value.ToString(CultureInfo.InvariantCulture).ToLowerInvariant();
}

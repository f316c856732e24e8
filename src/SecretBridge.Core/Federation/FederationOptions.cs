using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Federation;

/// <summary>A federation backend to make.</summary>
public sealed record FederationOptions
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of server it is.</summary>
    public string Type { get; init; } = "hashicorp-vault";

    /// <summary>The address of the server, as ScaiVault reaches it.</summary>
    public required string Address { get; init; }

    /// <summary>The namespace there; null for the root.</summary>
    public string? Namespace { get; init; }

    /// <summary>How ScaiVault logs in there: <c>token</c>, <c>approle</c> or <c>kubernetes</c>; null to leave it out.</summary>
    public string? AuthMethod { get; init; }

    /// <summary>The path, on ScaiVault's side, of the file with the login; null to leave it out.</summary>
    public string? AuthConfigPath { get; init; }

    /// <summary>Whether ScaiVault shall check the server's certificate; null to leave it out.</summary>
    public bool? TlsVerify { get; init; }

    /// <summary>Further members of the configuration, which may be secret; null for none. They win over those above.</summary>
    public SecretPayload? Config { get; init; }

    /// <summary>Which paths lead where, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> PathMap { get; init; } = [];

    /// <summary>How ScaiVault uses it at first.</summary>
    public required string Mode { get; init; }

    /// <summary>Whether to stop before the request and only say what it would do.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>Who is told once it is made.</summary>
    public IAuditSink Audit { get; init; } = NoAudit.Instance;

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        if (Name.Length == 0 || Mode.Length == 0 || Type.Length == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Name", "A federation backend needs a name, a type and a mode.");
        }

        // It goes to another server in a plain member: what looks like a password does not belong there.
        _ = VaultAddress.Parse(Address);
        if (PathMap.GroupBy(rule => rule.Key, StringComparer.Ordinal).FirstOrDefault(rules => rules.Count() > 1) is { } twice)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Map", $"The map has two rules for '{twice.Key}'.");
        }
    }

    /// <summary>Writes the members of the configuration, secret ones too.</summary>
    internal void WriteConfig(Utf8JsonWriter writer)
    {
        IReadOnlyDictionary<string, SealedValue> more = Config?.ToDictionary() ?? new Dictionary<string, SealedValue>();
        foreach ((string name, string? value) in new[]
        {
            ("endpoint", VaultAddress.Parse(Address).Text),
            ("namespace", Namespace),
            ("auth_method", AuthMethod),
            ("auth_config_path", AuthConfigPath),
        })
        {
            if (value is not null && !more.ContainsKey(name))
            {
                writer.WriteString(name, value);
            }
        }

        if (TlsVerify is { } verify && !more.ContainsKey("tls_verify"))
        {
            writer.WriteBoolean("tls_verify"u8, verify);
        }

        foreach ((string name, SealedValue value) in more)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.Json, skipInputValidation: true);
        }
    }
}

using System.Collections.Specialized;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Federation;

/// <summary>Reads ScaiVault's audit log.</summary>
/// <param name="scaiVault">The connection.</param>
public sealed class ScaiVaultAudit(ScaiVaultBackend scaiVault)
{
    private static readonly string[] Lists = ["logs", "data", "events", "entries", "items", "results"];

    /// <summary>What an identity has done.</summary>
    /// <param name="identityId">The identity.</param>
    /// <param name="from">The earliest time; null for as far back as the server tells.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="BridgeException">The server refused, or its answer holds no list.</exception>
    public async Task<IReadOnlyList<ScaiVaultAuditEvent>> ReadAsync(string identityId, DateTimeOffset? from, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(identityId);
        VaultRequest request = ScaiVaultRequests.AuditLogs(identityId, from);
        VaultReply reply = await scaiVault.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(reply.Body, new() { MaxDepth = ReplyEnvelope.Options.MaxDepth });
        JsonElement list = Lists.Select(name => document.RootElement.TryGetProperty(name, out JsonElement member) ? member : default)
            .FirstOrDefault(member => member.ValueKind == JsonValueKind.Array);
        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).Select(entry => Event(identityId, entry)).ToArray()
            : throw new VaultException(FaultKind.MalformedReply, request, $"{request}: the reply holds no list of audit entries (status {reply.Status}).");
    }

    // A text that holds half a character is none to .NET: it is shown as it was sent.
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }

    private ScaiVaultAuditEvent Event(string identityId, JsonElement entry)
    {
        var fields = new OrderedDictionary(StringComparer.Ordinal);
        foreach (JsonProperty member in entry.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                fields[member.Name] = TextOf(member.Value);
            }
        }

        return new()
        {
            IdentityId = identityId,
            Time = DateTimeOffset.TryParse(First("timestamp", "time"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null,
            Action = First("action", "operation", "event", "event_type"),
            Path = First("path", "resource"),
            Fields = fields.AsReadOnly(),
            Backend = scaiVault.Name,
        };

        string? First(params string[] names) => names.Select(name => fields[name] as string).FirstOrDefault(text => text is not null);
    }
}

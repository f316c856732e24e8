using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>What ScaiVault's migration guide documents, to the letter.</summary>
internal sealed class ScaiVaultApi(DevScaiVaultServer server)
{
    private readonly object _lock = new();

    public static string Error(string code, string message) =>
        Encoding.UTF8.GetString(GoJson.Serialize(new JsonFields { ["error"] = code, ["message"] = message }));

    public (int Status, string Body) Handle(RequestRecord request, byte[] body)
    {
        lock (_lock)
        {
            try
            {
                return (request.Method, request.Path.Split('/')) switch
                {
                    ("GET", ["secrets", _, ..]) when request.Query.Length == 0 => Get(request.Path["secrets/".Length..]),
                    ("PUT", ["secrets", _, ..]) when request.Query.Length == 0 => Put(request.Path["secrets/".Length..], Parse(body)),
                    ("POST", ["federation", "backends"]) => Post(Parse(body)),
                    ("PATCH", ["federation", "backends", var id]) => Patch(id, Parse(body)),
                    ("GET", ["audit", "logs"]) => Logs(request.Query),
                    _ => Unknown(request),
                };
            }
            catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException)
            {
                return (400, Error("invalid_request", wrong.Message));
            }
        }
    }

    private static JsonElement Parse(byte[] body) => JsonDocument.Parse(body).RootElement;

    // Members that the guide does not name are refused, so that a test sees them.
    private static void Only(JsonElement element, params string[] names)
    {
        if (element.EnumerateObject().FirstOrDefault(member => !names.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
        {
            throw new ArgumentException($"unknown member {other.Name}");
        }
    }

    private static JsonElement Needed(JsonElement element, string name, JsonValueKind kind) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == kind ? member : throw new ArgumentException($"{name} must be a {kind}");

    private (int, string) Get(string path) => server.Secrets.TryGetValue(path, out ScaiVaultSecret? secret)
        ? (200, $$"""{"data":{{secret.Json}}}""")
        : (404, Error("not_found", "secret not found"));

    private (int, string) Put(string path, JsonElement body)
    {
        Only(body, "data", "secret_type", "metadata", "options");
        string json = Needed(body, "data", JsonValueKind.Object).GetRawText();
        if (Needed(body, "secret_type", JsonValueKind.String).GetString() != "json")
        {
            throw new ArgumentException("secret_type must be json");
        }
        ScaiVaultSecret? before = server.Secrets.GetValueOrDefault(path);
        ScaiVaultSecret secret = before ?? new() { Versions = [] };
        if (body.TryGetProperty("metadata", out JsonElement metadata))
        {
            Only(metadata, "tags", "description");
            secret = secret with
            {
                Tags = Needed(metadata, "tags", JsonValueKind.Array).EnumerateArray().Select(tag => tag.GetString()!).ToArray(),
                Description = metadata.TryGetProperty("description", out JsonElement description) ? description.GetString() : null,
            };
        }
        if (body.TryGetProperty("options", out JsonElement options))
        {
            Only(options, "max_versions");
            secret = secret with { MaxVersions = Needed(options, "max_versions", JsonValueKind.Number).GetInt32() };
        }
        server.Secrets[path] = secret with { Versions = secret.Versions.Append(json).TakeLast(secret.MaxVersions).ToArray() };
        return (before is null ? 201 : 200, "{}");
    }

    private (int, string) Post(JsonElement body)
    {
        Only(body, "name", "type", "config", "path_mapping", "mode");
        string name = Needed(body, "name", JsonValueKind.String).GetString()!;
        Needed(body, "type", JsonValueKind.String);
        Needed(body, "config", JsonValueKind.Object);
        Needed(body, "path_mapping", JsonValueKind.Object);
        Needed(body, "mode", JsonValueKind.String);
        if (server.Backends.Values.Any(backend => JsonDocument.Parse(backend.Made).RootElement.GetProperty("name").GetString() == name))
        {
            return (409, Error("conflict", $"backend {name} exists"));
        }
        string id = $"fb-{server.Backends.Count + 1}";
        server.Backends[id] = new(id, body.GetRawText());
        return (201, $$"""{"id":"{{id}}","status":"active"}""");
    }

    private (int, string) Patch(string id, JsonElement body)
    {
        Only(body, "mode", "sync_interval", "conflict_resolution");
        if (!server.Backends.TryGetValue(id, out ScaiVaultBackendRecord? backend))
        {
            return (404, Error("not_found", "backend not found"));
        }
        server.Backends[id] = backend with { Changed = body.GetRawText() };
        return (200, $$"""{"id":"{{id}}","status":"active"}""");
    }

    private (int, string) Logs(string query)
    {
        Dictionary<string, string> asked = query.Split('&').Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => Uri.UnescapeDataString(part.Length > 1 ? part[1] : ""), StringComparer.Ordinal);
        string[] found = server.AuditLog.Where(line =>
        {
            JsonElement entry = JsonDocument.Parse(line).RootElement;
            return entry.GetProperty("identity_id").GetString() == asked.GetValueOrDefault("identity_id")
                && (!asked.TryGetValue("from", out string? from) || entry.GetProperty("timestamp").GetDateTimeOffset() >= DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture));
        }).ToArray();
        return (200, $$"""{"logs":[{{string.Join(',', found)}}]}""");
    }

    private (int, string) Unknown(RequestRecord request)
    {
        server.Undocumented.Enqueue($"{request.Method} {request.RawTarget}");
        return (405, Error("not_documented", "the guide documents no such call"));
    }
}

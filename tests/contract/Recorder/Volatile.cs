using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecretBridge.Contract;

/// <summary>Turns an answer into what may be committed: whatever differs from run to run, and every token, becomes its kind.</summary>
public static class Volatile
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "request_id", "cluster_name", "cluster_id", "accessor", "uuid", "client_token", "token", "entity_id", "id", "role_id",
        "secret_id", "secret_id_accessor", "wrapped_accessor", "running_plugin_version", "hash", "storage_type", "version",
    };

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "created_time", "updated_time", "deletion_time", "creation_time", "issue_time", "expire_time", "modified", "active_time",
    };

    public static JsonNode? Replace(JsonElement value, string name = "", JsonElement parent = default)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    members[member.Name] = Replace(member.Value, member.Name, value);
                }
                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => Replace(item))]);
            case JsonValueKind.String when value.GetString() != "" && Texts.Contains(name):
                return "<string>";
            case JsonValueKind.String when value.GetString() != "" && Times.Contains(name):
                return "<time>";
            case JsonValueKind.Number when name is "server_time_utc" or "creation_time"
                || (name == "ttl" && parent.TryGetProperty("creation_ttl", out _))
                || (name is "t" or "n" && parent.TryGetProperty("progress", out _)):
                return "<number>";
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }
}

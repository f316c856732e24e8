using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecretBridge.Tests.Audit.Consumers;

/// <summary>The two lines that a server logs of one request, in the shape of Vault 1.8's file device.</summary>
internal sealed record LoggedRequest(string Path)
{
    private static int _count;

    public string Operation { get; init; } = "read";

    public string Id { get; init; } = $"00000000-0000-4000-8000-{Interlocked.Increment(ref _count):x12}";

    public DateTimeOffset Time { get; init; } = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public string? Name { get; init; } = "approle";

    public string? Role { get; init; } = "web";

    public string[] Policies { get; init; } = ["app", "default"];

    public string? Entity { get; init; } = "968565a2-b7f7-5f8a-7f0e-cca474c8183f";

    public string Address { get; init; } = "10.0.0.7";

    public string? Namespace { get; init; }

    public string? MountPoint { get; init; }

    public string Token { get; init; } = "hmac-sha256:0b0371f7fdf7ed609e7e5169fb7ec6244844fe8fa1f548fadaad144bbde1e1e0";

    public string? Correlation { get; init; }

    public string? RequestError { get; init; }

    public string? ResponseError { get; init; }

    public string Request => Line("request", RequestError);

    public string Response => Line("response", ResponseError);

    public string[] Lines => [Request, Response];

    public static LoggedRequest Denied(string path) => new(path)
    {
        RequestError = "1 error occurred:\n\t* permission denied\n\n",
        ResponseError = "1 error occurred:\n\t* permission denied\n\n",
    };

    private string Line(string type, string? error)
    {
        var auth = new JsonObject { ["client_token"] = Token, ["accessor"] = "hmac-sha256:4ef7c88b0402da67b42500fe7a6219477cdf6bad5b32194592a268aa1535e57e" };
        Add(auth, "display_name", Name);
        auth["policies"] = new JsonArray([.. Policies.Select(policy => (JsonNode)policy)]);
        auth["token_policies"] = new JsonArray([.. Policies.Select(policy => (JsonNode)policy)]);
        if (Role is not null)
        {
            auth["metadata"] = new JsonObject { ["role_name"] = Role };
        }

        Add(auth, "entity_id", Entity);
        auth["token_type"] = "service";
        auth["token_ttl"] = 3600;
        var request = new JsonObject { ["id"] = Id, ["operation"] = Operation };
        Add(request, "mount_point", MountPoint);
        request["mount_type"] = "kv";
        request["client_token"] = Token;
        request["namespace"] = Namespace is null ? new JsonObject { ["id"] = "root" } : new JsonObject { ["id"] = "x7Yc2", ["path"] = Namespace };
        request["path"] = Path;
        request["remote_address"] = Address;
        if (Correlation is not null)
        {
            request["headers"] = new JsonObject { ["x-correlation-id"] = new JsonArray(Correlation) };
        }

        var line = new JsonObject
        {
            ["time"] = Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00'K", CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal),
            ["type"] = type,
            ["auth"] = auth,
            ["request"] = request,
        };
        if (type == "response")
        {
            line["response"] = new JsonObject { ["mount_type"] = "kv", ["data"] = new JsonObject { ["data"] = new JsonObject { ["path"] = "hmac-sha256:38ae51f3" } } };
        }

        Add(line, "error", error);

        // Go escapes <, > and & and nothing else that JSON lets stand.
        return line.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    private static void Add(JsonObject into, string name, string? value)
    {
        if (value is not null)
        {
            into[name] = value;
        }
    }
}

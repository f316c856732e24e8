using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>A file audit device: a line for each request and each response, in Vault's format, strings as HMACs.</summary>
internal sealed class AuditLog(string name, string path, Cluster cluster)
{
    public string Name { get; } = name;

    public JsonMap Describe() => new()
    {
        ["description"] = "",
        ["local"] = false,
        ["options"] = new JsonMap { ["file_path"] = path },
        ["path"] = Name + "/",
        ["type"] = "file",
    };

    public string Hash(string text) =>
        "hmac-sha256:" + string.Concat(HMACSHA256.HashData(cluster.AuditKey, Encoding.UTF8.GetBytes(text)).Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));

    public void Write(Call call, Reply reply)
    {
        JsonFields auth = DescribeAuth(call);
        JsonFields request = DescribeRequest(call);
        var asked = new JsonFields { ["time"] = GoTime.Format(call.Now), ["type"] = "request", ["auth"] = auth, ["request"] = request };
        var answered = new JsonFields { ["time"] = GoTime.Format(call.Now), ["type"] = "response", ["auth"] = auth, ["request"] = request };
        if (reply.IsError)
        {
            string error = GoJson.Parse(reply.Body).TryGetProperty("errors", out JsonElement errors) && errors.GetArrayLength() > 0
                ? errors[0].GetString()!
                : "unsupported path";
            answered["error"] = error;
            if (reply.Status == 403)
            {
                asked["error"] = error;
            }
        }
        else
        {
            var response = new JsonFields { ["mount_type"] = MountType(call) };
            if (reply.Data is { } data)
            {
                response["data"] = Hashed(GoJson.Parse(data.Bytes));
            }
            answered["response"] = response;
        }
        File.AppendAllLines(path, [Line(asked), Line(answered)]);
    }

    private static string Line(JsonFields entry) => Encoding.UTF8.GetString(GoJson.Serialize(entry));

    private JsonFields DescribeAuth(Call call)
    {
        if (call.Token is not { } token)
        {
            return new JsonFields { ["token_type"] = "default" };
        }
        return new JsonFields
        {
            ["client_token"] = Hash(token.Id),
            ["accessor"] = Hash(token.Accessor),
            ["display_name"] = token.DisplayName,
            ["policies"] = token.Policies,
            ["token_policies"] = token.Policies,
            ["token_type"] = token.Type,
            ["token_issue_time"] = token.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private JsonFields DescribeRequest(Call call)
    {
        var request = new JsonFields
        {
            ["id"] = call.Id,
            ["operation"] = OperationName(call.Operation),
            ["mount_type"] = MountType(call),
        };
        if (call.Token is { } token)
        {
            request["client_token"] = Hash(token.Id);
            request["client_token_accessor"] = Hash(token.Accessor);
        }
        request["namespace"] = call.Namespace.IsRoot
            ? new JsonFields { ["id"] = "root" }
            : new JsonFields { ["id"] = call.Namespace.Id, ["path"] = call.Namespace.Path };
        request["path"] = call.Path;
        if (!call.Fields.IsEmpty)
        {
            request["data"] = Hashed(call.Fields.Root);
        }
        request["remote_address"] = call.RemoteAddress;
        if (call.AuditedHeaders.Count > 0)
        {
            var headers = new JsonMap();
            foreach ((string name, string value) in call.AuditedHeaders)
            {
                headers[name] = new[] { cluster.AuditedHeaders.GetValueOrDefault(name) ? Hash(value) : value };
            }
            request["headers"] = headers;
        }
        return request;
    }

    private static string MountType(Call call)
    {
        bool isAuth = call.Path.StartsWith("auth/", StringComparison.Ordinal);
        Mount? mount = isAuth ? call.Namespace.Auth.Find(call.Path["auth/".Length..]) : call.Namespace.Mounts.Find(call.Path);
        return mount?.Type ?? "";
    }

    private static string OperationName(Operation operation) => operation switch
    {
        Operation.Create => "create",
        Operation.Update => "update",
        Operation.Delete => "delete",
        Operation.List => "list",
        Operation.Scan => "scan",
        Operation.Patch => "patch",
        _ => "read",
    };

    // Strings are hashed, numbers and booleans stand in clear: that is how Vault does it.
    private object? Hashed(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Hash(GoJson.Text(value));
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(Hashed).ToArray();
            case JsonValueKind.Object:
                var map = new JsonMap();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    map[GoJson.Name(member)] = Hashed(member.Value);
                }
                return map;
            default:
                return new RawJson(Encoding.UTF8.GetBytes(value.GetRawText()));
        }
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SecretBridge.DevVault;

/// <summary>
/// What test scripts without the library ask of a server: /devvault/requests, reset, faults, state, mount, synthetic,
/// put, demo, jwt. No token: the server listens on loopback and holds nothing of value.
/// </summary>
internal sealed class ControlEndpoints(DevVaultServer server, Cluster cluster)
{
    public async Task HandleAsync(HttpContext context, RawTarget target)
    {
        if (context.Connection.RemoteIpAddress is { } remote && !System.Net.IPAddress.IsLoopback(remote))
        {
            context.Response.StatusCode = 403;
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        object? answer;
        try
        {
            answer = Do(context.Request.Method, target.Path["/devvault/".Length..], RequestParser.Body(body.ToArray(), null, cluster.Flavour));
        }
        catch (Exception wrong) when (wrong is RefusalException or ArgumentException or InvalidOperationException)
        {
            context.Response.StatusCode = 400;
            answer = new JsonFields { ["error"] = wrong.Message };
        }
        byte[] bytes = GoJson.Serialize(answer);
        context.Response.ContentType = Reply.Json;
        await context.Response.BodyWriter.WriteAsync(bytes).ConfigureAwait(false);
    }

    private object? Do(string method, string what, RequestFields fields)
    {
        switch (what)
        {
            case "requests" when method == "GET":
                return server.Requests.All.Select(Describe).ToArray();
            case "counts" when method == "GET":
                return Counts();
            case "secrets":
                return server.Secrets(Needed(fields, "mount")).Select(Describe).ToArray();
            case "reset":
                server.Requests.Reset();
                server.Faults.Clear();
                server.State = NodeState.Active;
                break;
            case "faults" when method == "DELETE":
                server.Faults.Clear();
                break;
            case "faults":
                server.Faults.Add(FaultFrom(fields));
                break;
            case "state":
                server.State = Enum.Parse<NodeState>(Needed(fields, "state"), ignoreCase: true);
                break;
            case "mount":
                server.Mount(Needed(fields, "path"), fields.Int("version") ?? 2, fields.Text("namespace") ?? "");
                break;
            case "put":
                server.Put(Needed(fields, "mount"), Needed(fields, "path"), fields.Get("data") is { } data ? data.GetRawText() : "{}");
                break;
            case "synthetic":
                server.MountSynthetic(Needed(fields, "path"), fields.Int("folders") ?? 10, fields.Int("secrets") ?? 10, fields.Int("bytes") ?? 100, fields.Int("seed") ?? 1);
                break;
            case "demo":
                DemoTree.Plant(server, fields.Text("mount") ?? "kv", fields.Int("version") ?? 2);
                break;
            case "jwt":
                server.AcceptJwt(Needed(fields, "role"), Needed(fields, "jwt"), fields.Text("mount") ?? "kubernetes");
                break;
            default:
                throw new ArgumentException($"There is no {method} /devvault/{what}.");
        }
        return new JsonFields { ["ok"] = true };
    }

    private static string Needed(RequestFields fields, string name) => fields.Text(name) ?? throw new ArgumentException($"{name} is missing.");

    internal static Fault FaultFrom(RequestFields fields) => new()
    {
        Kind = Enum.Parse<FaultKind>(Needed(fields, "kind"), ignoreCase: true),
        Method = fields.Text("method"),
        Path = fields.Text("path"),
        Skip = fields.Int("skip") ?? 0,
        Times = fields.Has("times") ? fields.Int("times") : 1,
        Status = fields.Int("status") ?? 500,
        Body = fields.Text("body"),
        ContentType = fields.Text("contentType") ?? Reply.Json,
        Headers = fields.Map("headers") ?? [],
        Location = fields.Text("location"),
        Delay = TimeSpan.FromMilliseconds(fields.Int("delayMs") ?? 0),
    };

    private JsonMap Counts()
    {
        var counts = new JsonMap { ["total"] = server.Requests.Total };
        foreach (RequestKind kind in Enum.GetValues<RequestKind>())
        {
            counts[JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())] = server.Requests.Count(kind);
        }
        return counts;
    }

    private static JsonFields Describe(RequestRecord record) => new()
    {
        ["number"] = record.Number,
        ["method"] = record.Method,
        ["rawTarget"] = record.RawTarget,
        ["path"] = record.Path,
        ["query"] = record.Query,
        ["kind"] = record.Kind.ToString(),
        ["namespace"] = record.Namespace,
        ["status"] = record.Status,
        ["token"] = record.Token,
        ["bodyLength"] = record.BodyLength,
        ["connection"] = record.ConnectionId,
        ["fault"] = record.Fault?.ToString(),
        ["headers"] = record.Headers,
    };

    private static JsonFields Describe(StoredSecret secret) => new()
    {
        ["path"] = secret.Path,
        ["customMetadata"] = secret.CustomMetadata,
        ["versions"] = secret.Versions.Select(version => new JsonFields
        {
            ["number"] = version.Number,
            ["data"] = version.Json is { } json ? new RawJson(System.Text.Encoding.UTF8.GetBytes(json)) : null,
            ["readable"] = version.IsReadable,
            ["destroyed"] = version.IsDestroyed,
        }).ToArray(),
    };
}

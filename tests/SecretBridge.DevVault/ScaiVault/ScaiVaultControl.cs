using System.Text;

namespace SecretBridge.DevVault;

/// <summary>What test scripts without the library ask of the stand-in: state, put, log, faults, reset, below /devvault/.</summary>
internal sealed class ScaiVaultControl(DevScaiVaultServer server)
{
    public (int Status, byte[] Body) Handle(string method, string what, byte[] body)
    {
        try
        {
            return (200, GoJson.Serialize(Do(method, what, RequestParser.Body(body, null, VaultFlavour.Vault))));
        }
        catch (Exception wrong) when (wrong is RefusalException or ArgumentException or InvalidOperationException)
        {
            return (400, GoJson.Serialize(new JsonFields { ["error"] = wrong.Message }));
        }
    }

    private static RawJson Raw(string json) => new(Encoding.UTF8.GetBytes(json));

    private JsonFields Do(string method, string what, RequestFields fields)
    {
        switch (what)
        {
            case "state" when method == "GET":
                return State();
            case "put":
                server.Put(fields.Text("path")!, fields.Get("data") is { } data ? data.GetRawText() : "{}");
                break;
            case "log":
                server.AuditLog.Enqueue(fields.Get("entry")!.Value.GetRawText());
                break;
            case "faults":
                server.Faults.Add(ControlEndpoints.FaultFrom(fields));
                break;
            case "reset":
                server.Requests.Reset();
                server.Faults.Clear();
                server.Secrets.Clear();
                server.Backends.Clear();
                server.AuditLog.Clear();
                server.Undocumented.Clear();
                break;
            default:
                throw new ArgumentException($"There is no {method} /devvault/{what}.");
        }
        return new JsonFields { ["ok"] = true };
    }

    private JsonFields State()
    {
        var secrets = new JsonMap();
        foreach ((string path, ScaiVaultSecret secret) in server.Secrets)
        {
            secrets[path] = new JsonFields
            {
                ["data"] = Raw(secret.Json),
                ["tags"] = secret.Tags.ToArray(),
                ["description"] = secret.Description,
                ["max_versions"] = secret.MaxVersions,
                ["versions"] = secret.Versions.Count,
            };
        }
        return new()
        {
            ["secrets"] = secrets,
            ["backends"] = server.Backends.Values.OrderBy(backend => backend.Id, StringComparer.Ordinal).Select(backend => new JsonFields
            {
                ["id"] = backend.Id,
                ["made"] = Raw(backend.Made),
                ["changed"] = backend.Changed is null ? null : Raw(backend.Changed),
            }).ToArray(),
            ["requests"] = server.Requests.All.Select(request => $"{request.Method} {request.RawTarget} {request.Status}").ToArray(),
            ["undocumented"] = server.Undocumented.ToArray(),
        };
    }
}

namespace SecretBridge.DevVault;

internal sealed partial class SystemEngine
{
    private Reply HandleAudit(Call call, string name)
    {
        if (name.Length == 0)
        {
            var devices = new JsonMap();
            if (cluster.Audit is { } device)
            {
                devices[device.Name + "/"] = device.Describe();
            }
            return call.Operation != Operation.Read ? Reply.UnsupportedOperation
                : devices.Count > 0 ? Reply.Flat(devices)
                : Reply.Of(devices);
        }
        if (call.Operation == Operation.Delete)
        {
            cluster.Audit = cluster.Audit?.Name == name ? null : cluster.Audit;
            return Reply.NoContent;
        }
        if (!call.IsWrite)
        {
            return Reply.UnsupportedOperation;
        }
        if (cluster.Flavour == VaultFlavour.OpenBao)
        {
            return Reply.Errors(400, "cannot enable audit device via API; use declarative, config-based audit device management instead");
        }
        string? path = call.Fields.Map("options")?.GetValueOrDefault("file_path") ?? call.Fields.Map("options")?.GetValueOrDefault("path");
        if (path is null)
        {
            return Reply.Errors(400, "file_path is required");
        }
        cluster.Audit = new AuditLog(name, path, cluster);
        return Reply.NoContent;
    }

    private Reply HandleAuditedHeaders(Call call, string name)
    {
        JsonMap Describe(string header) => new() { ["hmac"] = cluster.AuditedHeaders[header] };
        string key = name.ToLowerInvariant();
        switch (call.Operation)
        {
            case Operation.Update when name.Length > 0:
                cluster.AuditedHeaders[key] = call.Fields.Flag("hmac") ?? false;
                return Reply.NoContent;
            case Operation.Delete when name.Length > 0:
                cluster.AuditedHeaders.TryRemove(key, out _);
                return Reply.NoContent;
            case Operation.Read when name.Length > 0:
                return cluster.AuditedHeaders.ContainsKey(key) ? Reply.Flat(new JsonMap { [name] = Describe(key) }) : Reply.Errors(400, "Could not find header in config");
            case Operation.Read:
                var headers = new JsonMap();
                foreach (string header in cluster.AuditedHeaders.Keys)
                {
                    headers[header] = Describe(header);
                }
                return Reply.Flat(new JsonMap { ["headers"] = headers });
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply AuditHash(Call call, string name)
    {
        if (cluster.Audit is not { } device || device.Name != name)
        {
            return Reply.Errors(400, $"unknown audit backend \"{name}/\"");
        }
        return Reply.Flat(new JsonMap { ["hash"] = device.Hash(call.Fields.Text("input") ?? "") });
    }
}

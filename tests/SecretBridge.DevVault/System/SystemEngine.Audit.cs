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

    private Reply AuditHash(Call call, string name)
    {
        if (cluster.Audit is not { } device || device.Name != name)
        {
            return Reply.Errors(400, $"unknown audit backend \"{name}/\"");
        }
        return Reply.Flat(new JsonMap { ["hash"] = device.Hash(call.Fields.Text("input") ?? "") });
    }
}

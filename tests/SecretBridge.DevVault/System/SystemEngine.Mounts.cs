namespace SecretBridge.DevVault;

internal sealed partial class SystemEngine
{
    private const string UpgradeWarning =
        "Upgrading mount from version 1 to version 2. This mount will be unavailable for a brief period and will resume service shortly.";

    /// <summary>How many secrets the upgrade of a mount moves while it refuses one request.</summary>
    private const int UpgradePace = 100;

    private JsonMap Describe(MountTable table)
    {
        var map = new JsonMap();
        foreach (Mount mount in table.All)
        {
            map[mount.Path] = mount.Describe(cluster.Flavour);
        }
        return map;
    }

    private Reply HandleMount(Call call, string rest, MountTable table)
    {
        if (rest.EndsWith("/tune", StringComparison.Ordinal))
        {
            string tuned = rest[..^"tune".Length];
            if (!table.TryGet(tuned, out Mount? mount))
            {
                return Reply.Errors(400, $"cannot fetch sysview for path \"{tuned}\"");
            }
            return call.Operation switch
            {
                Operation.Read => Reply.Flat(DescribeTuning(mount)),
                Operation.Update => Tune(call, mount),
                _ => Reply.UnsupportedOperation,
            };
        }

        string path = rest.TrimEnd('/') + "/";
        switch (call.Operation)
        {
            case Operation.Update:
                return Enable(call, path, table);
            case Operation.Delete:
                if (table.TryGet(path, out Mount? old) && old.IsCore)
                {
                    return Reply.Errors(400, $"cannot unmount \"{path}\"");
                }
                table.Remove(path);
                return Reply.NoContent;
            case Operation.Read when cluster.Flavour == VaultFlavour.OpenBao:
                return table.TryGet(path, out Mount? found)
                    ? Reply.Flat(found.Describe(cluster.Flavour))
                    : Reply.Errors(400, $"No secret engine mount at {path}");
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply Enable(Call call, string path, MountTable table)
    {
        string type = call.Fields.Text("type") ?? "";
        if (type.Length == 0)
        {
            return Reply.Errors(400, "backend type must be specified as a string");
        }
        bool isAuth = table == call.Namespace.Auth;
        Dictionary<string, string>? options = call.Fields.Map("options");
        Mount? mount = isAuth ? cluster.Mounts.Auth(path, type) : cluster.Mounts.Engine(path, type, options);
        if (mount is null)
        {
            return Reply.Errors(400, $"plugin not found in the catalog: {type}");
        }
        if (table.Conflict(path) is { } conflict)
        {
            return Reply.Errors(400, conflict.Path == path
                ? $"path is already in use at {path}"
                : $"path is already in use at {conflict.Path}");
        }
        mount.Description = call.Fields.Text("description") ?? "";
        RequestFields config = call.Fields.Object("config");
        mount.DefaultLeaseTtl = config.Duration("default_lease_ttl") ?? TimeSpan.Zero;
        mount.MaxLeaseTtl = config.Duration("max_lease_ttl") ?? TimeSpan.Zero;
        ApplyLease(mount);
        if (mount.Engine is KvV2Engine)
        {
            mount.UpgradeRefusals = cluster.Options.UpgradeRefusals;
        }
        table.Add(mount);
        return Reply.NoContent;
    }

    private static JsonMap DescribeTuning(Mount mount)
    {
        static long Seconds(TimeSpan own) => (long)(own == TimeSpan.Zero ? KvV1Engine.DefaultLease : own).TotalSeconds;

        var map = new JsonMap
        {
            ["default_lease_ttl"] = Seconds(mount.DefaultLeaseTtl),
            ["description"] = mount.Description,
            ["force_no_cache"] = false,
            ["max_lease_ttl"] = Seconds(mount.MaxLeaseTtl),
        };
        if (mount.Options is { Count: > 0 } options)
        {
            map["options"] = options;
        }
        if (mount.IsAuth)
        {
            map["token_type"] = "default-service";
        }
        return map;
    }

    private Reply Tune(Call call, Mount mount)
    {
        mount.Description = call.Fields.Text("description") ?? mount.Description;
        mount.DefaultLeaseTtl = call.Fields.Duration("default_lease_ttl") ?? mount.DefaultLeaseTtl;
        mount.MaxLeaseTtl = call.Fields.Duration("max_lease_ttl") ?? mount.MaxLeaseTtl;
        ApplyLease(mount);
        string? wanted = call.Fields.Map("options")?.GetValueOrDefault("version");
        switch (mount.Engine)
        {
            case KvV1Engine old when wanted == "2":
                Upgrade(mount, old, call.Now);
                return new Reply { Warnings = [UpgradeWarning] };
            case KvV2Engine when wanted == "1":
                return Reply.Errors(400, "cannot downgrade mount from version 2");
            default:
                return Reply.NoContent;
        }
    }

    private void Upgrade(Mount mount, KvV1Engine old, DateTimeOffset now)
    {
        var engine = new KvV2Engine(cluster.Flavour);
        foreach ((string path, StoredValue value) in old.Secrets.All)
        {
            var secret = new KvSecret(now);
            secret.Add(value, now, engine.Config);
            engine.Secrets.Set(path, secret);
        }
        mount.Engine = engine;
        mount.Options = new(mount.Options ?? []) { ["version"] = "2" };
        mount.UpgradeRefusals = cluster.Options.UpgradeRefusals + (old.Secrets.Count / UpgradePace);
    }

    private static void ApplyLease(Mount mount)
    {
        if (mount.Engine is KvV1Engine engine)
        {
            engine.Lease = mount.DefaultLeaseTtl == TimeSpan.Zero ? KvV1Engine.DefaultLease : mount.DefaultLeaseTtl;
        }
    }

    private static Reply Remount(Call call)
    {
        string from = (call.Fields.Text("from") ?? "").TrimEnd('/') + "/", to = (call.Fields.Text("to") ?? "").TrimEnd('/') + "/";
        MountTable table = call.Namespace.Mounts;
        if (!table.TryGet(from, out Mount? mount))
        {
            return Reply.Errors(400, $"no matching mount at \"{from}\"");
        }
        if (table.Conflict(to) is not null)
        {
            return Reply.Errors(400, $"existing mount at \"{to}\"");
        }
        table.Remove(from);
        table.Add(new Mount(to, mount.Type, mount.Engine) { Accessor = mount.Accessor, Description = mount.Description, Options = mount.Options });
        return Reply.NoContent;
    }

    private Reply ListUiMounts(Call call)
    {
        Token? token = string.IsNullOrEmpty(call.TokenId) ? null : cluster.Tokens.Find(call.TokenId, call.Now);
        Acl? acl = token is null ? null : cluster.AclOf(token);
        var secret = new JsonMap();
        var auth = new JsonMap();
        foreach (Mount mount in call.Namespace.Mounts.All.Where(mount => acl?.ReachesInto(call.Namespace.Path + mount.Path) == true))
        {
            secret[mount.Path] = mount.Describe(cluster.Flavour);
        }
        foreach (Mount mount in call.Namespace.Auth.All.Where(mount => acl?.ReachesInto(call.Namespace.Path + AuthPrefix() + mount.Path) == true))
        {
            auth[mount.Path] = mount.Describe(cluster.Flavour);
        }
        return Reply.Of(new JsonMap { ["auth"] = auth, ["secret"] = secret });
    }

    // Vault 1.8 asks about token/ where it means auth/token/.
    private string AuthPrefix() => cluster.Flavour == VaultFlavour.Vault ? "" : "auth/";

    // A mount that is not there and one that is out of reach get the same answer.
    private Reply Preflight(Call call, string rest)
    {
        string path = rest.TrimEnd('/') + "/";
        (Namespace owner, string inside) = cluster.DescendInto(call.Namespace, path);
        bool isAuth = inside.StartsWith("auth/", StringComparison.Ordinal);
        Mount? mount = isAuth ? owner.Auth.Find(inside["auth/".Length..]) : owner.Mounts.Find(inside);
        string prefix = isAuth ? "auth/" : "";
        if (mount is null || !cluster.AclOf(call.Token!).ReachesInto(owner.Path + prefix + mount.Path))
        {
            return Reply.Errors(403, $"preflight capability check returned 403, please ensure client's policies grant access to path \"{path}\"");
        }
        JsonMap data = mount.Describe(cluster.Flavour);
        data["path"] = owner.Path[call.Namespace.Path.Length..] + prefix + mount.Path;
        return Reply.Of(data);
    }
}

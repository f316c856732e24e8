using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>auth/approle.</summary>
internal sealed class AppRoleEngine(Cluster cluster, string mountPath) : LoginEngine(cluster, mountPath)
{
    private readonly Dictionary<string, AppRole> _roles = new(StringComparer.Ordinal);

    public override bool? Exists(Call call) =>
        call.Below.Split('/') is ["role", { Length: > 0 } name] ? _roles.ContainsKey(name) : null;

    public override Reply Handle(Call call) => call.Below.TrimEnd('/').Split('/') switch
    {
        ["login"] => call.IsWrite ? Login(call) : Reply.UnsupportedOperation,
        ["role"] when call.IsListing => Reply.Keys(_roles.Keys.Order(StringComparer.Ordinal)),
        ["role", { } name] => HandleRole(call, name),
        ["role", { } name, { } what] => _roles.TryGetValue(name, out AppRole? role) ? HandlePart(call, role, what) : NoRole(call, name),
        ["role", { } name, "secret-id" or "secret-id-accessor", { } action] => _roles.TryGetValue(name, out AppRole? role) ? HandleSecretId(call, role, action) : NoRole(call, name),
        _ => Reply.UnsupportedPath,
    };

    private static Reply NoRole(Call call, string name) =>
        call.Operation == Operation.Read ? Reply.NotFound : Reply.Errors(400, $"role \"{name}\" does not exist");

    private Reply HandleRole(Call call, string name)
    {
        switch (call.Operation)
        {
            case Operation.Read:
                return _roles.TryGetValue(name, out AppRole? found) ? Reply.Of(found.Describe()) : Reply.NotFound;
            case Operation.Delete:
                _roles.Remove(name);
                return Reply.NoContent;
            case Operation.Create or Operation.Update:
                AppRole role = _roles.GetValueOrDefault(name) ?? new AppRole(name);
                role.Tokens = Settings(call.Fields, role.Tokens);
                role.SecretIdNumUses = call.Fields.Int("secret_id_num_uses") ?? role.SecretIdNumUses;
                role.SecretIdTtl = call.Fields.Duration("secret_id_ttl") ?? role.SecretIdTtl;
                role.BindSecretId = call.Fields.Flag("bind_secret_id") ?? role.BindSecretId;
                role.RoleId = call.Fields.Text("role_id") ?? role.RoleId;
                _roles[name] = role;
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply HandlePart(Call call, AppRole role, string what)
    {
        switch (what, call.Operation)
        {
            case ("role-id", Operation.Read):
                return Reply.Of(new JsonMap { ["role_id"] = role.RoleId });
            case ("role-id", Operation.Update):
                role.RoleId = call.Fields.Text("role_id") ?? role.RoleId;
                return Reply.NoContent;
            case ("secret-id" or "custom-secret-id", Operation.Update):
                return GiveSecretId(call, role, what == "secret-id" ? null : call.Fields.Text("secret_id"));
            case ("secret-id", Operation.List):
                return Reply.Keys(role.SecretIds.Values.Select(id => id.Accessor));
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private static Reply HandleSecretId(Call call, AppRole role, string action)
    {
        string? named = call.Fields.Text("secret_id"), accessor = call.Fields.Text("secret_id_accessor");
        string? id = named ?? role.SecretIds.FirstOrDefault(one => one.Value.Accessor == accessor).Key;
        switch (action)
        {
            case "destroy" when call.IsWrite || call.Operation == Operation.Delete:
                role.SecretIds.Remove(id ?? "");
                return Reply.NoContent;
            case "lookup" when call.IsWrite:
                return role.SecretIds.GetValueOrDefault(id ?? "") is { } found
                    ? Reply.Of(new JsonMap
                    {
                        ["expiration_time"] = found.Expires is { } at ? GoTime.Format(at) : GoTime.Zero,
                        ["metadata"] = found.Metadata,
                        ["secret_id_accessor"] = found.Accessor,
                        ["secret_id_num_uses"] = found.UsesLeft,
                    })
                    : Reply.NoContent;
            default:
                return Reply.UnsupportedPath;
        }
    }

    private Reply GiveSecretId(Call call, AppRole role, string? custom)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (call.Fields.Text("metadata") is { Length: > 0 } text)
        {
            foreach (JsonProperty member in GoJson.Parse(text).EnumerateObject())
            {
                metadata[member.Name] = RequestFields.TextOf(member.Value);
            }
        }
        TimeSpan ttl = call.Fields.Duration("ttl") ?? role.SecretIdTtl;
        int uses = call.Fields.Int("num_uses") ?? role.SecretIdNumUses;
        string value = custom ?? Guid.NewGuid().ToString();
        var id = new SecretId(Guid.NewGuid().ToString(), uses, ttl == TimeSpan.Zero ? null : call.Now + ttl, metadata);
        role.SecretIds[value] = id;
        var data = new JsonMap
        {
            ["secret_id"] = value,
            ["secret_id_accessor"] = id.Accessor,
            ["secret_id_ttl"] = (long)ttl.TotalSeconds,
        };
        if (Cluster.Flavour == VaultFlavour.OpenBao)
        {
            data["secret_id_num_uses"] = uses;
        }
        return Reply.Of(data);
    }

    private Reply Login(Call call)
    {
        bool vault = Cluster.Flavour == VaultFlavour.Vault;
        string roleId = (call.Fields.Text("role_id") ?? "").Trim(), given = (call.Fields.Text("secret_id") ?? "").Trim();
        if (roleId.Length == 0)
        {
            return Reply.Errors(vault ? 400 : 500, "missing role_id");
        }
        if (_roles.Values.FirstOrDefault(one => one.RoleId == roleId) is not { } role)
        {
            return Reply.Errors(400, vault ? "invalid role ID" : "invalid role or secret ID");
        }
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["role_name"] = role.Name };
        if (role.BindSecretId)
        {
            if (given.Length == 0)
            {
                return Reply.Errors(400, "missing secret_id");
            }
            if (IsLockedOut(call, roleId))
            {
                return Reply.Errors(403, "permission denied");
            }
            if (Spend(role, given, call.Now) is not { } id)
            {
                return Fail(call, roleId, vault ? "invalid secret id" : "invalid role or secret ID");
            }
            foreach ((string name, string value) in id.Metadata)
            {
                metadata[name] = value;
            }
        }
        return LogIn(call, roleId, "", role.Tokens, metadata);
    }

    private static SecretId? Spend(AppRole role, string given, DateTimeOffset now)
    {
        if (!role.SecretIds.TryGetValue(given, out SecretId? id))
        {
            return null;
        }
        if (id.Expires <= now)
        {
            role.SecretIds.Remove(given);
            return null;
        }
        if (id.NumUses > 0 && --id.UsesLeft == 0)
        {
            role.SecretIds.Remove(given);
        }
        return id;
    }
}

namespace SecretBridge.DevVault;

internal sealed partial class Cluster
{
    private static readonly Reply DeadToken = Reply.Errors(403, "permission denied");

    private static readonly Reply Upgrading = Reply.Errors(400,
        "Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service shortly.");

    /// <summary>From a parsed request to its answer: token, policy, engine, wrapping, audit, in the server's order.</summary>
    public Reply Handle(Call call)
    {
        lock (Gate)
        {
            call.Now = Options.Time.GetUtcNow();
            Reply reply;
            try
            {
                reply = Route(call);
                if (call.WrapTtl is { } ttl && reply is { IsEnvelope: true, WrapInfo: null, Status: 200 })
                {
                    reply = Wrap(call, reply, ttl);
                }
            }
            catch (RefusalException refusal)
            {
                reply = refusal.Reply;
            }
            Audit?.Write(call, reply);
            if (call.Token is { NumUses: > 0, UsesLeft: <= 0 } spent)
            {
                Tokens.Revoke(spent);
            }
            return reply;
        }
    }

    public Reply Wrap(Call call, Reply reply, TimeSpan ttl, string? creationPath = null)
    {
        string? wrappedAccessor = Flavour == VaultFlavour.OpenBao ? _mounts.WrappedAccessor(call, reply) : null;
        var wrapped = new WrappedReply(reply, creationPath ?? call.Path, call.Now, ttl, wrappedAccessor);
        Token token = Tokens.Create(
            new TokenRequest
            {
                Namespace = call.Namespace,
                Policies = ["response-wrapping"],
                Path = call.Path,
                Ttl = ttl,
                ExplicitMaxTtl = ttl,
                NumUses = 1,
                IsRenewable = false,
                IsOrphan = true,
                Wrapped = wrapped,
            },
            call.Now);
        var info = new JsonFields
        {
            ["token"] = token.Id,
            ["accessor"] = token.Accessor,
            ["ttl"] = (long)ttl.TotalSeconds,
            ["creation_time"] = GoTime.Format(call.Now),
            ["creation_path"] = wrapped.CreationPath,
        };
        if (wrappedAccessor is not null)
        {
            info["wrapped_accessor"] = wrappedAccessor;
        }
        return new Reply { WrapInfo = info };
    }

    private Reply Route(Call call)
    {
        if (call.IsWrite && call.Path.EndsWith('/'))
        {
            return Reply.Errors(400, "cannot write to a path ending in '/'");
        }
        if (Quotas.Refuse(call) is { } tooMany)
        {
            return tooMany;
        }

        Mount? mount = FindMount(call);
        if (mount is null || !IsOpen(call, mount))
        {
            if (Authenticate(call) is { } refusal)
            {
                return refusal;
            }
            if (Authorize(call, mount) is { } denied)
            {
                return denied;
            }
        }
        if (mount is null)
        {
            return Reply.Errors(404, Flavour == VaultFlavour.Vault
                ? $"no handler for route '{call.Path}'"
                : $"no handler for route \"{call.Path}\". route entry not found.");
        }
        if (mount.UpgradeRefusals > 0)
        {
            mount.UpgradeRefusals--;
            return Upgrading;
        }
        return mount.Engine is null ? Reply.UnsupportedPath : mount.Engine.Handle(call);
    }

    private static Mount? FindMount(Call call)
    {
        bool isAuth = call.Path.StartsWith("auth/", StringComparison.Ordinal);
        string path = isAuth ? call.Path["auth/".Length..] : call.Path;
        Mount? mount = (isAuth ? call.Namespace.Auth : call.Namespace.Mounts).Find(path);
        if (mount is not null)
        {
            call.Below = path.Length > mount.Path.Length ? path[mount.Path.Length..] : "";
        }
        return mount;
    }

    // Logins and the lookup of a wrapping token need no token; the list of the UI's mounts judges for itself.
    private static bool IsOpen(Call call, Mount mount) => mount.Type switch
    {
        "approle" or "kubernetes" or "jwt" => call.Below == "login",
        "userpass" => call.Below.StartsWith("login/", StringComparison.Ordinal),
        "system" or "ns_system" => call.Below is "wrapping/lookup" or "internal/ui/mounts" or "replication/status",
        _ => false,
    };

    private Reply? Authenticate(Call call)
    {
        if (string.IsNullOrEmpty(call.TokenId))
        {
            return Flavour == VaultFlavour.Vault ? Reply.Errors(400, "missing client token") : DeadToken;
        }
        if (Tokens.Find(call.TokenId, call.Now) is not { } token)
        {
            return call.Path is "sys/wrapping/unwrap" or "sys/wrapping/rewrap" ? SystemEngine.BadWrappingToken : DeadToken;
        }
        call.Token = token;
        if (token.NumUses > 0)
        {
            token.UsesLeft--;
        }

        // A namespace's token may ask about itself without naming the namespace.
        if (call.Namespace.IsRoot && !token.Namespace.IsRoot && call.Path is "auth/token/lookup-self" or "auth/token/renew-self" or "auth/token/revoke-self")
        {
            call.Namespace = token.Namespace;
        }
        return null;
    }

    private Reply? Authorize(Call call, Mount? mount)
    {
        Acl acl = AclOf(call.Token!);
        if (call.Operation == Operation.Update && mount?.Engine?.Exists(call) == false)
        {
            call.Operation = Operation.Create;
        }

        // The preflight endpoint judges by any right below the mount, not by a right on its own path.
        if (call.Path.StartsWith("sys/internal/ui/mounts", StringComparison.Ordinal))
        {
            return null;
        }
        string full = call.Namespace.Path + call.Path;
        bool needsSudo = mount?.Engine is SystemEngine && SystemEngine.NeedsSudo(call.Below);
        if (!acl.Allows(full, call.Operation) || (needsSudo && !acl.MaySudo(full)))
        {
            return Reply.PermissionDenied;
        }
        if (call.IsListing && !acl.IsRoot && acl.Find(full, listing: true)?.PaginationLimit is { } limit)
        {
            if (call.Fields.Text("limit") is { } asked and not "max" && call.Fields.Int("limit") > limit)
            {
                return Reply.PermissionDenied;
            }
            call.PaginationLimit = limit;
        }
        return null;
    }
}

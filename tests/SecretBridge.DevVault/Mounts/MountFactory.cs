using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>Makes mounts with the engine that their type asks for.</summary>
internal sealed class MountFactory(Cluster cluster)
{
    /// <summary>Null for a type that no plugin offers.</summary>
    public Mount? Engine(string path, string type, Dictionary<string, string>? options)
    {
        options ??= [];
        if (type == "kv-v2")
        {
            (type, options["version"]) = ("kv", "2");
        }
        else if (type == "kv-v1")
        {
            (type, options["version"]) = ("kv", "1");
        }
        IEngine? engine = type switch
        {
            "kv" or "generic" when options.GetValueOrDefault("version") == "2" => new KvV2Engine(cluster.Flavour),
            "kv" or "generic" => new KvV1Engine(cluster.Flavour),
            _ => null,
        };
        return engine is null ? null : new Mount(path, type, engine) { Accessor = Accessor(type), Options = options };
    }

    public Mount? Auth(string path, string type)
    {
        IEngine? engine = type switch
        {
            "approle" => new AppRoleEngine(cluster, path),
            "userpass" => new UserPassEngine(cluster, path),
            "kubernetes" or "jwt" => new KubernetesEngine(cluster, path),
            _ => null,
        };
        return engine is null ? null : new Mount(path, type, engine) { Accessor = Accessor("auth_" + type), Options = [], IsAuth = true };
    }

    public void AddBuiltIn(Namespace owner)
    {
        string prefix = owner.IsRoot ? "" : "ns_";
        bool bao = cluster.Flavour == VaultFlavour.OpenBao;
        owner.Mounts.Add(new Mount("cubbyhole/", prefix + "cubbyhole", new CubbyholeEngine(cluster.Flavour))
        {
            Accessor = Accessor("cubbyhole"),
            Description = "per-token private secret storage",
            IsLocal = true,
            IsCore = true,
        });
        owner.Mounts.Add(new Mount("identity/", prefix + "identity", null)
        {
            Accessor = Accessor("identity"),
            Description = "identity store",
            PassthroughHeader = bao ? "Authorization" : null,
            IsCore = true,
        });
        owner.Mounts.Add(new Mount("sys/", prefix + "system", new SystemEngine(cluster))
        {
            Accessor = Accessor("system"),
            Description = "system endpoints used for control, policy and debugging",
            PassthroughHeader = "Accept",
            IsSealWrapped = bao,
            IsCore = true,
        });
        owner.Auth.Add(new Mount("token/", prefix + "token", new TokenEngine(cluster))
        {
            Accessor = Accessor("auth_token"),
            Description = "token based credentials",
            IsAuth = true,
            IsCore = true,
        });
    }

    /// <summary>OpenBao names the secret_id_accessor of a wrapped secret_id beside the wrapping token.</summary>
    public string? WrappedAccessor(Call call, Reply reply) =>
        reply.Data is { } data && call.Path.EndsWith("/secret-id", StringComparison.Ordinal)
            && GoJson.Parse(data.Bytes).TryGetProperty("secret_id_accessor", out JsonElement accessor)
            ? accessor.GetString()
            : reply.Auth is null ? null : cluster.Tokens.Find(call.TokenId ?? "", call.Now)?.Accessor;

    private static string Accessor(string kind) => $"{kind}_{Guid.NewGuid().ToString("N")[..8]}";
}

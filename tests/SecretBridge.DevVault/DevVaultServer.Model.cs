using System.Text;

namespace SecretBridge.DevVault;

/// <summary>The model itself, for arranging and asserting without HTTP. A mount may stand in a namespace: team-a/kv.</summary>
public sealed partial class DevVaultServer
{
    /// <summary>Mounts a KV engine of version 1 or 2, and any namespaces missing on the way when <paramref name="inNamespace"/> is given.</summary>
    public void Mount(string path, int kvVersion = 2, string inNamespace = "")
    {
        lock (_cluster.Gate)
        {
            Namespace home = Home(inNamespace);
            home.Mounts.Add(_cluster.Mounts.Engine(path.Trim('/') + "/", "kv", kvVersion == 2 ? new() { ["version"] = "2" } : new() { ["version"] = "1" })!);
        }
    }

    /// <summary>Makes a namespace and those above it. OpenBao only.</summary>
    public void CreateNamespace(string path)
    {
        lock (_cluster.Gate)
        {
            Home(path);
        }
    }

    /// <summary>Writes a secret as one more version and tells its number; 0 on KV v1.</summary>
    public int Put(string mount, string path, string json)
    {
        lock (_cluster.Gate)
        {
            StoredValue value = StoredValue.From(GoJson.Parse(json));
            switch (EngineAt(mount))
            {
                case KvV1Engine one:
                    one.Secrets.Set(path, value);
                    return 0;
                case KvV2Engine two:
                    DateTimeOffset now = _options.Time.GetUtcNow();
                    KvSecret secret = two.Secrets.Get(path) ?? new KvSecret(now);
                    two.Secrets.Set(path, secret);
                    return secret.Add(value, now, two.Config).Number;
                default:
                    throw new InvalidOperationException($"{mount} holds no secrets that can be written.");
            }
        }
    }

    /// <summary>What is stored, digits as they were sent; null when absent, deleted or destroyed.</summary>
    public string? Read(string mount, string path, int? version = null) =>
        Secret(mount, path)?.Versions.Where(one => version is null || one.Number == version).LastOrDefault() is { IsReadable: true } found ? found.Json : null;

    /// <summary>A secret with all its versions; null when absent.</summary>
    public StoredSecret? Secret(string mount, string path)
    {
        lock (_cluster.Gate)
        {
            return EngineAt(mount) switch
            {
                KvV1Engine one => one.Secrets.Get(path) is { } value ? Describe(path, value) : null,
                KvV2Engine two => two.Secrets.Get(path) is { } secret ? Describe(path, secret) : null,
                _ => null,
            };
        }
    }

    /// <summary>All secrets of a mount with all their versions, in byte order of their paths.</summary>
    public IReadOnlyList<StoredSecret> Secrets(string mount)
    {
        lock (_cluster.Gate)
        {
            return EngineAt(mount) switch
            {
                KvV1Engine one => [.. one.Secrets.All.Select(pair => Describe(pair.Key, pair.Value))],
                KvV2Engine two => [.. two.Secrets.All.Select(pair => Describe(pair.Key, pair.Value))],
                _ => [],
            };
        }
    }

    /// <summary>Soft-deletes the latest version on KV v2; removes the secret on KV v1.</summary>
    public void Delete(string mount, string path)
    {
        lock (_cluster.Gate)
        {
            if (EngineAt(mount) is KvV1Engine one)
            {
                one.Secrets.Remove(path);
            }
            else if (EngineAt(mount) is KvV2Engine two)
            {
                two.Secrets.Get(path)?.Current?.DeleteAt(_options.Time.GetUtcNow());
            }
        }
    }

    /// <summary>Destroys one version of a KV v2 secret.</summary>
    public void Destroy(string mount, string path, int version)
    {
        lock (_cluster.Gate)
        {
            (EngineAt(mount) as KvV2Engine)?.Secrets.Get(path)?.Versions.GetValueOrDefault(version)?.Destroy();
        }
    }

    /// <summary>Removes a secret with all that is known of it.</summary>
    public void Remove(string mount, string path)
    {
        lock (_cluster.Gate)
        {
            (EngineAt(mount) as KvV1Engine)?.Secrets.Remove(path);
            (EngineAt(mount) as KvV2Engine)?.Secrets.Remove(path);
        }
    }

    /// <summary>What is set for a whole KV v2 mount.</summary>
    public void Configure(string mount, int? maxVersions = null, bool? casRequired = null, TimeSpan? deleteVersionAfter = null)
    {
        lock (_cluster.Gate)
        {
            if (EngineAt(mount) is KvV2Engine two)
            {
                two.Config.MaxVersions = maxVersions ?? two.Config.MaxVersions;
                two.Config.CasRequired = casRequired ?? two.Config.CasRequired;
                two.Config.DeleteVersionAfter = deleteVersionAfter ?? two.Config.DeleteVersionAfter;
            }
        }
    }

    /// <summary>The next requests to a mount are refused as if its data were being upgraded.</summary>
    public void BeginUpgrade(string mount, int refusals)
    {
        lock (_cluster.Gate)
        {
            Find(mount).UpgradeRefusals = refusals;
        }
    }

    /// <summary>A KV v2 mount of any size that takes no memory: names and values follow from the seed.</summary>
    public void MountSynthetic(string path, int folders, int secretsPerFolder, int valueBytes, int seed = 1)
    {
        lock (_cluster.Gate)
        {
            var engine = new SyntheticEngine(_cluster.Flavour, folders, secretsPerFolder, valueBytes, seed, _options.Time.GetUtcNow());
            _cluster.Root.Mounts.Add(new Mount(path.Trim('/') + "/", "kv", engine) { Accessor = "kv_synthetic", Options = new() { ["version"] = "2" } });
        }
    }

    public void WritePolicy(string name, string hcl, string inNamespace = "")
    {
        lock (_cluster.Gate)
        {
            _cluster.WritePolicy(Home(inNamespace), name, hcl, _options.Time.GetUtcNow());
        }
    }

    /// <summary>A token with these policies and default.</summary>
    public string CreateToken(IEnumerable<string> policies, TimeSpan ttl = default, int numUses = 0, string inNamespace = "", bool renewable = true)
    {
        lock (_cluster.Gate)
        {
            return _cluster.Tokens.Create(
                new TokenRequest { Namespace = Home(inNamespace), Policies = [.. policies, "default"], Ttl = ttl, NumUses = numUses, IsOrphan = true, IsRenewable = renewable },
                _options.Time.GetUtcNow()).Id;
        }
    }

    public void RevokeToken(string token)
    {
        lock (_cluster.Gate)
        {
            if (_cluster.Tokens.Find(token, _options.Time.GetUtcNow()) is { } found)
            {
                _cluster.Tokens.Revoke(found);
            }
        }
    }

    /// <summary>Whether a token still lives.</summary>
    public bool HasToken(string token)
    {
        lock (_cluster.Gate)
        {
            return _cluster.Tokens.Find(token, _options.Time.GetUtcNow()) is not null;
        }
    }

    /// <summary>From now on this JWT logs in with this role of the Kubernetes method mounted at <paramref name="authMount"/>.</summary>
    public void AcceptJwt(string role, string jwt, string authMount = "kubernetes", string inNamespace = "")
    {
        lock (_cluster.Gate)
        {
            Namespace home = Home(inNamespace);
            if (!home.Auth.TryGet(authMount.Trim('/') + "/", out Mount? mount))
            {
                mount = _cluster.Mounts.Auth(authMount.Trim('/') + "/", "kubernetes")!;
                home.Auth.Add(mount);
            }
            ((KubernetesEngine)mount.Engine!).Accept(role, jwt);
        }
    }

    private Namespace Home(string path)
    {
        Namespace home = _cluster.Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string inner = home.Path + name + "/";
            home = _cluster.FindNamespace(inner) ?? _cluster.AddNamespace(inner, TokenStore.Random(6));
        }
        return home;
    }

    private Mount Find(string mount)
    {
        (Namespace home, string path) = _cluster.DescendInto(_cluster.Root, mount.Trim('/') + "/");
        return home.Mounts.TryGet(path, out Mount? found) ? found : throw new InvalidOperationException($"Nothing is mounted at {mount}.");
    }

    private IEngine? EngineAt(string mount) => Find(mount).Engine;

    private static StoredSecret Describe(string path, StoredValue value) =>
        new(path, [new StoredVersion(1, Encoding.UTF8.GetString(value.Exact), true, null, false)], null);

    private StoredSecret Describe(string path, KvSecret secret)
    {
        DateTimeOffset now = _options.Time.GetUtcNow();
        StoredVersion[] versions = [.. secret.Versions.Values.Select(version => new StoredVersion(
            version.Number,
            version.Value is { } value ? Encoding.UTF8.GetString(value.Exact) : null,
            version.IsReadable(now),
            version.DeletionTime,
            version.IsDestroyed))];
        return new StoredSecret(path, versions, secret.CustomMetadata);
    }
}

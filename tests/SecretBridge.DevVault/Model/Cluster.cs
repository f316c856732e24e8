using System.Runtime.CompilerServices;

namespace SecretBridge.DevVault;

/// <summary>
/// The model behind one or more nodes: namespaces, mounts, policies, tokens. One lock makes every request atomic,
/// so what a test sees is always the outcome of whole requests.
/// </summary>
internal sealed partial class Cluster
{
    private readonly ConditionalWeakTable<Token, Acl> _acls = [];
    private readonly List<Namespace> _namespaces = [];
    private readonly MountFactory _mounts;

    public Cluster(DevVaultOptions options)
    {
        Flavour = options.Flavour;
        Options = options;
        _mounts = new MountFactory(this);
        Root = AddNamespace("", "root");
        System.Security.Cryptography.RandomNumberGenerator.Fill(AuditKey);
        if (options.WithSecretMount)
        {
            Mount secret = _mounts.Engine("secret/", "kv", new() { ["version"] = "2" })!;
            secret.Description = "key/value secret storage";
            Root.Mounts.Add(secret);
        }
        RootToken = Tokens.Create(
            new TokenRequest { Namespace = Root, Policies = ["root"], Id = options.RootToken, IsOrphan = true },
            options.Time.GetUtcNow());
    }

    public object Gate { get; } = new();

    public DevVaultOptions Options { get; }

    public VaultFlavour Flavour { get; }

    public string Id { get; } = Guid.NewGuid().ToString();

    public string Name { get; } = "vault-cluster-" + Guid.NewGuid().ToString("N")[..8];

    public Namespace Root { get; }

    public Token RootToken { get; }

    public TokenStore Tokens { get; } = new();

    public Quotas Quotas { get; } = new();

    public byte[] AuditKey { get; } = new byte[32];

    public AuditLog? Audit { get; set; }

    /// <summary>The request headers that the audit log tells, by lower-case name, and whether as an HMAC.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, bool> AuditedHeaders { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Namespace> Namespaces => _namespaces;

    public MountFactory Mounts => _mounts;

    public Namespace AddNamespace(string path, string id)
    {
        var added = new Namespace(path, id);
        _mounts.AddBuiltIn(added);
        DateTimeOffset now = Options.Time.GetUtcNow();
        WritePolicy(added, "default", Policy.DefaultText(Flavour), now);
        _namespaces.Add(added);
        return added;
    }

    public void RemoveNamespace(Namespace removed)
    {
        _namespaces.Remove(removed);
        Tokens.RevokeAllOf(removed);
    }

    public Namespace? FindNamespace(string path) => _namespaces.Find(one => one.Path == path);

    public void WritePolicy(Namespace owner, string name, string text, DateTimeOffset now)
    {
        int version = owner.Policies.TryGetValue(name, out Policy? before) ? before.Version + 1 : 1;
        owner.Policies[name] = new Policy(name, text, PolicyParser.Parse(text, Flavour), now, version);
        ForgetAcls();
    }

    public void ForgetAcls() => _acls.Clear();

    public Acl AclOf(Token token) => _acls.GetValue(token, BuildAcl);

    private Acl BuildAcl(Token token)
    {
        if (token.IsRoot)
        {
            return Acl.Root;
        }
        Namespace home = token.Namespace;
        IEnumerable<PathRule> rules = token.Policies
            .Where(home.Policies.ContainsKey)
            .SelectMany(name => home.Policies[name].Rules)
            .Select(rule => rule with { Path = home.Path + rule.Path });
        if (token.Wrapped is not null)
        {
            rules = [new PathRule(home.Path + "cubbyhole/response", Capabilities.Create | Capabilities.Read), new PathRule(home.Path + "sys/wrapping/unwrap", Capabilities.Update)];
        }
        return new Acl(rules);
    }
}

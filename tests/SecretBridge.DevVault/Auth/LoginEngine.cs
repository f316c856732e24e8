namespace SecretBridge.DevVault;

/// <summary>What the login methods share: a role's token settings, and the token that a login gives.</summary>
internal abstract class LoginEngine(Cluster cluster, string mountPath) : IEngine
{
    private const int FailuresAllowed = 5;

    private static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, string> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, DateTimeOffset Last)> _failures = new(StringComparer.Ordinal);

    protected Cluster Cluster { get; } = cluster;

    public virtual bool? Exists(Call call) => null;

    public abstract Reply Handle(Call call);

    protected static TokenSettings Settings(RequestFields fields, TokenSettings before) => new(
        fields.Strings("token_policies") ?? fields.Strings("policies") ?? before.Policies,
        fields.Duration("token_ttl") ?? fields.Duration("ttl") ?? before.Ttl,
        fields.Duration("token_max_ttl") ?? fields.Duration("max_ttl") ?? before.MaxTtl,
        fields.Duration("token_period") ?? fields.Duration("period") ?? before.Period,
        fields.Int("token_num_uses") ?? fields.Int("num_uses") ?? before.NumUses,
        fields.Text("token_type") ?? before.Type);

    /// <summary>OpenBao locks a user or role out for a while after some failed logins in a row; what it then says names no reason.</summary>
    protected bool IsLockedOut(Call call, string alias) =>
        Cluster.Flavour == VaultFlavour.OpenBao
        && _failures.TryGetValue(alias, out var failures)
        && failures.Count >= FailuresAllowed
        && call.Now - failures.Last < LockoutTime;

    protected Reply Fail(Call call, string alias, string error)
    {
        (int count, DateTimeOffset last) = _failures.GetValueOrDefault(alias);
        _failures[alias] = (call.Now - last < LockoutTime ? count + 1 : 1, call.Now);
        return Reply.Errors(400, error);
    }

    protected Reply LogIn(Call call, string alias, string displayName, TokenSettings settings, Dictionary<string, string> metadata)
    {
        _failures.Remove(alias);
        if (!_entities.TryGetValue(alias, out string? entity))
        {
            entity = Guid.NewGuid() + (call.Namespace.IsRoot ? "" : "." + call.Namespace.Id);
            _entities[alias] = entity;
        }
        bool isBatch = settings.Type == "batch";
        Token token = Cluster.Tokens.Create(
            new TokenRequest
            {
                Namespace = call.Namespace,
                Policies = [.. settings.Policies.Append("default")],
                DisplayName = mountPath.TrimEnd('/') + displayName,
                Path = call.Path,
                Meta = metadata,
                EntityId = entity,
                Ttl = settings.Ttl,
                MaxTtl = settings.MaxTtl,
                Period = settings.Period,
                NumUses = settings.NumUses,
                IsBatch = isBatch,
                IsOrphan = true,
            },
            call.Now);
        return new Reply { Auth = token.DescribeAuth(Cluster.Flavour, token.CreationTtl) };
    }
}

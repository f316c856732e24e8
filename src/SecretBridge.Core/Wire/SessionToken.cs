using System.Runtime.CompilerServices;

namespace SecretBridge.Wire;

/// <summary>A token and what is known of it. A refresh makes a new one.</summary>
internal sealed record SessionToken
{
    /// <summary>After what part of its lease a token is refreshed.</summary>
    internal const double RefreshAt = 0.8;

    internal static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    public required SecretText Token { get; init; }

    /// <summary>The timestamp taken before the request that gave the token.</summary>
    public required long Asked { get; init; }

    /// <summary>How long the token lives from then; null for a token without an end, or of which nothing is known.</summary>
    public TimeSpan? Lease { get; init; }

    public bool Renewable { get; init; }

    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Whose token it is: its display name, or the role or user that logged in; null where it does not tell.</summary>
    public string? DisplayName { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>How many requests the token is good for; 0 for any number.</summary>
    public long NumUses { get; init; }

    /// <summary>How many requests were sent with it since <see cref="NumUses"/> was told. Copies of this share it.</summary>
    public StrongBox<long> Sent { get; init; } = new();

    /// <summary>Whether more was sent than it is good for: a refusal then needs no other reason.</summary>
    public bool IsUsedUp => NumUses > 0 && Interlocked.Read(ref Sent.Value) > NumUses;

    /// <summary>Whether SecretBridge got it by a login, and so may revoke it.</summary>
    public bool Obtained { get; init; }

    /// <summary>How long after <see cref="Asked"/> it is due.</summary>
    public TimeSpan Due { get; init; } = LookAgain;

    /// <summary>Reads the answer to a login or renewal.</summary>
    public static SessionToken FromAuth(JsonFields auth, SecretText token, long asked, DateTimeOffset now, bool obtained)
    {
        TimeSpan? lease = auth.Number("lease_duration") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
        return new()
        {
            Token = token,
            Asked = asked,
            Lease = lease,
            Due = lease * RefreshAt ?? LookAgain,
            Renewable = auth.Flag("renewable"),
            Policies = auth.Strings("policies").Union(auth.Strings("identity_policies"), StringComparer.Ordinal).ToArray(),
            Expires = now + lease,
            NumUses = auth.Number("num_uses") ?? 0,
            Obtained = obtained,
            DisplayName = auth.Object("metadata").Text("role_name") ?? auth.Object("metadata").Text("username"),
        };
    }

    /// <summary>Reads the answer to a lookup, whose data holds the token itself: that is never kept.</summary>
    public static SessionToken FromLookup(JsonFields data, SessionToken known, long asked, DateTimeOffset now)
    {
        TimeSpan? lease = data.Number("ttl") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
        return known with
        {
            Asked = asked,
            Lease = lease,
            Due = lease * RefreshAt ?? LookAgain,
            Renewable = data.Flag("renewable"),
            Policies = data.Strings("policies").Union(data.Strings("identity_policies"), StringComparer.Ordinal).ToArray(),
            Expires = data.Time("expire_time") ?? now + lease,
            NumUses = data.Number("num_uses") ?? 0,
            Sent = new(),
            // Every token without a name of its own is called so.
            DisplayName = data.Text("display_name") is { Length: > 0 } name and not "token" ? name : known.DisplayName,
        };
    }

    /// <summary>This token, to be looked at again a while from now.</summary>
    public SessionToken Postponed(TimeSpan sinceAsked, TimeSpan wait) => this with { Due = sinceAsked + wait };
}

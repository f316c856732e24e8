using System.Security.Cryptography;

namespace SecretBridge.DevVault;

/// <summary>All tokens of the cluster.</summary>
internal sealed class TokenStore
{
    public static readonly TimeSpan SystemMaxTtl = TimeSpan.FromHours(768);

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Dictionary<string, Token> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Token> _byAccessor = new(StringComparer.Ordinal);

    public Token Create(TokenRequest request, DateTimeOffset now)
    {
        bool endless = request.Policies.Contains("root") && request.Ttl == TimeSpan.Zero && request.Period == TimeSpan.Zero;
        TimeSpan limit = Limit(request.ExplicitMaxTtl, request.MaxTtl);
        TimeSpan ttl = endless ? TimeSpan.Zero
            : request.Period > TimeSpan.Zero ? request.Period
            : Min(request.Ttl == TimeSpan.Zero ? SystemMaxTtl : request.Ttl, limit);
        string suffix = request.Namespace.IsRoot ? "" : "." + request.Namespace.Id;
        var token = new Token
        {
            Id = request.Id ?? (request.IsBatch ? "b." + Random(136) : "s." + Random(24)) + suffix,
            Accessor = request.IsBatch ? "" : Random(24) + suffix,
            Namespace = request.Namespace,
            Policies = [.. request.Policies.Distinct().Order(StringComparer.Ordinal)],
            Meta = request.Meta,
            DisplayName = request.DisplayName,
            Path = request.Path,
            EntityId = request.EntityId,
            IsBatch = request.IsBatch,
            IsOrphan = request.IsOrphan,
            IsRenewable = request.IsRenewable && !request.IsBatch && !endless,
            Period = request.Period,
            CreationTtl = ttl,
            ExplicitMaxTtl = request.ExplicitMaxTtl,
            MaxTtl = limit,
            Created = now,
            Expires = endless ? null : now + ttl,
            NumUses = request.NumUses,
            UsesLeft = request.NumUses,
            Parent = request.Parent,
            Wrapped = request.Wrapped,
        };
        _byId[token.Id] = token;
        if (token.Accessor.Length > 0)
        {
            _byAccessor[token.Accessor] = token;
        }
        return token;
    }

    public Token? Find(string id, DateTimeOffset now) => Alive(_byId.GetValueOrDefault(id), now);

    public Token? FindByAccessor(string accessor, DateTimeOffset now) => Alive(_byAccessor.GetValueOrDefault(accessor), now);

    public void Revoke(Token token)
    {
        _byId.Remove(token.Id);
        _byAccessor.Remove(token.Accessor);
        foreach (Token child in _byId.Values.Where(child => child.Parent == token).ToList())
        {
            Revoke(child);
        }
    }

    public void RevokeAllOf(Namespace owner)
    {
        foreach (Token token in _byId.Values.Where(token => token.Namespace == owner).ToList())
        {
            Revoke(token);
        }
    }

    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    public static TimeSpan Limit(TimeSpan explicitMax, TimeSpan max) =>
        Min(explicitMax == TimeSpan.Zero ? SystemMaxTtl : explicitMax, max == TimeSpan.Zero ? SystemMaxTtl : max);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private Token? Alive(Token? token, DateTimeOffset now)
    {
        if (token?.Expires <= now)
        {
            Revoke(token!);
            return null;
        }
        return token;
    }
}

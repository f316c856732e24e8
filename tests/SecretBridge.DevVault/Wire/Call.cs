namespace SecretBridge.DevVault;

/// <summary>One request on its way through the model.</summary>
internal sealed class Call
{
    public required string Id { get; init; }

    public required Operation Operation { get; set; }

    public required Namespace Namespace { get; set; }

    /// <summary>Within the namespace, without /v1/; what the policies of that namespace speak of.</summary>
    public required string Path { get; init; }

    /// <summary>What follows the mount's path.</summary>
    public string Below { get; set; } = "";

    public required RequestFields Fields { get; init; }

    /// <summary>When it is handled: all that it does is done at that moment, and nothing of others in between.</summary>
    public DateTimeOffset Now { get; set; }

    public Token? Token { get; set; }

    public string? TokenId { get; init; }

    public string? ContentType { get; init; }

    public int BodyLength { get; init; }

    public TimeSpan? WrapTtl { get; init; }

    /// <summary>The headers that the audit log tells, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> AuditedHeaders { get; init; } = new Dictionary<string, string>();

    public string RemoteAddress { get; init; } = "127.0.0.1";

    /// <summary>The page size that the token's policy imposes on a listing.</summary>
    public int? PaginationLimit { get; set; }

    /// <summary>Answer a read as before the last write.</summary>
    public bool IsStale { get; init; }

    public bool IsWrite => Operation is Operation.Create or Operation.Update or Operation.Patch;

    public bool IsListing => Operation is Operation.List or Operation.Scan;
}

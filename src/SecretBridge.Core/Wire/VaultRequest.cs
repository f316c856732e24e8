using System.Diagnostics;

namespace SecretBridge.Wire;

/// <summary>One request as a value. Its text is method and path, never a body.</summary>
[DebuggerDisplay("{Verb} {Path}")]
internal sealed record VaultRequest
{
    /// <summary>The most a reply may hold: a folder of a million names is below it.</summary>
    public const int LargestReply = 128 << 20;

    /// <summary>The method. LIST and SCAN travel as GET with a query, because proxies refuse unknown methods.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The unescaped path below <c>/v1/</c>, as it is shown in messages.</summary>
    public required string Path { get; init; }

    /// <summary>The secret or folder that it is about: its text is the target of a failure. Null where the path says enough.</summary>
    public object? Subject { get; init; }

    /// <summary>Whether the path is sent with a trailing slash.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The query without its question mark, already escaped.</summary>
    public string? Query { get; init; }

    /// <summary>The body; a POST without one is sent <c>{}</c>, because .NET silently sends a bodyless request again.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What may be done when it fails.</summary>
    public RetryRule Retry { get; init; }

    /// <summary>Whether the session's token goes with it.</summary>
    public bool SendsToken { get; init; } = true;

    /// <summary>A token to send instead of the session's.</summary>
    public SecretText? Token { get; init; }

    /// <summary>The namespace header; null sends none. <see cref="DefaultNamespace"/> means the connection's.</summary>
    public string? Namespace { get; init; } = DefaultNamespace;

    /// <summary>The longest reply taken, in bytes.</summary>
    public int MaxReply { get; init; } = LargestReply;

    /// <summary>How long one try may take; null for the connection's limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the path is that of one secret, so that a 404 says that it is absent. Only ScaiVault's replies need it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether every status is an answer: health tells its state by status.</summary>
    public bool TakesAnyStatus { get; init; }

    /// <summary>Stands for the connection's namespace.</summary>
    public static string DefaultNamespace { get; } = "\0";

    /// <summary>The method's name for messages: LIST and SCAN rather than the GET that carries them.</summary>
    public string Verb => Query is null ? Method.Method
        : Query.StartsWith("list=true", StringComparison.Ordinal) ? "LIST"
        : Query.StartsWith("scan=true", StringComparison.Ordinal) ? "SCAN"
        : Method.Method;

    /// <summary>Method and path.</summary>
    public override string ToString() => $"{Verb} {Path}";

    /// <summary>The request's URL below an address whose path has no slash at its end.</summary>
    public Uri UriBelow(string address) => new(
        address + "/v1/" + PathSegment.Encode(Path) + (IsFolder ? "/" : "") + (Query is null ? "" : "?" + Query),
        // Else .NET folds dots and unescapes what was escaped on purpose.
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}

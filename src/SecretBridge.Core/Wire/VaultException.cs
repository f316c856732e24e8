using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// A request that failed. It tells method, path, status and the server's request id; server text in its message was
/// scrubbed of every secret that was sent.
/// </summary>
public sealed class VaultException : BridgeException
{
    internal VaultException(FaultKind kind, VaultRequest request, string message, Exception? innerException = null)
        : this(kind, request.Verb, request.Path, message, innerException, request.Subject?.ToString())
    {
    }

    internal VaultException(FaultKind kind, string method, string path, string message, Exception? innerException = null, string? target = null)
        : base(kind, target ?? path, message, innerException)
    {
        Method = method;
        Path = path;
    }

    /// <summary>The method of the request; LIST and SCAN by their own names.</summary>
    public string Method { get; }

    /// <summary>The unescaped path below <c>/v1/</c>.</summary>
    public string Path { get; }

    /// <summary>The status of the reply; null where none came.</summary>
    public int? StatusCode { get; internal init; }

    /// <summary>The server's id of the request, to find it in its audit log; null where it sent none, as in most errors.</summary>
    public string? RequestId { get; internal init; }

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; internal set; } = 1;

    /// <summary>Whether another try may succeed.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>Whether the server certainly did not act on the request.</summary>
    internal bool NeverHandled { get; init; }

    /// <summary>Whether a try of the request was sent whose reply was lost, whatever became of later ones: it may have taken effect.</summary>
    internal bool MayHaveTakenEffect { get; set; }

    /// <summary>How long the server asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

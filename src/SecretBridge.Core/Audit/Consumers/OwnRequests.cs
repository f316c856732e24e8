using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Which requests are SecretBridge's own: those whose ids its audit trails hold, and those that one token made from a moment on,
/// where that is known to be the run's own.
/// </summary>
internal sealed class OwnRequests
{
    private readonly HashSet<RequestKey> _ids = [];

    /// <summary>The token of the run itself, as the log hashes it, and from when on its requests are the run's own.</summary>
    internal (byte[] HashedToken, DateTimeOffset From)? Run { get; init; }

    /// <summary>Notes the ids that trails hold.</summary>
    /// <exception cref="BridgeException">A trail cannot be read: its requests would pass for somebody else's.</exception>
    internal async Task ReadAsync(IReadOnlyList<string> trails, DateTimeOffset? since, IReporter reporter, CancellationToken cancellationToken)
    {
        if (trails.Count == 0)
        {
            return;
        }

        // The clocks of this machine and of the server need not agree, so that the time is no sharp bound.
        var read = new AuditRead(new() { Paths = trails, Since = since - TimeSpan.FromDays(1) }, reporter);
        await foreach (BridgeAuditEvent found in read.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            if (found.Fault is { Kind: FaultKind.InvalidArgument } fault)
            {
                throw fault;
            }

            if (found.RequestId is { } request)
            {
                _ids.Add(RequestKey.Of(request));
            }

            if (found.CorrelationId is { } correlation)
            {
                _ids.Add(RequestKey.Of(correlation));
            }
        }
    }

    internal bool Contains(in VaultLogEntry entry) =>
        (_ids.Count > 0 && ((!entry.Id.IsEmpty && _ids.Contains(RequestKey.Of(entry.Id.Raw)))
            || (!entry.CorrelationId.IsEmpty && _ids.Contains(RequestKey.Of(entry.CorrelationId.Raw)))))
        || (Run is { } run && entry.Time >= run.From && entry.ClientToken.Raw.SequenceEqual(run.HashedToken));
}

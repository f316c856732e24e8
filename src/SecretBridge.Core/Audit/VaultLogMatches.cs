using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The entries of a server's audit log that belong to events: by the id of the request, else by the id that was sent with it.</summary>
internal sealed class VaultLogMatches(int most)
{
    private readonly Dictionary<RequestKey, VaultAuditEntry?> _byRequest = [];
    private readonly Dictionary<RequestKey, VaultAuditEntry?> _byCorrelation = [];
    private readonly FaultList _faults = new();
    private readonly LineFilter _all = new([]);

    /// <summary>How many ids are looked for.</summary>
    internal int Wanted => _byRequest.Count + _byCorrelation.Count;

    /// <summary>Whether the log holds correlation ids as HMACs, which match nothing.</summary>
    internal bool HasHashedHeaders { get; private set; }

    /// <summary>What could not be read of the log. It is told once.</summary>
    internal IReadOnlyList<BridgeException> TakeFaults() => _faults.Take();

    /// <summary>Looks for an event.</summary>
    /// <exception cref="BridgeException">There are too many (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal void Want(BridgeAuditEvent found)
    {
        if (found.RequestId is { } request)
        {
            _byRequest.TryAdd(RequestKey.Of(request), null);
        }

        if (found.CorrelationId is { } correlation)
        {
            _byCorrelation.TryAdd(RequestKey.Of(correlation), null);
        }

        if (Math.Max(_byRequest.Count, _byCorrelation.Count) > most)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "VaultAuditLog",
                $"More than {most} events would have to be looked up. Narrow them with -Since, -Until, -Uri or -Action.");
        }
    }

    /// <summary>Reads a log once, and keeps what was looked for.</summary>
    internal void Search(string log, CancellationToken cancellationToken)
    {
        foreach ((LineBlock block, BridgeException? fault) in LogBlocks.Read(log, skip: 0, cancellationToken))
        {
            if (fault is not null)
            {
                _faults.Add(log, fault);
            }
            else if (block.IsTooLong)
            {
                _faults.AddTooLong(log, block.Number);
            }
            else
            {
                Take(log, block);
            }
        }

        _faults.Conclude();
    }

    /// <summary>The event with its entry, where one was found.</summary>
    internal BridgeAuditEvent Join(BridgeAuditEvent found) =>
        found.RequestId is { } request && _byRequest.GetValueOrDefault(RequestKey.Of(request)) is { } byRequest
            ? found with { VaultEntry = byRequest, MatchedBy = nameof(found.RequestId) }
        : found.CorrelationId is { } correlation && _byCorrelation.GetValueOrDefault(RequestKey.Of(correlation)) is { } byCorrelation
            ? found with { VaultEntry = byCorrelation, MatchedBy = nameof(found.CorrelationId) }
        : found;

    private void Take(string log, LineBlock block)
    {
        foreach (LineFilter.Line line in _all.Lines(block.Text.Span))
        {
            if (!VaultLogEntry.TryRead(line.Text, since: null, out VaultLogEntry entry))
            {
                _faults.AddLine(log, block.Number + line.FeedsBefore());
                continue;
            }

            Keep(_byRequest, entry.Id, entry);
            HasHashedHeaders |= entry.CorrelationId.Raw.StartsWith("hmac-"u8);
            Keep(_byCorrelation, entry.CorrelationId, entry);
        }
    }

    // The response tells more than the request, and a later try more than an earlier one.
    private static void Keep(Dictionary<RequestKey, VaultAuditEntry?> entries, JsonText id, in VaultLogEntry entry)
    {
        if (!id.IsEmpty && RequestKey.Of(id.Raw) is var key && entries.TryGetValue(key, out VaultAuditEntry? before) && (before is null || entry.IsResponse))
        {
            entries[key] = entry.ToEntry();
        }
    }
}

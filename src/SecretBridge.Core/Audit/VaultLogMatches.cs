using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The entries of a server's audit log that belong to events: by the id of the request, else by the id that was sent with it.</summary>
internal sealed class VaultLogMatches(int most)
{
    private const int MostFaults = 100;
    private readonly Dictionary<string, VaultAuditEntry?> _byRequest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VaultAuditEntry?> _byCorrelation = new(StringComparer.Ordinal);

    private long _untold;

    /// <summary>How many ids are looked for.</summary>
    internal int Wanted => _byRequest.Count + _byCorrelation.Count;

    /// <summary>Whether the log holds correlation ids as HMACs, which match nothing.</summary>
    internal bool HasHashedHeaders { get; private set; }

    /// <summary>What could not be read of the log.</summary>
    internal List<BridgeException> Faults { get; } = [];

    /// <summary>Looks for an event.</summary>
    /// <exception cref="BridgeException">There are too many (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal void Want(BridgeAuditEvent found)
    {
        if (found.RequestId is { } request)
        {
            _byRequest.TryAdd(request, null);
        }

        if (found.CorrelationId is { } correlation)
        {
            _byCorrelation.TryAdd(correlation, null);
        }

        if (Math.Max(_byRequest.Count, _byCorrelation.Count) > most)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "VaultAuditLog",
                $"More than {most} events would have to be looked up. Narrow them with -Since, -Until, -Uri or -Action.");
        }
    }

    /// <summary>Reads a log once, and keeps what was looked for.</summary>
    internal async Task SearchAsync(string log, CancellationToken cancellationToken)
    {
        await foreach ((TextLine line, BridgeException? fault) in FaultyLines.ReadAsync(log, cancellationToken).ConfigureAwait(false))
        {
            if (fault is not null)
            {
                Tell(fault);
            }
            else if (VaultLogLine.TryRead(line.Text) is { } found)
            {
                Take(found);
            }
            else
            {
                Tell(new(FaultKind.InvalidPayload, log, FormattableString.Invariant($"{log}, line {line.Number}: it is no entry of a Vault audit log.")));
            }
        }

        if (_untold > 0)
        {
            Faults.Add(new(FaultKind.InvalidPayload, log, FormattableString.Invariant($"{log}: {_untold} more of its lines could not be read.")));
            _untold = 0;
        }
    }

    /// <summary>The event with its entry, where one was found.</summary>
    internal BridgeAuditEvent Join(BridgeAuditEvent found) =>
        found.RequestId is { } request && _byRequest.GetValueOrDefault(request) is { } byRequest ? found with { VaultEntry = byRequest, MatchedBy = nameof(found.RequestId) }
        : found.CorrelationId is { } correlation && _byCorrelation.GetValueOrDefault(correlation) is { } byCorrelation
            ? found with { VaultEntry = byCorrelation, MatchedBy = nameof(found.CorrelationId) }
        : found;

    private void Take(VaultLogLine line)
    {
        Keep(_byRequest, line.RequestId, line);
        HasHashedHeaders |= line.CorrelationId?.StartsWith("hmac-", StringComparison.Ordinal) == true;
        Keep(_byCorrelation, line.CorrelationId, line);
    }

    // The response tells more than the request, and a later try more than an earlier one.
    private static void Keep(Dictionary<string, VaultAuditEntry?> entries, string? id, VaultLogLine line)
    {
        if (id is not null && entries.TryGetValue(id, out VaultAuditEntry? before) && (before is null || line.IsResponse))
        {
            entries[id] = line.Entry();
        }
    }

    private void Tell(BridgeException fault)
    {
        if (Faults.Count < MostFaults)
        {
            Faults.Add(fault);
        }
        else
        {
            _untold++;
        }
    }
}

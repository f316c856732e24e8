using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>
/// Reads audit trails in the order in which they were written, and looks their events up in the server's own log. Nothing but
/// the ids of events that are looked up is held in memory.
/// </summary>
internal sealed class AuditRead
{
    private readonly AuditQuery _query;
    private readonly AuditFilter _filter;
    private readonly IReporter _reporter;

    /// <summary>Prepares reading.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    internal AuditRead(AuditQuery query, IReporter reporter)
    {
        query.Validate();
        _query = query;
        _filter = new(query);
        _reporter = reporter;
    }

    /// <summary>Reads, one row an event. A line that cannot be read is a row with a fault; the others go on.</summary>
    public async IAsyncEnumerable<BridgeAuditEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        VaultLogMatches? matches = null;
        if (_query.VaultLogs.Count > 0)
        {
            matches = await LookUpAsync(cancellationToken).ConfigureAwait(false);
            foreach (BridgeException fault in matches.TakeFaults())
            {
                yield return new() { Uri = "", Action = "", File = fault.Target, Fault = fault };
            }
        }

        await foreach (BridgeAuditEvent found in EventsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return matches is null || found.Fault is not null ? found : matches.Join(found);
        }
    }

    private async IAsyncEnumerable<BridgeAuditEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string path in _query.Paths)
        {
            IReadOnlyList<OpenedFile> files = AuditFiles.Open(path);
            try
            {
                if (files.Count == 0)
                {
                    yield return Failed(path, new(FaultKind.InvalidArgument, path, $"There is no audit trail '{path}'."));
                }

                foreach (OpenedFile file in files)
                {
                    await foreach (BridgeAuditEvent found in FileAsync(file, cancellationToken).ConfigureAwait(false))
                    {
                        yield return found;
                    }
                }
            }
            finally
            {
                foreach (OpenedFile file in files)
                {
                    file.Dispose();
                }
            }
        }
    }

    private async IAsyncEnumerable<BridgeAuditEvent> FileAsync(OpenedFile opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string file = opened.File;
        await foreach ((TextLine line, BridgeException? fault) in FaultyLines.ReadAsync(opened, cancellationToken).ConfigureAwait(false))
        {
            if (fault is not null)
            {
                yield return Failed(file, fault);
            }
            else if (AuditLine.TryRead(line.Text, file, line.Number) is not { } found)
            {
                yield return Failed(file, new(FaultKind.InvalidPayload, file, FormattableString.Invariant($"{file}, line {line.Number}: it is no audit event, or it broke off.")));
            }
            else if (_filter.Keeps(found))
            {
                yield return found;
            }
        }
    }

    private async Task<VaultLogMatches> LookUpAsync(CancellationToken cancellationToken)
    {
        var matches = new VaultLogMatches(_query.MostLookedUp);
        await foreach (BridgeAuditEvent found in EventsAsync(cancellationToken).ConfigureAwait(false))
        {
            matches.Want(found);
        }

        foreach (string log in _query.VaultLogs)
        {
            _reporter.Verbose($"Looking {matches.Wanted} ids up in {log}.");
            matches.Search(log, cancellationToken);
        }

        if (matches.HasHashedHeaders)
        {
            _reporter.Warning("The server logs X-Correlation-Id as an HMAC, so that events without a request id cannot be matched by it. Write hmac=false to sys/config/auditing/request-headers/X-Correlation-Id.");
        }

        return matches;
    }

    private static BridgeAuditEvent Failed(string file, BridgeException fault) => new() { Uri = "", Action = "", File = file, Fault = fault };
}

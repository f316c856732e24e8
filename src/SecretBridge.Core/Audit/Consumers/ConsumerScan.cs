using System.Runtime.CompilerServices;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Finds out who asked for secrets, from a server's audit log of any size. Lines that cannot be about them are left out before
/// anything of them is parsed; memory grows with identities, not with lines.
/// </summary>
internal sealed class ConsumerScan
{
    private const string Piped = "(pipeline)";
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);
    private readonly ConsumerQuery _query;
    private readonly IReporter _reporter;
    private readonly FaultList _faults = new();
    private readonly long _start;
    private long _told;
    private long _bytes;

    /// <summary>Prepares a search.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    internal ConsumerScan(ConsumerQuery query, IReporter reporter)
    {
        query.Validate();
        (_query, _reporter) = (query, reporter);
        _start = _told = query.Time.GetTimestamp();
    }

    /// <summary>What of the log was seen, once the rows came to their end.</summary>
    internal LogCoverage Coverage { get; private set; } = new();

    /// <summary>
    /// Reads the logs and what is piped, and gives one row an identity or group in the end. Where it waits, rows come once all
    /// that was there has been read, and then each time anew that somebody asked again.
    /// </summary>
    /// <param name="inputs">Lines, or files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BridgeException">A reference or a trail cannot be used.</exception>
    public async IAsyncEnumerable<VaultConsumer> RunAsync(IAsyncEnumerable<LogInput> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<LogTarget> targets = await LogTargets.FindAsync(_query, _reporter, cancellationToken).ConfigureAwait(false);
        var own = new OwnRequests { Run = _query.OwnRun };
        if (_query is { ExcludesOwn: true, Trails.Count: 0, OwnRun: null })
        {
            _reporter.Warning("No audit trail of SecretBridge is known, so that none of its own requests is left out: name the trails of its runs, which Connect-VaultBackend -AuditPath keeps.");
        }

        await own.ReadAsync(_query.Trails, _query.Since, _reporter, cancellationToken).ConfigureAwait(false);
        var reader = new ConsumerReader(_query, targets, own, _faults);
        Coverage = reader.Coverage;
        var rows = new ConsumerRows(targets, _query.GroupBy);
        await foreach (LogStep step in StepsAsync(inputs, cancellationToken).ConfigureAwait(false))
        {
            if (step.Fault is { } fault)
            {
                _faults.Add(step.File, fault);
                Coverage.Unreadable++;
            }
            else if (!step.IsEndForNow)
            {
                reader.Take(step.File, step.Block);
                Count(step.Block.Bytes);
            }

            foreach (BridgeException found in _faults.Take())
            {
                yield return Failed(found);
            }

            if (step.IsEndForNow)
            {
                foreach (VaultConsumer row in rows.Of(reader.Usages, onlyNew: true))
                {
                    yield return row;
                }
            }
        }

        _faults.Conclude();
        foreach (BridgeException found in _faults.Take())
        {
            yield return Failed(found);
        }

        Conclude(reader);
        foreach (VaultConsumer row in rows.Of(reader.Usages, onlyNew: false))
        {
            yield return row;
        }
    }

    private async IAsyncEnumerable<LogStep> StepsAsync(IAsyncEnumerable<LogInput> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_query.Waits)
        {
            await foreach (LogStep step in new LiveLog(_query.Logs, _query.Poll, _query.Time).ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return step;
            }

            yield break;
        }

        foreach (LogStep step in Files(_query.Logs, cancellationToken))
        {
            yield return step;
        }

        long number = 0;
        byte[] buffer = [];
        await foreach (LogInput input in inputs.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (input.File is { } file)
            {
                foreach (LogStep step in Files([file], cancellationToken))
                {
                    yield return step;
                }
            }
            else if (input.Line is { Length: > 0 } line)
            {
                buffer = buffer.Length < Encoding.UTF8.GetMaxByteCount(line.Length) ? new byte[Encoding.UTF8.GetMaxByteCount(line.Length)] : buffer;
                int length = Encoding.UTF8.GetBytes(line, buffer);
                yield return new(Piped, new(++number, buffer.AsMemory(0, length), length, IsTooLong: false), null, IsEndForNow: false);
            }
        }
    }

    private IEnumerable<LogStep> Files(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach ((string file, byte[]? first) in LogFiles.Of(paths, _query.ReadsEveryLine))
        {
            bool isNew = true;
            foreach ((LineBlock block, BridgeException? fault) in LogBlocks.Read(file, skip: 0, cancellationToken))
            {
                if (isNew && fault is null && first is not null && !LogFiles.BeginsWith(block, first))
                {
                    // What had that name has another by now, and nobody would read it.
                    yield return new(file, default, new(FaultKind.InvalidArgument, file, $"'{file}' was rotated while the log was read. Read it again."), IsEndForNow: false);
                    break;
                }

                isNew = false;
                yield return new(file, block, fault, IsEndForNow: false);
            }
        }
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (_query.Time.GetElapsedTime(_told) >= ProgressInterval)
        {
            _told = _query.Time.GetTimestamp();
            double rate = _bytes / _query.Time.GetElapsedTime(_start).TotalSeconds;
            _reporter.Progress(new("Reading the audit log", FormattableString.Invariant($"{_bytes >> 20} MiB, {rate / (1 << 20):0} MiB/s"), _bytes, null, rate, null, Completed: false));
        }
    }

    private void Conclude(ConsumerReader reader)
    {
        if (_told != _start)
        {
            _reporter.Progress(new("Reading the audit log", "", _bytes, null, 0, null, Completed: true));
        }

        if (reader.MayCountTwice)
        {
            _reporter.Warning(FormattableString.Invariant(
                $"Several devices logged the same requests, and more than the {_query.MostKnown} that are remembered: some are counted twice. Give the files of one device."));
        }

        if (Coverage.HashedPaths > 0)
        {
            _reporter.Warning(FormattableString.Invariant(
                $"{Coverage.HashedPaths} entries hold their path as an HMAC: nobody can tell from them what was asked for, and they are not counted. Vault itself writes paths in clear; look at what ships the log."));
        }

        if (Coverage.Untold > 0)
        {
            _reporter.Warning(FormattableString.Invariant(
                $"{Coverage.Untold} entries do not tell their path or operation, and are not counted: the audit device, or what ships the log, leaves them out."));
        }

        if (Coverage.Earliest is null)
        {
            _reporter.Warning("Nothing that was read is an entry of an audit log with a time: who asked is not known. Give the file that the audit device writes, or its folder.");
        }

        if (_query.Since is { } end && Coverage.Latest < end)
        {
            _reporter.Warning(FormattableString.Invariant(
                $"The log ends at {Coverage.Latest:yyyy-MM-dd HH:mm:ss}Z, before {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: who asked since then is not known. Give the live log as well."));
        }

        if (_query.Since is { } since && Coverage.Earliest > since)
        {
            _reporter.Warning(FormattableString.Invariant(
                $"The log begins at {Coverage.Earliest:yyyy-MM-dd HH:mm:ss}Z, after {since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: who asked before that is not known."));
        }
    }

    private static VaultConsumer Failed(BridgeException fault) => new() { Uri = "", Fault = fault };
}

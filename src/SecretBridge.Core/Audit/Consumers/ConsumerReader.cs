namespace SecretBridge.Audit.Consumers;

/// <summary>Takes the lines of a log, and counts those that are about the targets.</summary>
internal sealed class ConsumerReader
{
    private readonly ConsumerQuery _query;
    private readonly IReadOnlyList<LogTarget> _targets;
    private readonly OwnRequests _own;
    private readonly LineFilter _filter;
    private readonly FaultList _faults;
    private readonly ConsumerTally _tally;
    private byte[] _path = [];
    private byte[] _namespace = [];
    private byte[] _mount = [];
    private string? _file;

    internal ConsumerReader(ConsumerQuery query, IReadOnlyList<LogTarget> targets, OwnRequests own, FaultList faults)
    {
        (_query, _targets, _own, _faults) = (query, targets, own, faults);
        _tally = new(query.GroupBy.Contains(ConsumerGrouping.Path), query.MostKnown, query.Waits);

        // Each text costs a search of its own; where there are many, looking at each line is no dearer.
        string[] texts = targets.Select(target => target.Text).Distinct(StringComparer.Ordinal).ToArray();
        _filter = new(query.ReadsEveryLine || texts.Length > 8 ? [] : texts);
    }

    internal IEnumerable<ConsumerUsage> Usages => _tally.Usages;

    /// <summary>Whether requests that several devices logged may have been counted twice.</summary>
    internal bool MayCountTwice => _tally.MayCountTwice;

    /// <summary>What of the log was seen.</summary>
    internal LogCoverage Coverage { get; } = new();

    /// <summary>Takes a block of lines of a file.</summary>
    internal void Take(string file, LineBlock block)
    {
        if (block.IsTooLong)
        {
            _faults.AddTooLong(file, block.Number);
            Coverage.Unreadable++;
            return;
        }

        ReadOnlySpan<byte> text = block.Text.Span;
        SeeEnds(file, text);
        foreach (LineFilter.Line line in _filter.Lines(text))
        {
            if (!Take(line.Text))
            {
                _faults.AddLine(file, block.Number + line.FeedsBefore());
                Coverage.Unreadable++;
            }
        }
    }

    // Of lines that are left out nobody knows the time: the first of a file and the last of each block are looked at for it.
    private void SeeEnds(string file, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> lines = text.TrimEnd("\r\n \t"u8);
        if (_file != file)
        {
            _file = file;
            int feed = lines.IndexOf((byte)'\n');
            See(feed < 0 ? lines : lines[..feed]);
        }

        See(lines[(lines.LastIndexOf((byte)'\n') + 1)..]);
    }

    private void See(ReadOnlySpan<byte> line)
    {
        if (VaultLogEntry.TryRead(line, DateTimeOffset.MaxValue, out VaultLogEntry entry))
        {
            Coverage.See(entry.Time);
        }
    }

    private bool Take(ReadOnlySpan<byte> line)
    {
        if (!VaultLogEntry.TryRead(line, _query.Since, out VaultLogEntry entry))
        {
            return false;
        }

        Coverage.See(entry.Time);
        if (entry.IsTooOld || entry.Time >= _query.Until)
        {
            return true;
        }

        if (!entry.HasRequest)
        {
            return false;
        }

        Coverage.Timeless += entry.Time is null ? 1 : 0;
        try
        {
            Count(entry);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return false;
        }
    }

    private void Count(in VaultLogEntry entry)
    {
        ReadOnlySpan<byte> path = entry.Path.Value(ref _path);
        if (path.StartsWith("hmac-"u8))
        {
            Coverage.HashedPaths++;
            return;
        }

        if (path.IsEmpty || entry.Operation.IsEmpty)
        {
            // Whoever asks for /v1/ itself makes entries without a path too, but is never served.
            Coverage.Untold += path.IsEmpty && (!entry.IsResponse || !entry.Error.IsEmpty) ? 0 : 1;
            return;
        }

        var request = new LoggedPath(LoggedPath.KindOf(entry.Operation.Raw), path, entry.Namespace.Value(ref _namespace), entry.MountPoint.Value(ref _mount));
        bool? isOwn = null;
        for (int target = 0; target < _targets.Count; target++)
        {
            RequestKind kind = _targets[target].Match(request, out LoggedPlace place);
            if (kind == RequestKind.None || (_query.OnlyValues && kind is RequestKind.List or RequestKind.Metadata))
            {
                continue;
            }

            isOwn ??= _own.Contains(entry);
            if (!isOwn.Value || !_query.ExcludesOwn)
            {
                _tally.Add(target, entry, kind, request, place, isOwn.Value);
            }
        }
    }
}

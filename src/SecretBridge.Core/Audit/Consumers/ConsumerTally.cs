using System.Runtime.InteropServices;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Counts requests by who made them. A request and its response are two lines of the log and count once: at the request, and
/// otherwise at the response if that tells another end; so do those that several devices logged. Memory grows with identities
/// and addresses, and only up to a bound with requests.
/// </summary>
/// <param name="byPath">Whether paths are told apart.</param>
/// <param name="mostKnown">Of how many requests it is remembered that they were counted.</param>
/// <param name="forgets">Whether what was counted is forgotten at that bound, as of a log that is followed: devices log a request
/// at one time. Else nothing more is remembered.</param>
internal sealed class ConsumerTally(bool byPath, int mostKnown, bool forgets)
{
    private const int MostUnanswered = 1 << 16;
    private readonly Dictionary<int, ConsumerUsage> _usages = [];
    private readonly Dictionary<(int Target, RequestKey Id), (ConsumerUsage Usage, RequestOutcome Outcome)> _unanswered = [];
    private readonly HashSet<(int Target, RequestKey Id)> _known = [];
    private readonly ConsumerKey.Writer _key = new();
    private bool _isPastBound;
    private bool _hasRepeated;

    /// <summary>Whether requests may have been counted twice: several devices logged the same, and more than can be remembered.</summary>
    internal bool MayCountTwice => _isPastBound && _hasRepeated;

    /// <summary>What was counted.</summary>
    internal IEnumerable<ConsumerUsage> Usages
    {
        get
        {
            foreach (ConsumerUsage first in _usages.Values)
            {
                for (ConsumerUsage? usage = first; usage is not null; usage = usage.Next)
                {
                    yield return usage;
                }
            }
        }
    }

    /// <summary>Counts an entry.</summary>
    /// <exception cref="InvalidOperationException">A text of it holds half a character.</exception>
    internal void Add(int target, in VaultLogEntry entry, RequestKind kind, in LoggedPath request, in LoggedPlace place, bool isOwn)
    {
        RequestOutcome outcome = OutcomeOf(entry.Error.Raw, kind);
        RequestKey? id = entry.Id.IsEmpty ? null : RequestKey.Of(entry.Id.Raw);
        if (entry.IsResponse && id is { } known && _unanswered.Remove((target, known), out (ConsumerUsage Usage, RequestOutcome Outcome) asked))
        {
            // Only the request's entry tells that the token was missing.
            asked.Usage.Recount(asked.Outcome, asked.Outcome == RequestOutcome.Denied ? asked.Outcome : outcome, entry.Time);
            return;
        }

        // Without an id nothing tells which response is whose: those count alone.
        if (!entry.IsResponse && id is null)
        {
            return;
        }

        _key.Write(target, isOwn, entry, request.Namespace);
        if (byPath)
        {
            _key.WritePath(place);
        }

        if (id is { } one && !IsFirst((target, one)))
        {
            _hasRepeated |= !entry.IsResponse;
            return;
        }

        ConsumerUsage usage = Find(_key.Written);
        usage.Count(outcome, entry.Time);
        if (!entry.IsResponse)
        {
            Await((target, id!.Value), usage, outcome);
        }
    }

    private bool IsFirst((int Target, RequestKey Id) id)
    {
        if (_known.Count < mostKnown)
        {
            return _known.Add(id);
        }

        if (forgets)
        {
            _known.Clear();
            return _known.Add(id);
        }

        bool isFirst = !_known.Contains(id);
        _isPastBound |= isFirst;
        return isFirst;
    }

    private void Await((int Target, RequestKey Id) id, ConsumerUsage usage, RequestOutcome outcome)
    {
        // Requests of which the server died, or whose responses another device logs, are not waited for for ever.
        if (_unanswered.Count >= MostUnanswered)
        {
            _unanswered.Clear();
        }

        _unanswered[id] = (usage, outcome);
    }

    private ConsumerUsage Find(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        ref ConsumerUsage? first = ref CollectionsMarshal.GetValueRefOrAddDefault(_usages, hash.ToHashCode(), out _);
        for (ConsumerUsage? usage = first; usage is not null; usage = usage.Next)
        {
            if (key.SequenceEqual(usage.Key))
            {
                return usage;
            }
        }

        return first = new(key.ToArray(), first);
    }

    private static RequestOutcome OutcomeOf(ReadOnlySpan<byte> error, RequestKind kind) =>
        error.IsEmpty
            ? kind switch
            {
                RequestKind.Read => RequestOutcome.Read,
                RequestKind.List => RequestOutcome.List,
                RequestKind.Metadata => RequestOutcome.Metadata,
                _ => RequestOutcome.Write,
            }
            : error.IndexOf("permission denied"u8) >= 0 || error.IndexOf("missing client token"u8) >= 0 ? RequestOutcome.Denied
            : RequestOutcome.Failed;
}

using System.Text;
using System.Text.Json;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Where each value was seen, by a keyed hash of it. Of a secret that shares nothing, little more than its path is kept.</summary>
internal sealed class DuplicateTable : IDisposable
{
    private readonly FindOptions _options;
    private readonly PayloadLeaves _leaves;
    private readonly RunDigest _digest;
    private readonly List<SourceStep> _secrets = [];
    private readonly Dictionary<RunDigest.Mark, Seen> _seen = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    internal DuplicateTable(FindOptions options)
    {
        _options = options;
        _leaves = new(options.KeyName);
        _digest = new(options.Fill);
    }

    /// <summary>Notes the values of a secret.</summary>
    /// <returns>False where one of them holds half of a character.</returns>
    internal bool TryAdd(Candidate candidate)
    {
        if (candidate.Payload is not { } payload)
        {
            return true;
        }

        int secret = _secrets.Count;
        try
        {
            if (_options.WholeSecret ? AddWhole(payload, secret) : AddValues(payload, secret))
            {
                _secrets.Add(candidate.Step);
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            // Values before the broken one may have been noted under that number.
            _secrets.Add(candidate.Step);
            return false;
        }
    }

    /// <summary>The groups of secrets that share something, the largest first, else as they were found.</summary>
    internal IEnumerable<SecretDuplicate> Groups(bool isComplete) => _seen.Values
        .Select(Members)
        .Where(members => members.Length > 1)
        .OrderByDescending(members => members.Length)
        .ThenBy(members => members[0].Secret)
        .ThenBy(members => members[0].Keys.FirstOrDefault(), StringComparer.Ordinal)
        .Select(members => new SecretDuplicate
        {
            Key = members.SelectMany(member => member.Keys).Distinct().ToArray(),
            Members = members.Select(member => FoundSecret.Of(_secrets[member.Secret]) with { MatchedKey = member.Keys, State = SecretState.Live }).ToArray(),
            IsComplete = isComplete,
        });

    public void Dispose()
    {
        _digest.Dispose();
        _seen.Clear();
    }

    private static (int Secret, string[] Keys)[] Members(Seen seen) => seen.All
        .GroupBy(place => place.Secret)
        .Select(group => (group.Key, group.Select(place => place.Key).OfType<string>().ToArray()))
        .ToArray();

    private bool AddValues(SecretPayload payload, int secret)
    {
        bool isAny = false;
        _leaves.Values(payload, (key, type, text) =>
        {
            if (type != JsonTokenType.Null && Encoding.UTF8.GetCharCount(text) >= _options.MinimumLength)
            {
                isAny = true;
                Note(_digest.Of(text), new(secret, Shared(key)));
            }
        });
        return isAny;
    }

    private bool AddWhole(SecretPayload payload, int secret)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        Note(PayloadMark.Of(_digest, payload.Json.Span), new(secret, null));
        return true;
    }

    private void Note(RunDigest.Mark mark, Place place) =>
        _seen[mark] = _seen.TryGetValue(mark, out Seen seen) ? seen.With(place) : new(place, null);

    private string Shared(string key)
    {
        _names.TryAdd(key, key);
        return _names[key];
    }

    private readonly record struct Place(int Secret, string? Key);

    private readonly record struct Seen(Place First, List<Place>? More)
    {
        internal IEnumerable<Place> All => More is null ? [First] : More.Prepend(First);

        internal Seen With(Place place)
        {
            List<Place> more = More ?? [];
            more.Add(place);
            return this with { More = more };
        }
    }
}

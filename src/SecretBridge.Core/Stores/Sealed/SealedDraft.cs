using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>The entries of a file as a group of changes makes them.</summary>
internal sealed class SealedDraft(SealedContent content, DateTimeOffset now, string file)
{
    private readonly Dictionary<string, SealedEntry> _entries = new(content.Entries, StringComparer.Ordinal);

    internal IEnumerable<SealedEntry> Entries => _entries.Values;

    internal bool HasChanged { get; private set; }

    /// <summary>The key that the file gets; null where it keeps its own.</summary>
    internal SealedKek? NewKey { get; private set; }

    /// <returns>The version written.</returns>
    internal int Write(SecretPath path, SecretPayload payload, int? checkAndSet)
    {
        SealedEntry? before = _entries.GetValueOrDefault(path.Value);
        int current = before?.Version ?? 0;
        if (checkAndSet is { } expected && expected != current)
        {
            string uri = SecretReference.Create("builtin", null, path).ToString();
            throw new BridgeException(FaultKind.CheckAndSetMismatch, uri, $"'{uri}' in '{file}' is at version {current}, not at the expected {expected}.");
        }

        Put((before ?? New(path)) with { Version = current + 1, Updated = now, Data = SealedData.Of(payload) });
        return current + 1;
    }

    internal void WriteMetadata(SecretPath path, MetadataChange change)
    {
        SealedEntry before = _entries.GetValueOrDefault(path.Value) ?? New(path);
        Put(before with { Custom = change.Over(before.Custom) ?? before.Custom });
    }

    internal void Remove(SecretPath path) => HasChanged |= _entries.Remove(path.Value);

    internal void ChangeKey(SealedKek key)
    {
        NewKey = key;
        HasChanged = true;
    }

    private SealedEntry New(SecretPath path) => new() { Path = path, Version = 0, Created = now, Updated = now, Data = SealedData.None };

    private void Put(SealedEntry entry)
    {
        _entries[entry.Path.Value] = entry;
        HasChanged = true;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Remembers on disk which secrets of a copy are done, so that a run that was killed goes on where it ended. A line is
/// written after its secret; what was written to the destination and not told here is found to be equal and told then.
/// </summary>
internal sealed class CopyJournal : IDisposable
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly JournalFile _file;

    // By a digest of both references, which is kept in memory alone: a million long paths would take much more.
    private readonly Dictionary<UInt128, JournalEntry> _done = [];
    private readonly Dictionary<string, string> _stores = new(StringComparer.Ordinal);
    private readonly List<string> _roots = [];
    private readonly List<CopyOutcome> _deleted = [];
    private int _root;

    private CopyJournal(string path, JournalFile file, TimeProvider time)
    {
        _path = path;
        _file = file;
        _time = time;
    }

    /// <summary>What a mirror deleted before.</summary>
    internal IReadOnlyList<CopyOutcome> Deleted => _deleted;

    /// <summary>Opens the journal of a copy; null where it has none, and for a plan, which does nothing.</summary>
    /// <exception cref="BridgeException">It is that of another run, damaged, or cannot be written (<see cref="FaultKind.JournalInvalid"/>).</exception>
    internal static CopyJournal? Open(CopyOptions options, StoreLocation destination)
    {
        if (options.JournalPath is not { } path || options.PlanOnly)
        {
            return null;
        }

        var file = JournalFile.Open(path, options.Resume, options.WrapJournal, options.Time);
        try
        {
            var journal = new CopyJournal(path, file, options.Time);
            SortedDictionary<string, string> settings = RunSettings.Of(options);
            string store = RunSettings.Text(destination.Store.Identity);
            if (journal.Load(destination.Uri, store, settings))
            {
                file.Append(JournalLine.Resumed(options.Time.GetUtcNow()), atOnce: true);
            }
            else
            {
                file.Append(JournalLine.Header(Guid.NewGuid(), options.Time.GetUtcNow(), destination.Uri, store, settings), atOnce: true);
                file.FlushFolder();
            }

            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Passes the sources on, and holds each folder against the one that the journal has in its place.</summary>
    /// <exception cref="BridgeException">It is another.</exception>
    internal TreeItem Passing(TreeItem item)
    {
        if (item.RelativePath is null)
        {
            if (_root < _roots.Count && _roots[_root] != item.Uri)
            {
                throw JournalFile.Broken(_path, $"is of another run: its source was '{_roots[_root]}', and now it is '{item.Uri}'");
            }

            if (_root >= _roots.Count)
            {
                _file.Append(JournalLine.Root(item.Uri));
                _roots.Add(item.Uri);
            }

            _root++;
        }

        return item;
    }

    /// <summary>Holds the store of a source against the one that had its name when the journal was begun.</summary>
    /// <exception cref="BridgeException">It is another.</exception>
    internal void Look(SourceStep step)
    {
        if (step.Location?.Store is not { } store)
        {
            return;
        }

        string root = store.Root.ToString();
        string identity = RunSettings.Text(store.Identity);
        if (_stores.TryGetValue(root, out string? known) && known != identity)
        {
            throw JournalFile.Broken(_path, $"is of another run: '{root}' is another store than it was");
        }

        if (known is null)
        {
            _stores.Add(root, identity);
            _file.Append(JournalLine.Store(root, identity));
        }
    }

    /// <summary>What became of a secret in an earlier run; null where it is still to be done. From many threads at once.</summary>
    internal CopyOutcome? Find(CopyResult row) => _done.TryGetValue(Key(row), out JournalEntry? entry) ? entry.On(row) : null;

    /// <summary>Tells what became of a secret.</summary>
    internal void Write(CopyOutcome outcome)
    {
        if (!outcome.IsFromJournal)
        {
            _file.Append(JournalLine.Secret(outcome.Row, JournalEntry.Of(outcome)));
        }
    }

    /// <summary>Tells that the run came to its end, or forces what was told to the disk where it did not.</summary>
    internal void Finish(CopySummary summary) => _file.Append(JournalLine.End(_time.GetUtcNow(), summary), atOnce: true);

    private bool Load(string destination, string store, SortedDictionary<string, string> settings)
    {
        int number = 0;
        foreach (ReadOnlyMemory<byte> line in _file.ReadLines(JournalLine.Beginning))
        {
            number++;
            try
            {
                using var json = JsonDocument.Parse(line);
                if (number == 1)
                {
                    CheckHeader(json.RootElement, destination, store, settings);
                }
                else
                {
                    Take(json.RootElement);
                }
            }
            catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
            {
                throw JournalFile.Broken(_path, FormattableString.Invariant($"cannot be understood in line {number}: it is damaged, or no journal"), exception);
            }
        }

        return number > 0;
    }

    private void CheckHeader(JsonElement header, string destination, string store, SortedDictionary<string, string> settings)
    {
        if (JournalLine.OptionalText(header, "format") != JournalLine.Format || header.GetProperty("version").GetInt32() != JournalLine.Version)
        {
            throw JournalFile.Broken(_path, "is no journal of a copy, or one of a later version of SecretBridge");
        }

        JsonElement options = header.GetProperty("options");
        string? other = header.GetProperty("destination").GetString() != destination ? "destination"
            : header.GetProperty("store").GetString() != store ? "destination's store"
            : settings.Keys.FirstOrDefault(name => JournalLine.OptionalText(options, name) != settings[name]);
        if (other is not null)
        {
            throw JournalFile.Broken(_path, $"is of another run: its {other} is another. Run what began it, or give another file");
        }
    }

    private void Take(JsonElement line)
    {
        if (JournalLine.OptionalText(line, "root") is { } root)
        {
            _roots.Add(root);
        }
        else if (JournalLine.OptionalText(line, "from") is { } from)
        {
            _stores[from] = line.GetProperty("store").GetString()!;
        }
        else if (line.TryGetProperty("source", out _))
        {
            (CopyResult row, JournalEntry entry) = JournalLine.Secret(line);
            if (row.Action == CopyAction.Deleted)
            {
                _deleted.Add(entry.On(row));
            }
            else if (entry.IsDone)
            {
                _done[Key(row)] = entry;
            }
            else
            {
                _done.Remove(Key(row));
            }
        }
    }

    private static UInt128 Key(CopyResult row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(row.Uri + "\n" + row.Destination), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}

using System.Buffers;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>
/// Remembers on disk which credentials a run has rotated. A line is written before each write, and another after it, so that a
/// run that was killed neither rotates a credential twice nor leaves one out. No line holds a secret or a hash of one.
/// </summary>
internal sealed class RotationJournal : IDisposable
{
    private const string Format = "secretbridge-rotation-journal";
    private static readonly byte[] Beginning = "{\"format\":\"secretbridge-rotation-journal\""u8.ToArray();

    private readonly string _path;
    private readonly JournalFile _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stores = new(StringComparer.Ordinal);

    private RotationJournal(string path, JournalFile file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens the journal of a run, or begins one.</summary>
    /// <exception cref="BridgeException">It is that of another kind of run, damaged, or cannot be written (<see cref="FaultKind.JournalInvalid"/>).</exception>
    internal static RotationJournal Open(CredentialRotateOptions options)
    {
        string path = options.JournalPath!;
        var file = JournalFile.Open(path, options.Resume, options.WrapJournal, options.Time);
        try
        {
            var journal = new RotationJournal(path, file);
            if (journal.Load())
            {
                file.Append(Line(json => json.WriteString("resumed", options.Time.GetUtcNow())));
            }
            else
            {
                file.Append(
                    Line(json =>
                    {
                        json.WriteString("format", Format);
                        json.WriteNumber("version", 1);
                        json.WriteString("time", options.Time.GetUtcNow());
                    }),
                    atOnce: true);
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

    /// <summary>What an earlier run did to a credential; null where it did nothing.</summary>
    /// <exception cref="BridgeException">What has the name of its store is another store than it was.</exception>
    internal Entry? Find(StoreLocation location)
    {
        string root = location.Store.Root.ToString();
        string identity = location.Store.Identity.Text;
        lock (_stores)
        {
            if (!_stores.TryGetValue(root, out string? known))
            {
                _stores.Add(root, identity);
                _file.Append(Line(json =>
                {
                    json.WriteString("from", root);
                    json.WriteString("store", identity);
                }));
            }
            else if (known != identity)
            {
                throw JournalFile.Broken(_path, $"is of another run: '{root}' is another store than it was");
            }

            // Its connection may have had another name.
            return _stores.Where(other => other.Value == identity)
                .Select(other => _entries.GetValueOrDefault(other.Key + location.Uri[root.Length..]))
                .FirstOrDefault(entry => entry is not null);
        }
    }

    /// <summary>Tells that a credential is about to be written.</summary>
    internal void Begin(string uri, int? previous) => _file.Append(Line(json =>
    {
        json.WriteString("rotating", uri);
        Number(json, "over", previous);
    }));

    /// <summary>Tells that a credential was refused and so not written: what it holds later is not the run's.</summary>
    internal void Refused(string uri) => _file.Append(Line(json => json.WriteString("refused", uri)));

    /// <summary>Tells that a credential is written.</summary>
    internal void End(CredentialChange row) => _file.Append(Line(json =>
    {
        json.WriteString("rotated", row.Uri);
        Number(json, "version", row.Version);
        if (row.RequestId is { } id)
        {
            json.WriteString("requestId", id);
        }
    }));

    /// <summary>Forces to the disk what was told, and closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private bool Load()
    {
        int number = 0;
        foreach (ReadOnlyMemory<byte> line in _file.ReadLines(Beginning))
        {
            number++;
            try
            {
                using var json = JsonDocument.Parse(line);
                Take(json.RootElement, isFirst: number == 1);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
            {
                throw JournalFile.Broken(_path, FormattableString.Invariant($"cannot be understood in line {number}: it is damaged, or no journal"), exception);
            }
        }

        return number > 0;
    }

    private void Take(JsonElement line, bool isFirst)
    {
        if (isFirst)
        {
            if (Text(line, "format") != Format || line.GetProperty("version").GetInt32() != 1)
            {
                throw JournalFile.Broken(_path, "is no journal of a rotation, or one of a later version of SecretBridge");
            }
        }
        else if (Text(line, "from") is { } from)
        {
            _stores[from] = line.GetProperty("store").GetString()!;
        }
        else if (Text(line, "rotating") is { } begun)
        {
            _entries[begun] = new(Number(line, "over"), IsDone: false);
        }
        else if (Text(line, "refused") is { } refused)
        {
            _entries.Remove(refused);
        }
        else if (Text(line, "rotated") is { } done)
        {
            _entries[done] = (_entries.GetValueOrDefault(done) ?? new(null, false)) with { IsDone = true };
        }
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int? Number(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What an earlier run did to a credential.</summary>
    /// <param name="Previous">The version that it was to replace; null where the store keeps none.</param>
    /// <param name="IsDone">Whether it said that the write was done.</param>
    internal sealed record Entry(int? Previous, bool IsDone);
}

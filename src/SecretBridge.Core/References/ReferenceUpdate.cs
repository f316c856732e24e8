using System.Runtime.CompilerServices;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>
/// Rewrites references in configuration files: in JSON inside strings alone, elsewhere as whole tokens of the text. All else of a
/// file stays as it is, and it is replaced as a whole or not at all.
/// </summary>
public sealed class ReferenceUpdate
{
    private static readonly string[] JsonExtensions = [".json", ".jsonc"];

    private readonly UpdateOptions _options;
    private readonly ReferenceMap _map;
    private readonly IReporter _reporter;

    /// <summary>Prepares rewriting.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public ReferenceUpdate(UpdateOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _map = new(options.Moves);
        _reporter = reporter;
    }

    /// <summary>Rewrites file after file, one row a reference. A file that could not be rewritten is a row with a fault; the others go on.</summary>
    public async IAsyncEnumerable<ReferenceChange> RunAsync(IAsyncEnumerable<UpdateItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (UpdateItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (ReferenceChange row in await UpdateAsync(item, cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
    }

    private async Task<IReadOnlyList<ReferenceChange>> UpdateAsync(UpdateItem item, CancellationToken cancellationToken)
    {
        try
        {
            TextFile file = await TextFile.ReadAsync(Path.GetFullPath(item.File), _options.LargestFile, cancellationToken).ConfigureAwait(false);
            FoundReference[] found = Find(file).ToArray();
            if (found.Length == 0)
            {
                _reporter.Verbose($"'{file.Path}' holds no reference that has moved.");
                return [];
            }

            string? backup = item.PlanOnly ? null : FileReplacement.Replace(file.Path, file.Bytes, file.Encode(Rewritten(file.Text, found)), _options.Backup);
            var lines = new LineCounter(file.Text);
            return Array.ConvertAll(found, one => Row(file.Path, lines, one) with { Planned = item.PlanOnly, Backup = backup });
        }
        catch (BridgeException exception)
        {
            return [new() { File = item.File, Planned = item.PlanOnly, Reason = exception.Message, Fault = exception }];
        }
    }

    private List<FoundReference> Find(TextFile file)
    {
        var scanner = new ReferenceScanner(_map);
        var found = new List<FoundReference>();
        var doubts = new List<(int Start, string Why)>();
        if (!JsonExtensions.Contains(Path.GetExtension(file.Path), StringComparer.OrdinalIgnoreCase))
        {
            found.AddRange(scanner.Find(file.Text));
            doubts = scanner.Doubts;
        }
        else
        {
            foreach ((int start, int length) in JsonStrings.Find(file.Text, file.Path))
            {
                (string value, int[] places) = JsonStrings.Decode(file.Text, start, length);
                found.AddRange(scanner.Find(value, isValue: true).Select(one =>
                    one with { Start = places[one.Start], Length = places[one.Start + one.Length] - places[one.Start] }));
                doubts.AddRange(scanner.Doubts.Select(doubt => (places[doubt.Start], doubt.Why)));
                scanner.Doubts.Clear();
            }
        }

        var lines = new LineCounter(file.Text);
        foreach ((int start, string why) in doubts)
        {
            _reporter.Warning($"A reference was left as it is, {file.Path}:{lines.At(start).Line}: {why}.");
        }

        return found;
    }

    private ReferenceChange Row(string path, LineCounter lines, FoundReference found)
    {
        (int line, int column) = lines.At(found.Start);
        if (found.Note is { } note)
        {
            _reporter.Warning($"{path}:{line}: '{found.OldReference}' is now '{found.NewReference}'. {note}");
        }

        return new()
        {
            File = path,
            Line = line,
            Column = column,
            OldReference = found.OldReference,
            NewReference = found.NewReference,
            Reason = found.Note,
        };
    }

    private static string Rewritten(string text, FoundReference[] found)
    {
        var rewritten = new StringBuilder(text.Length);
        int next = 0;
        foreach (FoundReference one in found)
        {
            rewritten.Append(text, next, one.Start - next).Append(one.Replacement);
            next = one.Start + one.Length;
        }

        return rewritten.Append(text, next, text.Length - next).ToString();
    }
}

using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Reads a log and goes on with what is written to it. Files are known by their first line, which holds a time and the id of a
/// request and so is nobody else's: one that was renamed or packed meanwhile is read on where it was left, and one that was cut
/// off and begun anew is read from its start. No file is held open while nothing is read.
/// </summary>
internal sealed class LiveLog(IReadOnlyList<string> logs, TimeSpan poll, TimeProvider time)
{
    private readonly string[] _paths = logs.Select(Path.GetFullPath).ToArray();
    private readonly Dictionary<RequestKey, (long Bytes, long Lines)> _read = [];
    private readonly Dictionary<string, (long Length, DateTime Changed)> _seen = new(StringComparer.Ordinal);

    /// <summary>Reads until it is cancelled.</summary>
    internal async IAsyncEnumerable<LogStep> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PassOverNeighbours();

        while (true)
        {
            foreach (string file in Changed())
            {
                if (LogFiles.FirstLine(file) is not { } first)
                {
                    continue;
                }

                var key = RequestKey.Of(first);
                foreach (LogStep step in ReadOn(file, key, cancellationToken))
                {
                    yield return step;
                }
            }

            yield return new("", default, null, IsEndForNow: true);
            await Task.Delay(poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // What was rotated before was not asked for.
    private void PassOverNeighbours()
    {
        IReadOnlyList<string> wanted = Ordered(_paths);
        foreach (string neighbour in Watched().Except(wanted, StringComparer.Ordinal))
        {
            if (LogFiles.FirstLine(neighbour) is { } first)
            {
                _read[RequestKey.Of(first)] = (long.MaxValue, 0);
            }
        }

        foreach (string file in wanted)
        {
            if (LogFiles.FirstLine(file) is { } first)
            {
                _read.Remove(RequestKey.Of(first));
            }
        }
    }

    private IEnumerable<LogStep> ReadOn(string file, RequestKey key, CancellationToken cancellationToken)
    {
        (long bytes, long lines) = _read.GetValueOrDefault(key);
        if (bytes == long.MaxValue)
        {
            yield break;
        }

        foreach ((LineBlock block, BridgeException? fault) in LogBlocks.Read(file, bytes, cancellationToken))
        {
            if (fault is not null)
            {
                yield return new(file, default, fault, IsEndForNow: false);
                break;
            }

            if (!block.IsWhole)
            {
                // Somebody is writing it: it comes with the next look.
                break;
            }

            (long readBytes, long readLines) = _read.GetValueOrDefault(key);
            _read[key] = (readBytes + block.Bytes, readLines + block.Lines);
            yield return new(file, block with { Number = lines + block.Number }, null, IsEndForNow: false);
        }
    }

    // Looking at names and lengths costs little; only what changed is opened.
    private List<string> Changed()
    {
        var changed = new List<string>();
        IReadOnlyList<string> watched = Watched();
        foreach (string file in _seen.Count == 0 ? Ordered(watched) : watched)
        {
            var info = new FileInfo(file);
            if (info.Exists && (info.Length, info.LastWriteTimeUtc) is var now && (!_seen.TryGetValue(file, out (long Length, DateTime Changed) before) || before != now))
            {
                _seen[file] = now;
                changed.Add(file);
            }
        }

        return changed;
    }

    private static IReadOnlyList<string> Ordered(IReadOnlyList<string> files) => [.. LogFiles.Of(files).Select(found => found.File)];

    // Beside a file lie what rotation makes of it.
    private List<string> Watched()
    {
        var files = new List<string>();
        foreach (string path in _paths)
        {
            bool isFolder = Directory.Exists(path);
            string folder = isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
            string prefix = isFolder ? "" : Path.GetFileName(path);
            if (Directory.Exists(folder))
            {
                files.AddRange(Directory.GetFiles(folder).Where(file => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Reverse());
            }
        }

        return files;
    }
}

using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>A route file as it stood when it was read, or as an edit would leave it. People edit it too: what an edit does not mean stays as it is.</summary>
internal sealed class RouteFile
{
    private const long Largest = 4 << 20;

    private readonly byte[]? _saved;
    private readonly byte[] _bytes;
    private readonly RouteFileText _text;

    private RouteFile(string path, byte[]? saved, byte[] bytes)
    {
        Path = path;
        _saved = saved;
        _bytes = bytes;
        (Routes, _text) = RouteFileReader.Read(Body(bytes), path);
        Table = RouteTable.Of(Routes);
    }

    /// <summary>Its full path.</summary>
    internal string Path { get; }

    internal IReadOnlyList<SecretRoute> Routes { get; }

    internal RouteTable Table { get; }

    private bool HasMark => _bytes.AsSpan().StartsWith("\uFEFF"u8);

    /// <summary>Reads a file.</summary>
    /// <exception cref="BridgeException">It is not there or broken (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal static RouteFile Load(string path) => Load(path, mayBeNew: false);

    /// <summary>Reads a file; where there is none, one without routes that is made when it is saved.</summary>
    internal static RouteFile LoadOrNew(string path) => Load(path, mayBeNew: true);

    /// <summary>The file with another route, at a place from 0.</summary>
    /// <exception cref="BridgeException">The route cannot be right, or has the pattern of another one.</exception>
    internal RouteFile Add(SecretRoute route, int index)
    {
        RouteRule.Of(route);
        if (Routes.Any(other => other.Pattern == route.Pattern))
        {
            throw new BridgeException(FaultKind.InvalidArgument, route.Pattern, $"'{Path}' has a route '{route.Pattern}'. Set-SecretRoute changes it.");
        }

        List<string> wanted = Routes.Select(other => other.Pattern).ToList();
        wanted.Insert(index, route.Pattern);
        return Edited(new RouteEdit(Body(_bytes), _text).Add(route, index), wanted);
    }

    /// <summary>The file with other values in some fields of a route.</summary>
    /// <exception cref="BridgeException">There is no such route, or the change cannot be right.</exception>
    internal RouteFile Set(string pattern, RouteChange change)
    {
        int index = IndexOf(pattern);
        RouteRule.Of(change.Of(Routes[index]));
        return Edited(new RouteEdit(Body(_bytes), _text).Set(index, change), Routes.Select(route => route.Pattern));
    }

    /// <summary>The file without a route.</summary>
    /// <exception cref="BridgeException">There is no such route.</exception>
    internal RouteFile Remove(string pattern)
    {
        int index = IndexOf(pattern);
        return Edited(new RouteEdit(Body(_bytes), _text).Remove(index), Routes.Where((_, place) => place != index).Select(route => route.Pattern));
    }

    /// <summary>Where a route stands, from 0.</summary>
    /// <exception cref="BridgeException">There is no such route (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal int IndexOf(string pattern)
    {
        for (int index = 0; index < Routes.Count; index++)
        {
            if (Routes[index].Pattern == pattern)
            {
                return index;
            }
        }

        throw new BridgeException(FaultKind.InvalidArgument, pattern, $"'{Path}' has no route '{pattern}'. Get-SecretRoute lists those that it has; a pattern is taken as it is written there.");
    }

    /// <summary>Writes the file as a whole, unless it is as it was.</summary>
    /// <exception cref="BridgeException">It cannot be written, or somebody else has changed it in between (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal void Save()
    {
        if (_saved is null)
        {
            FileReplacement.Create(Path, _bytes);
        }
        else if (!_bytes.AsSpan().SequenceEqual(_saved))
        {
            FileReplacement.Replace(Path, _saved, _bytes, backup: false);
        }
    }

    private static RouteFile Load(string path, bool mayBeNew)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return mayBeNew
                    ? new(path, null, "{\n  \"routes\": [\n  ]\n}\n"u8.ToArray())
                    : throw new BridgeException(FaultKind.InvalidConfiguration, path, $"There is no route file '{path}'. New-SecretRoute makes one.");
            }

            if (file.Length > Largest)
            {
                throw new BridgeException(FaultKind.InvalidConfiguration, path, $"'{path}' is larger than {Largest >> 20} MiB: it is no route file.");
            }

            byte[] bytes = File.ReadAllBytes(path);
            return new(path, bytes, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidConfiguration, path, $"The route file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static ReadOnlySpan<byte> Body(byte[] bytes) => bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;

    // An edit is read again before it counts: a comment in a place that was not thought of must not end in a broken file.
    private RouteFile Edited(byte[] body, IEnumerable<string> wanted)
    {
        string[] patterns = wanted.ToArray();
        RouteFile? after;
        try
        {
            after = new(Path, _saved, HasMark ? [.. "\uFEFF"u8, .. body] : body);
        }
        catch (BridgeException exception)
        {
            throw Unedited(exception);
        }

        return after.Routes.Select(route => route.Pattern).SequenceEqual(patterns) ? after : throw Unedited(null);
    }

    private BridgeException Unedited(Exception? cause) => new(FaultKind.InvalidConfiguration, Path,
        $"'{Path}' is written in a way that this edit would break; it was left as it is. Edit it by hand.", cause);
}

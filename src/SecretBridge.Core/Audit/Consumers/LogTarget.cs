using System.Text;
using SecretBridge.Stores;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// A secret or folder, and how requests for it look in a server's audit log. Where nobody knows where the mount ends, the words
/// of KV version 2 may follow any of the leading names; where nobody knows the version, both forms are taken.
/// </summary>
internal sealed class LogTarget
{
    private readonly string? _backend;
    private readonly byte[] _path;
    private readonly int[] _mountEnds;
    private readonly int? _kvVersion;
    private readonly byte[]? _namespace;
    private byte[] _full = [];

    /// <summary>Prepares a target.</summary>
    /// <param name="backend">The connection's name, as references to what is found tell it.</param>
    /// <param name="path">The mount and the path below it.</param>
    /// <param name="mount">The mount; null where it is not known.</param>
    /// <param name="kvVersion">1 or 2; null where it is not known.</param>
    /// <param name="namespacePath">The namespace, empty for the root; null takes any.</param>
    internal LogTarget(string? backend, SecretPath path, SecretPath? mount, int? kvVersion, string? namespacePath)
    {
        _backend = backend;
        _path = Encoding.UTF8.GetBytes(path.Value);
        _kvVersion = kvVersion;
        _namespace = namespacePath is null ? null : Encoding.UTF8.GetBytes(namespacePath.Trim('/'));
        _mountEnds = mount is { } known
            ? [Encoding.UTF8.GetByteCount(known.Value)]
            : [.. Enumerable.Range(1, path.Segments.Count).Select(count => Encoding.UTF8.GetByteCount(string.Join('/', path.Segments.Take(count))))];
        Uri = UriOf(path.Value);

        // What stands in each path that can match, whatever words of version 2 come between.
        Text = mount is { } folder ? Behind(folder, path) : path.Segments.Count > 1 ? path.Name : path.Value + "/";
    }

    /// <summary>The complete reference.</summary>
    internal string Uri { get; }

    /// <summary>A text that every path that can match holds.</summary>
    internal string Text { get; }

    /// <summary>The complete reference of a secret that was found, from mount and path.</summary>
    internal string UriOf(string path)
    {
        try
        {
            return SecretReference.Create("vault", _backend, SecretPath.Parse(path)).ToString();
        }
        catch (Reporting.BridgeException)
        {
            // Somebody asked for what cannot exist.
            return Uri;
        }
    }

    /// <summary>What a request does with this target.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Where, if it does anything: good until the next call.</param>
    internal RequestKind Match(in LoggedPath request, out LoggedPlace place)
    {
        place = default;
        if (request.Operation == RequestKind.None || (_namespace is not null && !IsAtOrBelow(request.Namespace, _namespace)))
        {
            return RequestKind.None;
        }

        ReadOnlySpan<byte> path = request.Path;
        ReadOnlySpan<byte> ours = _namespace is null ? request.Namespace : _namespace;
        RequestKind kind = RequestKind.None;
        if (request.Namespace.Length == ours.Length)
        {
            kind = MatchAnyMount(request, path, ref place);
        }

        // Whether a path begins with the namespace is for the server's version to say.
        if (kind == RequestKind.None && !request.Namespace.IsEmpty && path.Length > request.Namespace.Length && IsAtOrBelow(path, request.Namespace))
        {
            kind = MatchAnyMount(request, ours.IsEmpty ? path : path[(ours.Length + 1)..], ref place);
        }

        // A namespace below the target's may stand at the beginning of the target's path, and apart in the log.
        return kind == RequestKind.None && request.Namespace.Length > (_namespace?.Length ?? 0) ? MatchAnyMount(request, Below(request.Namespace, path), ref place) : kind;
    }

    private ReadOnlySpan<byte> Below(ReadOnlySpan<byte> ns, ReadOnlySpan<byte> path)
    {
        ns = _namespace is { Length: > 0 } ours ? ns[(ours.Length + 1)..] : ns;
        if (_full.Length < ns.Length + 1 + path.Length)
        {
            _full = new byte[(ns.Length + 1 + path.Length) * 2];
        }

        ns.CopyTo(_full);
        _full[ns.Length] = (byte)'/';
        path.CopyTo(_full.AsSpan(ns.Length + 1));
        return _full.AsSpan(0, ns.Length + 1 + path.Length);
    }

    private RequestKind MatchAnyMount(in LoggedPath request, ReadOnlySpan<byte> path, ref LoggedPlace place)
    {
        // Servers from 1.13 on say where the mount ends.
        if (_mountEnds.Length > 1 && !request.MountPoint.IsEmpty && path.StartsWith(request.MountPoint))
        {
            return IsAtOrBelow(_path, request.MountPoint)
                ? MatchMount(request, path, _path.AsSpan(0, request.MountPoint.Length), ref place)
                : IsAtOrBelow(request.MountPoint, _path) ? MatchBelow(request.Operation, path, request.MountPoint, default, ref place)
                : RequestKind.None;
        }

        foreach (int end in _mountEnds)
        {
            RequestKind kind = MatchMount(request, path, _path.AsSpan(0, end), ref place);
            if (kind != RequestKind.None)
            {
                return kind;
            }
        }

        return RequestKind.None;
    }

    private RequestKind MatchMount(in LoggedPath request, ReadOnlySpan<byte> path, ReadOnlySpan<byte> mount, ref LoggedPlace place) =>
        MatchBelow(request.Operation, path, mount, _path.Length > mount.Length ? _path.AsSpan(mount.Length + 1) : default, ref place);

    private RequestKind MatchBelow(RequestKind operation, ReadOnlySpan<byte> path, ReadOnlySpan<byte> mount, ReadOnlySpan<byte> wanted, ref LoggedPlace place)
    {
        if (path.Length <= mount.Length || !IsAtOrBelow(path, mount))
        {
            return RequestKind.None;
        }

        ReadOnlySpan<byte> rest = path[(mount.Length + 1)..];
        int slash = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> word = slash < 0 ? rest : rest[..slash];
        ReadOnlySpan<byte> below = slash < 0 ? default : rest[(slash + 1)..];
        if (_kvVersion != 1 && IsWord(word) && IsAtOrBelow(below, wanted))
        {
            place = new(mount, below);
            return operation == RequestKind.Read && word.SequenceEqual("metadata"u8) ? RequestKind.Metadata : operation;
        }

        if (_kvVersion != 2 && IsAtOrBelow(rest, wanted))
        {
            place = new(mount, rest);
            return operation;
        }

        return RequestKind.None;
    }

    private static bool IsWord(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("data"u8) || word.SequenceEqual("metadata"u8) || word.SequenceEqual("subkeys"u8) || word.SequenceEqual("delete"u8)
        || word.SequenceEqual("undelete"u8) || word.SequenceEqual("destroy"u8) || word.SequenceEqual("detailed-metadata"u8);

    private static bool IsAtOrBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder) =>
        folder.IsEmpty || (path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/'));

    private static string Behind(SecretPath mount, SecretPath path) =>
        path == mount ? mount.Name + "/" : "/" + path.RelativeTo(mount).Value;
}

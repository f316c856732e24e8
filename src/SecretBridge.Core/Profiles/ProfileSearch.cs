using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Finds the places of profiles. It lists folders for patterns, and reads no secret.</summary>
internal sealed partial class ProfileSearch(IStoreResolver stores)
{
    private static readonly SecretPath Any = SecretPath.Parse("*");

    /// <summary>The places, query after query, those of a folder in byte order. A query that leads nowhere is a find with a fault.</summary>
    internal async IAsyncEnumerable<FoundProfile> RunAsync(
        IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ProfileQuery query in queries.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (FoundProfile found in await FindAsync(query, cancellationToken).ConfigureAwait(false))
            {
                yield return found;
            }
        }
    }

    private async Task<IReadOnlyList<FoundProfile>> FindAsync(ProfileQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return query switch
            {
                { Uri: { } folder, Name: { } name } => await FindBelowAsync(folder, name, cancellationToken).ConfigureAwait(false),
                { Uri: { } uri } when uri.Contains("://", StringComparison.Ordinal) => await FindAtAsync(uri, cancellationToken).ConfigureAwait(false),
                _ => await FindByTextAsync(query.Name ?? query.Uri ?? "", cancellationToken).ConfigureAwait(false),
            };
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            string text = query.ToString();
            return [new(text, null, null, IsNamed: true) { Fault = exception }];
        }
    }

    private async Task<IReadOnlyList<FoundProfile>> FindBelowAsync(string folder, string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || name.Contains("://", StringComparison.Ordinal))
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Name", "With a folder, Name must be the name of a secret in it, with * and ? where many are meant.");
        }

        StoreLocation location = await ResolveAsync(In(SecretReference.Parse(folder), SecretPath.Parse(name)), cancellationToken).ConfigureAwait(false);
        name = name[(name.LastIndexOf('/') + 1)..];
        return IsPattern(name)
            ? await ListAsync(location with { Path = location.Path.Parent }, name, isEscaped: false, mustExist: true, cancellationToken).ConfigureAwait(false)
            : [Named(location, null)];
    }

    private async Task<IReadOnlyList<FoundProfile>> FindAtAsync(string uri, CancellationToken cancellationToken)
    {
        var reference = SecretReference.Parse(uri);
        bool isFolder = uri.EndsWith('/');
        StoreLocation location = await ResolveAsync(isFolder ? In(reference, Any) : reference, cancellationToken).ConfigureAwait(false);
        if (!isFolder && !location.Path.IsRoot)
        {
            return [Named(location, reference.Version)];
        }

        location = isFolder ? location : await ResolveAsync(In(reference, Any), cancellationToken).ConfigureAwait(false);
        return await ListAsync(location with { Path = location.Path.Parent }, "*", isEscaped: false, mustExist: true, cancellationToken).ConfigureAwait(false);
    }

    // A folder is found by what is in it, as each of its secrets is: a route for those may not be for the folder.
    private static SecretReference In(SecretReference folder, SecretPath below) =>
        SecretReference.Create(folder.Scheme!, folder.Backend, folder.Path.Append(below), folder.Version, folder.Key);

    // A reference whose last name may be a pattern, or such a name alone.
    private async Task<IReadOnlyList<FoundProfile>> FindByTextAsync(string text, CancellationToken cancellationToken)
    {
        int slash = text.LastIndexOf('/');
        string pattern = text[(slash + 1)..];
        bool isReference = text.Contains("://", StringComparison.Ordinal);
        if (!IsPattern(Pin().Replace(pattern, "")))
        {
            return isReference
                ? await FindAtAsync(text, cancellationToken).ConfigureAwait(false)
                : [Named(await ResolveAsync(SecretReference.Parse(text), cancellationToken).ConfigureAwait(false), SecretReference.Parse(text).Version)];
        }

        string folder = text[..(slash + 1)];
        if (folder.EndsWith("://", StringComparison.Ordinal) && !folder.StartsWith("builtin", StringComparison.OrdinalIgnoreCase))
        {
            throw new BridgeException(FaultKind.InvalidReference, text, $"'{text}' has its pattern where the mount stands; write vault://mount/{pattern}.");
        }

        // The folder that such a name stands in: where the default store keeps bare names is the resolver's to say. Its errors name the
        // pattern, in which ? would begin a version.
        StoreLocation inside = await ResolveAsync(SecretReference.Parse(folder + pattern.Replace("?", "%3F", StringComparison.Ordinal)), cancellationToken).ConfigureAwait(false);
        return await ListAsync(inside with { Path = inside.Path.Parent }, pattern, isEscaped: true, mustExist: slash >= 0, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<FoundProfile>> ListAsync(
        StoreLocation folder, string pattern, bool isEscaped, bool mustExist, CancellationToken cancellationToken)
    {
        FolderListing listing = await folder.Store.ListAsync(folder.Path, cancellationToken).ConfigureAwait(false);
        if (!listing.Exists && mustExist && !folder.Path.IsRoot)
        {
            throw new BridgeException(FaultKind.SecretNotFound, folder.Uri, $"There is no folder '{folder.Uri}', or the token may not know of it.");
        }

        return listing.Names
            .Where(name => !name.IsFolder && FileSystemName.MatchesSimpleExpression(pattern, isEscaped ? Escaped(name.Name) : name.Name, ignoreCase: false))
            .Select(name => Named(folder with { Path = folder.Path.Append(name.Name) }, null) with { IsNamed = false })
            .ToArray();
    }

    private async Task<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
        reference.Key is null
            ? await stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false)
            : throw new BridgeException(FaultKind.InvalidReference, reference.ToString(), $"'{reference}' names a key; a profile is a whole secret.");

    private static FoundProfile Named(StoreLocation location, int? version) => new(location.Uri, location, version, IsNamed: true);

    private static bool IsPattern(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    // In a reference a name is matched as references write it, so that %3F there is a question mark and ? is any character.
    private static string Escaped(string name) => SecretReference.Create("builtin", null, SecretPath.Root.Append(name)).ToString()["builtin://".Length..];

    [GeneratedRegex(@"\?version=[0-9]+(#.*)?$")]
    private static partial Regex Pin();
}

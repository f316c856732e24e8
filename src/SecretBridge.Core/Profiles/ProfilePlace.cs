using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Finds the place where one profile is to stand.</summary>
internal static class ProfilePlace
{
    /// <summary>The place of a reference, of a name in a folder, or of a name in the default store.</summary>
    /// <exception cref="BridgeException">It is no place for one whole secret.</exception>
    internal static async Task<StoreLocation> FindAsync(IStoreResolver stores, string? uri, string? name, CancellationToken cancellationToken)
    {
        string text = uri ?? name ?? throw new BridgeException(FaultKind.InvalidArgument, "Name", "Give the profile's name or its reference.");
        var reference = SecretReference.Parse(text);
        if (reference.Key is not null || reference.Version is not null)
        {
            throw new BridgeException(FaultKind.InvalidReference, text,
                $"'{text}' names {(reference.Key is not null ? "a key; a profile is a whole secret" : "a version; a write makes the next one")}.");
        }

        StoreLocation location = await stores.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        location = uri is null || name is null ? location : location with { Path = location.Path.Append(name) };
        return location.Path.IsRoot || (name is null && text.EndsWith('/'))
            ? throw new BridgeException(FaultKind.InvalidReference, text, $"'{text}' names a folder; give the profile's name too.")
            : location;
    }
}

using SecretBridge.Policies;
using SecretBridge.Profiles;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>What a policy is to allow, out of a profile: reading it, where it is on a server, and what its references lead to.</summary>
internal static class ProfilePolicy
{
    /// <exception cref="BridgeException">Only its metadata was read, or nothing of it is on a server.</exception>
    internal static IReadOnlyList<PolicyItem> Items(SealedProfile profile)
    {
        if (profile.IsMetadataOnly)
        {
            throw new BridgeException(FaultKind.InvalidArgument, profile.Uri, $"Of '{profile.Uri}' only the metadata was read, which does not tell its references. Read it without -MetadataOnly.");
        }

        IEnumerable<string?> references = [profile.Uri, .. profile.Environment.Values, .. profile.Secrets.Values.Select(value => value.Reveal())];
        PolicyItem[] items = [.. references.Where(IsOnServer).Distinct().Select(uri => new PolicyItem { For = PolicyOperation.Profile, SourceUri = uri })];
        return items.Length > 0 ? items
            : throw new BridgeException(FaultKind.NotSupported, profile.Uri, $"'{profile.Uri}' is in a file, and no value of it is a reference to a server: it needs no policy.");
    }

    private static bool IsOnServer(string? value) => ProfileReferences.IsReference(value) && SecretReference.Parse(value!).Scheme == "vault";
}

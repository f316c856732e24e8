using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>How the metadata of two secrets differs, by name. A store that keeps none has what a new secret has.</summary>
internal static class MetadataComparison
{
    private static readonly SecretMetadata None = new() { CurrentVersion = 0 };

    /// <summary>The names of what differs: settings as servers spell them, custom pairs as <c>custom_metadata.key</c>.</summary>
    internal static IReadOnlyList<string> Names(SecretMetadata? left, SecretMetadata? right)
    {
        SecretMetadata a = left ?? None;
        SecretMetadata b = right ?? None;
        var names = new List<string>();
        names.AddRange(a.CheckAndSetRequired == b.CheckAndSetRequired ? [] : ["cas_required"]);
        names.AddRange(a.CustomMetadata.Keys.Union(b.CustomMetadata.Keys, StringComparer.Ordinal)
            .Where(key => a.CustomMetadata.GetValueOrDefault(key) is not { } value || value != b.CustomMetadata.GetValueOrDefault(key))
            .Select(key => "custom_metadata." + key)
            .Order(Utf8Order.Instance));
        names.AddRange(a.DeleteVersionAfter == b.DeleteVersionAfter ? [] : ["delete_version_after"]);
        names.AddRange(a.MaxVersions == b.MaxVersions ? [] : ["max_versions"]);
        return names;
    }
}

using System.Globalization;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Where a copied secret came from, as its destination is told.</summary>
internal static class Provenance
{
    private const string Prefix = "secretbridge.";

    /// <summary>The custom metadata that records a source.</summary>
    internal static Dictionary<string, string> Origin(CopyOptions options, CopyItem item)
    {
        StoreIdentity identity = item.Source.Identity;
        var origin = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Prefix + "cluster"] = identity.Cluster,
            [Prefix + "path"] = SecretPath.Parse(identity.Mount).Append(item.SourcePath).Value,
            [Prefix + "time"] = options.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        if (item.Row.SourceVersion is { } version)
        {
            origin[Prefix + "version"] = version.ToString(CultureInfo.InvariantCulture);
        }

        return origin;
    }

    /// <summary>The note that goes with a value. What the caller says of the secret is said there too: a pair becomes a tag <c>key=value</c>.</summary>
    internal static WriteNote Note(CopyOptions options, CopyItem item)
    {
        string from = item.Source.Root.Scheme!;
        IEnumerable<KeyValuePair<string, string>> pairs = options.RecordSource ? options.Tag.Concat(Origin(options, item)) : options.Tag;
        return new()
        {
            Tags = [$"migrated-from-{from}", .. pairs.Select(pair => $"{pair.Key}={pair.Value}")],
            Description = options.Description ?? $"Migrated from {from}: {item.Row.Uri}",
            MaxVersions = options.MaxVersions,
        };
    }
}

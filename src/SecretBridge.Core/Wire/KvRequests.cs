using System.Globalization;

namespace SecretBridge.Wire;

/// <summary>Requests to KV mounts of both versions. Mount and path are unescaped; an empty path is the mount's root folder.</summary>
internal static class KvRequests
{
    /// <summary>The longest answer to a SCAN: past it, listing folder by folder needs less memory.</summary>
    public const int LargestScan = 32 << 20;

    public static VaultRequest ReadV1(string mount, string path) => new() { Method = HttpMethod.Get, Path = Join(mount, null, path) };

    /// <summary>Last writer wins, so that writing the same again does no harm.</summary>
    public static VaultRequest WriteV1(string mount, string path, ReadOnlyMemory<byte> payload) =>
        new() { Method = HttpMethod.Put, Path = Join(mount, null, path), Body = payload };

    public static VaultRequest DeleteV1(string mount, string path) => new() { Method = HttpMethod.Delete, Path = Join(mount, null, path) };

    public static VaultRequest ListV1(string mount, string folder) =>
        new() { Method = HttpMethod.Get, Path = Join(mount, null, folder), IsFolder = true, Query = "list=true" };

    public static VaultRequest ScanV1(string mount, string folder) => Scan(Join(mount, null, folder));

    public static VaultRequest ReadV2(string mount, string path, int? version) => new()
    {
        Method = HttpMethod.Get,
        Path = Join(mount, "data", path),
        Query = version is null ? null : string.Create(CultureInfo.InvariantCulture, $"version={version}"),
    };

    public static VaultRequest ReadSubkeys(string mount, string path, int? version) =>
        ReadV2(mount, path, version) with { Path = Join(mount, "subkeys", path) };

    /// <summary>Writes a new version around the payload's own bytes.</summary>
    public static VaultRequest WriteV2(string mount, string path, ReadOnlyMemory<byte> payload, int? checkAndSet) => new()
    {
        Method = HttpMethod.Post,
        Path = Join(mount, "data", path),
        Body = Wrap(payload.Span, checkAndSet),
        Retry = RetryRule.Write,
    };

    public static VaultRequest DeleteV2(string mount, string path) => new() { Method = HttpMethod.Delete, Path = Join(mount, "data", path) };

    /// <summary>Acts on versions: <paramref name="action"/> is <c>delete</c>, <c>undelete</c> or <c>destroy</c>.</summary>
    public static VaultRequest VersionsV2(string mount, string action, string path, IEnumerable<int> versions) => new()
    {
        Method = HttpMethod.Post,
        Path = Join(mount, action, path),
        Body = JsonBody.Of(writer =>
        {
            writer.WriteStartArray("versions"u8);
            foreach (int version in versions)
            {
                writer.WriteNumberValue(version);
            }

            writer.WriteEndArray();
        }),
    };

    public static VaultRequest ReadMetadata(string mount, string path) => new() { Method = HttpMethod.Get, Path = Join(mount, "metadata", path) };

    /// <summary>Changes metadata. Fields that are null are not sent, and the server leaves them; custom metadata is replaced as a whole.</summary>
    public static VaultRequest WriteMetadata(
        string mount, string path, IReadOnlyDictionary<string, string>? custom, int? maxVersions, bool? checkAndSetRequired, TimeSpan? deleteVersionAfter, int? checkAndSet) => new()
        {
            Method = HttpMethod.Post,
            Path = Join(mount, "metadata", path),
            Body = JsonBody.Of(writer =>
            {
                if (custom is not null)
                {
                    writer.WriteStartObject("custom_metadata"u8);
                    foreach ((string key, string value) in custom)
                    {
                        writer.WriteString(key, value);
                    }

                    writer.WriteEndObject();
                }

                WriteNumber(writer, "metadata_cas", checkAndSet);
                WriteSettings(writer, maxVersions, checkAndSetRequired, deleteVersionAfter);
            }),
        };

    public static VaultRequest ReadConfig(string mount) => new() { Method = HttpMethod.Get, Path = Join(mount, "config", "") };

    /// <summary>Changes what is set for a mount. Fields that are null are not sent, and the server leaves them.</summary>
    public static VaultRequest WriteConfig(string mount, int? maxVersions, bool? checkAndSetRequired, TimeSpan? deleteVersionAfter) => new()
    {
        Method = HttpMethod.Post,
        Path = Join(mount, "config", ""),
        Body = JsonBody.Of(writer => WriteSettings(writer, maxVersions, checkAndSetRequired, deleteVersionAfter)),
    };

    public static VaultRequest DeleteMetadata(string mount, string path) => new() { Method = HttpMethod.Delete, Path = Join(mount, "metadata", path) };

    /// <summary>Lists a folder.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="folder">The folder; empty for the root.</param>
    /// <param name="limit">The page's size, <c>max</c> for the policy's, or null for no paging.</param>
    /// <param name="after">The last name of the page before.</param>
    public static VaultRequest ListV2(string mount, string folder, string? limit, string? after) => new()
    {
        Method = HttpMethod.Get,
        Path = Join(mount, "metadata", folder),
        IsFolder = true,
        Query = "list=true" + (limit is null ? "" : "&limit=" + limit) + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)),
    };

    public static VaultRequest ScanV2(string mount, string folder) => Scan(Join(mount, "metadata", folder));

    private static void WriteNumber(System.Text.Json.Utf8JsonWriter writer, string name, int? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteSettings(System.Text.Json.Utf8JsonWriter writer, int? maxVersions, bool? checkAndSetRequired, TimeSpan? deleteVersionAfter)
    {
        WriteNumber(writer, "max_versions", maxVersions);
        if (checkAndSetRequired is { } required)
        {
            writer.WriteBoolean("cas_required"u8, required);
        }

        if (deleteVersionAfter is { } after)
        {
            writer.WriteString("delete_version_after"u8, GoDuration.Format(after));
        }
    }

    private static VaultRequest Scan(string path) =>
        new() { Method = HttpMethod.Get, Path = path, IsFolder = true, Query = "scan=true", MaxReply = LargestScan, Retry = RetryRule.Once };

    private static string Join(string mount, string? kind, string path) =>
        (kind is null ? mount : mount + "/" + kind) + (path.Length == 0 ? "" : "/" + path);

    private static byte[] Wrap(ReadOnlySpan<byte> payload, int? checkAndSet)
    {
        string tail = checkAndSet is null ? "}" : string.Create(CultureInfo.InvariantCulture, $",\"options\":{{\"cas\":{checkAndSet}}}}}");
        ReadOnlySpan<byte> head = "{\"data\":"u8;
        byte[] body = new byte[head.Length + payload.Length + tail.Length];
        head.CopyTo(body);
        payload.CopyTo(body.AsSpan(head.Length));
        System.Text.Encoding.ASCII.GetBytes(tail, body.AsSpan(head.Length + payload.Length));
        return body;
    }
}

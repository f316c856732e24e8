namespace SecretBridge.DevVault;

/// <summary>KV version 2: which endpoint a path means, and the endpoints that change versions.</summary>
internal sealed partial class KvV2Engine(VaultFlavour flavour) : IEngine
{
    private static readonly string[] Roots = ["data", "metadata", "delete", "undelete", "destroy", "subkeys", "detailed-metadata"];

    private static readonly Reply NoVersions = Reply.Errors(400, "No version number provided");

    public NameTree<KvSecret> Secrets { get; } = new();

    public KvConfig Config { get; } = new();

    public bool? Exists(Call call) => Split(call.Below) is ("data" or "metadata", { } path)
        ? Secrets.Get(path) is not null
        : null;

    public Reply Handle(Call call)
    {
        (string endpoint, string? path) = Split(call.Below);
        return WarnOfUnknownFields(call, endpoint, Answer(call, endpoint, path));
    }

    /// <summary>The endpoint and what it is asked about; null where the request names the endpoint alone, without a slash.</summary>
    private static (string Endpoint, string? Path) Split(string below)
    {
        int slash = below.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (below, null) : (below[..slash], below[(slash + 1)..]);
    }

    // OpenBao takes what it does not know in silence no longer: a 204 becomes a 200 with a warning.
    private Reply WarnOfUnknownFields(Call call, string endpoint, Reply reply)
    {
        if (flavour == VaultFlavour.Vault || !call.IsWrite || reply.Status >= 300 || call.Fields.IsEmpty)
        {
            return reply;
        }
        string[] known = endpoint switch
        {
            "data" => ["data", "options", "version"],
            "metadata" => OpenBaoMetadataFields,
            "config" => ["max_versions", "cas_required", "delete_version_after", "metadata_cas_required"],
            _ => ["versions"],
        };
        string[] unknown = [.. call.Fields.Root.EnumerateObject().Select(GoJson.Name).Except(known).Order(StringComparer.Ordinal)];
        return unknown.Length == 0
            ? reply
            : reply with { Status = 200, Body = null, Warnings = [$"Endpoint ignored these unrecognized parameters: [{string.Join(' ', unknown)}]"] };
    }

    private Reply Answer(Call call, string endpoint, string? path)
    {
        if (endpoint == "config" && path is null)
        {
            return HandleConfig(call);
        }
        if (!Roots.Contains(endpoint) || (flavour == VaultFlavour.Vault && endpoint is "subkeys" or "detailed-metadata"))
        {
            return WrongPath(call.Operation);
        }
        if (path is null && !call.IsListing)
        {
            return Reply.Warning(404, "Non-listing operations on the root of a K/V v2 mount are not supported.");
        }

        return (endpoint, call.Operation) switch
        {
            ("data", Operation.Read) => ReadData(call, path!),
            ("data", Operation.Create or Operation.Update) => WriteData(call, path!),
            ("data", Operation.Patch) => PatchData(call, path!),
            ("data", Operation.Delete) => SoftDelete(call, path!, null),
            ("metadata", Operation.Read) => ReadMetadata(path!),
            ("metadata", Operation.Create or Operation.Update) => WriteMetadata(call, path!),
            ("metadata", Operation.Patch) => PatchMetadata(call, path!),
            ("metadata", Operation.Delete) => RemoveMetadata(path!),
            ("metadata", Operation.List) => Reply.Keys(Listing.Page(call, Secrets.List(path ?? "") ?? [], flavour)),
            ("metadata", Operation.Scan) => Listing.Scanned(Secrets.Scan(path ?? "")),
            ("detailed-metadata", Operation.List) => ListDetailed(Listing.Page(call, Secrets.List(path ?? "") ?? [], flavour), path ?? ""),
            ("detailed-metadata", Operation.Scan) => ListDetailed(Secrets.Scan(path ?? ""), path ?? ""),
            ("subkeys", Operation.Read) => ReadSubkeys(call, path!),
            ("delete", Operation.Create or Operation.Update) => Versions(call) is { } numbers ? SoftDelete(call, path!, numbers) : NoVersions,
            ("undelete", Operation.Create or Operation.Update) => Undelete(call, path!),
            ("destroy", Operation.Create or Operation.Update) => Destroy(call, path!),
            _ => Reply.UnsupportedOperation,
        };
    }

    private Reply WrongPath(Operation operation)
    {
        string verb = operation switch
        {
            Operation.Read => "get",
            Operation.List => "list",
            Operation.Delete => "delete",
            Operation.Patch => "patch",
            Operation.Scan => "scan",
            _ => "put",
        };
        (string name, string command) = flavour == VaultFlavour.Vault ? ("Vault", "vault") : ("OpenBao", "bao");
        return Reply.Warning(404, "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. "
            + $"If using the {name} CLI, use '{command} kv {verb}' for this operation.");
    }

    private static IReadOnlyList<int>? Versions(Call call) => call.Fields.Ints("versions") is { Count: > 0 } numbers ? numbers : null;

    // 204 whether there was anything to delete or not: the answer is no proof of existence.
    private Reply SoftDelete(Call call, string path, IReadOnlyList<int>? numbers)
    {
        foreach (KvVersion version in Chosen(path, numbers))
        {
            if (version.IsReadable(call.Now))
            {
                version.DeleteAt(call.Now);
            }
        }
        return Reply.NoContent;
    }

    private Reply Undelete(Call call, string path)
    {
        if (Versions(call) is not { } numbers)
        {
            return NoVersions;
        }
        foreach (KvVersion version in Chosen(path, numbers).Where(version => !version.IsDestroyed))
        {
            version.DeleteAt(Secrets.Get(path)!.ExpiryFrom(call.Now, Config));
        }
        return Reply.NoContent;
    }

    private Reply Destroy(Call call, string path)
    {
        if (Versions(call) is not { } numbers)
        {
            return NoVersions;
        }
        foreach (KvVersion version in Chosen(path, numbers))
        {
            version.Destroy();
        }
        return Reply.NoContent;
    }

    private IEnumerable<KvVersion> Chosen(string path, IReadOnlyList<int>? numbers)
    {
        if (Secrets.Get(path) is not { } secret)
        {
            return [];
        }
        return (numbers ?? [secret.CurrentVersion]).Distinct().Where(secret.Versions.ContainsKey).Select(number => secret.Versions[number]);
    }

    private Reply HandleConfig(Call call)
    {
        switch (call.Operation)
        {
            case Operation.Read:
                return Reply.Of(Config.Describe(flavour));
            case Operation.Create or Operation.Update:
                int maxVersions = call.Fields.Int("max_versions") ?? Config.MaxVersions;
                TimeSpan after = call.Fields.Duration("delete_version_after") ?? Config.DeleteVersionAfter;
                Config.MaxVersions = maxVersions;
                Config.DeleteVersionAfter = after;
                Config.CasRequired = call.Fields.Flag("cas_required") ?? Config.CasRequired;
                Config.MetadataCasRequired = call.Fields.Flag("metadata_cas_required") ?? Config.MetadataCasRequired;
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }
}

using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

internal sealed partial class KvV2Engine
{
    private static readonly string[] MetadataFields = ["max_versions", "cas_required", "delete_version_after"];

    private static readonly string[] OpenBaoMetadataFields = [.. MetadataFields, "custom_metadata", "metadata_cas_required", "metadata_cas"];

    private Reply ReadMetadata(string path) =>
        Secrets.Get(path) is { } secret ? Reply.Of(secret.Describe(flavour)) : Reply.NotFound;

    private Reply RemoveMetadata(string path)
    {
        Secrets.Remove(path);
        return Reply.NoContent;
    }

    private Reply WriteMetadata(Call call, string path)
    {
        string[] known = flavour == VaultFlavour.Vault ? MetadataFields : OpenBaoMetadataFields;
        KvSecret? secret = Secrets.Get(path);
        RequestFields fields = call.Fields;
        int? maxVersions = fields.Int("max_versions");
        TimeSpan? deleteAfter = fields.Duration("delete_version_after");
        if (CheckMetadataCas(call, secret) is { } refusal)
        {
            return refusal;
        }
        Dictionary<string, string>? custom = null;
        if (known.Contains("custom_metadata") && fields.Get("custom_metadata") is { } given)
        {
            custom = CustomMetadata(given);
        }

        // A body that says nothing creates nothing.
        if (!known.Any(fields.Has))
        {
            return Reply.NoContent;
        }
        if (secret is null)
        {
            secret = new KvSecret(call.Now);
            Secrets.Set(path, secret);
        }
        secret.MaxVersions = maxVersions ?? secret.MaxVersions;
        secret.DeleteVersionAfter = deleteAfter ?? secret.DeleteVersionAfter;
        secret.CasRequired = fields.Flag("cas_required") ?? secret.CasRequired;
        if (flavour == VaultFlavour.OpenBao)
        {
            secret.MetadataCasRequired = fields.Flag("metadata_cas_required") ?? secret.MetadataCasRequired;
            if (custom is not null)
            {
                secret.SetCustomMetadata(custom);
            }
            secret.MetadataVersion++;
            secret.Updated = call.Now;
        }
        return Reply.NoContent;
    }

    private Reply PatchMetadata(Call call, string path)
    {
        if (RefuseContentType(call) is { } wrongType)
        {
            return wrongType;
        }
        if (Secrets.Get(path) is not { } secret)
        {
            return Reply.Empty(404);
        }
        if (CheckMetadataCas(call, secret) is { } refusal)
        {
            return refusal;
        }
        int? maxVersions = call.Fields.Int("max_versions");
        TimeSpan? deleteAfter = call.Fields.Duration("delete_version_after");
        if (call.Fields.Get("custom_metadata") is { ValueKind: JsonValueKind.Object } patch)
        {
            var merged = new Dictionary<string, string>(secret.CustomMetadata ?? [], StringComparer.Ordinal);
            foreach (JsonProperty member in patch.EnumerateObject())
            {
                merged.Remove(GoJson.Name(member));
            }
            Dictionary<string, string> set = CustomMetadata(GoJson.Parse(GoJson.Serialize(MergePatch.Apply(default, patch))));
            foreach ((string name, string value) in set)
            {
                merged[name] = value;
            }
            secret.SetCustomMetadata(merged);
        }
        secret.MaxVersions = maxVersions ?? secret.MaxVersions;
        secret.DeleteVersionAfter = deleteAfter ?? secret.DeleteVersionAfter;
        secret.CasRequired = call.Fields.Flag("cas_required") ?? secret.CasRequired;
        secret.MetadataVersion++;
        secret.Updated = call.Now;
        return Reply.NoContent;
    }

    private Reply ListDetailed(IEnumerable<string> names, string folder)
    {
        string[] keys = [.. names];
        if (keys.Length == 0)
        {
            return Reply.NotFound;
        }
        var details = new JsonMap();
        foreach (string key in keys)
        {
            details[key] = !key.EndsWith('/') && Secrets.Get(folder + key) is { } secret ? secret.Describe(flavour) : new JsonMap();
        }
        return Reply.Of(new JsonMap { ["key_info"] = details, ["keys"] = keys });
    }

    private Reply? CheckMetadataCas(Call call, KvSecret? secret)
    {
        if (flavour == VaultFlavour.Vault)
        {
            return null;
        }
        if (call.Fields.Int("metadata_cas") is not { } expected)
        {
            return Config.MetadataCasRequired || secret is { MetadataCasRequired: true }
                ? Reply.Errors(400, "metadata check-and-set parameter required for this call")
                : null;
        }
        if (secret is null)
        {
            return expected == 0 ? null : Reply.Errors(400, "metadata_cas must be 0 when creating new metadata");
        }
        return expected == secret.MetadataVersion
            ? null
            : Reply.Errors(400, "metadata check-and-set parameter does not match the current version");
    }

    private static Dictionary<string, string> CustomMetadata(JsonElement given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (given.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("'' expected a map");
        }
        foreach (JsonProperty member in given.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                string kind = member.Value.ValueKind == JsonValueKind.Object ? "map[string]interface {}" : "[]interface {}";
                throw Invalid($"'' expected type 'string', got unconvertible type '{kind}'");
            }
            values[GoJson.Name(member)] = RequestFields.TextOf(member.Value);
        }
        if (values.Count > 64)
        {
            throw Invalid($"payload must contain at most 64 keys, provided {values.Count}");
        }
        foreach ((string name, string value) in values)
        {
            Limit("key", name, name, 128);
            Limit("value for key", name, value, 512);
        }
        return values;
    }

    private static void Limit(string what, string name, string text, int most)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (length < 1 || length > most)
        {
            throw Invalid($"length of {what} \"{name}\" is {length} but must be 0 < len <= {most}");
        }
        if (!new RawTarget(text, "").IsPrintable())
        {
            throw Invalid($"{what} \"{name}\" contains unprintable characters");
        }
    }

    private static RefusalException Invalid(string why) => new(Reply.Errors(400, "custom_metadata validation failed: " + why));
}

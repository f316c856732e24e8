using System.Globalization;
using System.Text.Json;

namespace SecretBridge.DevVault;

internal sealed partial class KvV2Engine
{
    private static readonly Reply CasMismatch = Reply.Errors(400, "check-and-set parameter did not match the current version");

    private static readonly Reply CasMissing = Reply.Errors(400, "check-and-set parameter required for this call");

    private static readonly Reply NoData = Reply.Errors(400, "no data provided");

    private Reply ReadData(Call call, string path)
    {
        int wanted = WantedVersion(call);
        if (call.IsStale && wanted <= 0 && Secrets.Get(path) is { } lagging)
        {
            wanted = lagging.CurrentVersion > 1 ? lagging.CurrentVersion - 1 : int.MaxValue;
        }
        if (Find(path, wanted, out KvSecret secret) is not { } version)
        {
            return Reply.NotFound;
        }
        return version.IsReadable(call.Now)
            ? new Reply { Data = version.Readable(secret, flavour) }
            : Gone(secret, version);
    }

    private Reply WriteData(Call call, string path)
    {
        if (!call.Fields.Has("data"))
        {
            return NoData;
        }
        JsonElement data = call.Fields.Root.GetProperty("data");
        if (data.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return Reply.Errors(400, NotAMap(data));
        }
        KvSecret? secret = Secrets.Get(path);
        if (CheckCas(call, secret) is { } refusal)
        {
            return refusal;
        }
        return Store(call, path, StoredValue.From(data));
    }

    // RFC 7396. The whole stored secret is encoded anew from float64s: numbers that the patch never named lose their digits too.
    private Reply PatchData(Call call, string path)
    {
        if (RefuseContentType(call) is { } wrongType)
        {
            return wrongType;
        }
        if (call.Fields.Get("data") is not { ValueKind: JsonValueKind.Object } patch)
        {
            return NoData;
        }
        if (Secrets.Get(path) is not { Current: { } current } secret)
        {
            return Reply.Empty(404);
        }
        if (CheckCas(call, secret) is { } refusal)
        {
            return refusal;
        }
        if (!current.IsReadable(call.Now))
        {
            return Reply.Of(current.Describe(secret, flavour)) with { Status = 404 };
        }
        JsonElement stored = GoJson.Parse(current.Value!.ThroughDouble);
        byte[] merged = GoJson.Serialize(MergePatch.Apply(stored, patch));
        return Store(call, path, new StoredValue(merged));
    }

    // The shape of a secret without its values: every leaf is null.
    private Reply ReadSubkeys(Call call, string path)
    {
        if (Find(path, WantedVersion(call), out KvSecret secret) is not { } version)
        {
            return Reply.NotFound;
        }
        JsonMap metadata = version.Describe(secret, flavour);
        if (!version.IsReadable(call.Now))
        {
            return Reply.Of(new JsonMap { ["metadata"] = metadata, ["subkeys"] = null }) with { Status = 404 };
        }
        int depth = call.Fields.Int("depth") ?? 0;
        JsonElement value = GoJson.Parse(version.Value!.Exact);
        return Reply.Of(new JsonMap { ["metadata"] = metadata, ["subkeys"] = Shape(value, depth == 0 ? int.MaxValue : depth) });
    }

    private static JsonMap? Shape(JsonElement value, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object || depth == 0)
        {
            return null;
        }
        var map = new JsonMap();
        foreach (JsonProperty member in value.EnumerateObject())
        {
            map[GoJson.Name(member)] = Shape(member.Value, depth - 1);
        }
        return map.Count == 0 ? null : map;
    }

    private Reply Store(Call call, string path, StoredValue value)
    {
        if (Secrets.Get(path) is not { } secret)
        {
            secret = new KvSecret(call.Now);
            Secrets.Set(path, secret);
        }
        return Reply.Of(secret.Add(value, call.Now, Config).Describe(secret, flavour));
    }

    private Reply Gone(KvSecret secret, KvVersion version) =>
        Reply.Of(new JsonMap { ["data"] = null, ["metadata"] = version.Describe(secret, flavour) }) with { Status = 404 };

    private KvVersion? Find(string path, int number, out KvSecret secret)
    {
        secret = Secrets.Get(path)!;
        return secret?.Versions.GetValueOrDefault(number <= 0 ? secret.CurrentVersion : number);
    }

    private int WantedVersion(Call call)
    {
        if (call.Fields.Get("version") is not { } value || RequestFields.TryInt(value, out int number) && number == 0)
        {
            return 0;
        }
        if (RequestFields.TryInt(value, out number))
        {
            return number;
        }
        string text = RequestFields.TextOf(value);
        throw new RefusalException(flavour == VaultFlavour.Vault
            ? Reply.Failure(500, $"error converting input {text} for field \"version\": cannot parse '' as int: strconv.ParseInt: parsing \"{text}\": invalid syntax")
            : Reply.Errors(400, "Field validation failed: error converting input for field \"version\": '' cannot parse value as 'int': strconv.ParseInt: invalid syntax"));
    }

    // A version number of zero means that the path was never written; one that was deleted keeps its number.
    private Reply? CheckCas(Call call, KvSecret? secret)
    {
        RequestFields options = call.Fields.Object("options");
        if (!options.Has("cas"))
        {
            return Config.CasRequired || secret is { CasRequired: true } ? CasMissing : null;
        }
        int expected = 0;
        if (options.Get("cas") is { } cas && !RequestFields.TryInt(cas, out expected))
        {
            return Reply.Errors(400, "error parsing check-and-set parameter");
        }
        return expected == (secret?.CurrentVersion ?? 0) ? null : CasMismatch;
    }

    private string NotAMap(JsonElement data)
    {
        (string kind, string text) = data.ValueKind switch
        {
            JsonValueKind.String => ("string", GoJson.Text(data)),
            JsonValueKind.Number => ("json.Number", data.GetRawText()),
            JsonValueKind.Array => ("[]interface {}", data.GetRawText()),
            _ => ("bool", data.GetRawText()),
        };
        return flavour == VaultFlavour.Vault
            ? string.Create(CultureInfo.InvariantCulture, $"error converting input {text} for field \"data\": '' expected a map, got '{kind}'")
            : $"error converting input for field \"data\": '' expected type 'map[string]interface {{}}', got unconvertible type '{kind}'";
    }

    private static Reply? RefuseContentType(Call call)
    {
        if (string.IsNullOrEmpty(call.ContentType))
        {
            return Reply.Errors(400, "mime: no media type");
        }
        return call.ContentType.Split(';')[0].Trim() == "application/merge-patch+json"
            ? null
            : Reply.Errors(415, $"PATCH requires Content-Type of application/merge-patch+json, provided {call.ContentType}");
    }
}

using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>RFC 7396: null removes a member, an object merges, anything else replaces.</summary>
internal static class MergePatch
{
    public static object? Apply(JsonElement target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            return new RawJson(GoJson.Canonical(patch, throughDouble: true));
        }

        var merged = new JsonMap();
        if (target.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in target.EnumerateObject())
            {
                merged[GoJson.Name(member)] = member.Value;
            }
        }
        foreach (JsonProperty member in patch.EnumerateObject())
        {
            string name = GoJson.Name(member);
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Apply(merged.GetValueOrDefault(name) is JsonElement before ? before : default, member.Value);
            }
        }
        return merged;
    }
}

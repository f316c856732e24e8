namespace SecretBridge.DevVault;

/// <summary>Pages of names.</summary>
internal static class Listing
{
    /// <summary>OpenBao's after and limit; Vault knows neither and returns everything.</summary>
    public static IEnumerable<string> Page(Call call, IReadOnlyList<string> names, VaultFlavour flavour)
    {
        if (flavour == VaultFlavour.Vault)
        {
            return names;
        }

        string? after = call.Fields.Text("after");
        int limit = call.Fields.Text("limit") == "max" ? call.PaginationLimit ?? 0 : call.Fields.Int("limit") ?? 0;
        if (call.PaginationLimit is { } imposed && limit <= 0)
        {
            limit = imposed;
        }
        IEnumerable<string> page = string.IsNullOrEmpty(after) ? names : names.Where(name => Utf8Order.Instance.Compare(name, after) > 0);
        return limit > 0 ? page.Take(limit) : page;
    }

    /// <summary>An empty scan is no 404, unlike an empty list.</summary>
    public static Reply Scanned(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Reply.Of(all.Length == 0 ? new JsonMap() : new JsonMap { ["keys"] = all });
    }
}

namespace SecretBridge.DevVault;

internal sealed partial class SystemEngine
{
    private static readonly string[] ReservedNames = ["sys", "audit", "auth", "cubbyhole", "identity", "root", ".", ".."];

    private Reply HandleNamespaces(Call call, string name)
    {
        if (cluster.Flavour == VaultFlavour.Vault)
        {
            return Reply.UnsupportedPath;
        }
        if (name.Length == 0)
        {
            return call.IsListing ? ListNamespaces(call) : Reply.UnsupportedOperation;
        }
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return call.Operation == Operation.Delete
                ? Reply.Failure(500, "path must not contain /")
                : Reply.Errors(400, "path must not contain /");
        }

        Namespace? found = cluster.FindNamespace(call.Namespace.Path + name + "/");
        return call.Operation switch
        {
            Operation.Update or Operation.Create or Operation.Patch => WriteNamespace(call, name, found),
            Operation.Read => found is null ? Reply.NotFound : Reply.Of(Describe(found)),
            Operation.Delete => DeleteNamespace(found),
            _ => Reply.UnsupportedOperation,
        };
    }

    private Reply WriteNamespace(Call call, string name, Namespace? found)
    {
        if (ReservedNames.Contains(name))
        {
            return Reply.Errors(400, $"\"{name}\" is a reserved path and cannot be used as a namespace name");
        }
        if (name.Contains(' ', StringComparison.Ordinal))
        {
            return Reply.Errors(400, $"\"{name}\" contains space characters that cannot be used in a namespace name");
        }
        found ??= cluster.AddNamespace(call.Namespace.Path + name + "/", TokenStore.Random(6));
        found.CustomMetadata = call.Fields.Map("custom_metadata") ?? [];
        return Reply.Of(Describe(found));
    }

    private Reply DeleteNamespace(Namespace? found)
    {
        if (found is null)
        {
            return Reply.Warning(200, "requested namespace does not exist");
        }
        if (cluster.Namespaces.Any(other => other != found && other.Path.StartsWith(found.Path, StringComparison.Ordinal)))
        {
            return Reply.Errors(400, $"cannot delete namespace (\"{found.Path}\") containing child namespaces");
        }
        cluster.RemoveNamespace(found);
        return Reply.Of(new JsonMap { ["status"] = "in-progress" });
    }

    private Reply ListNamespaces(Call call)
    {
        string parent = call.Namespace.Path;
        var details = new JsonMap();
        foreach (Namespace one in cluster.Namespaces.Where(one => one.Path.Length > parent.Length && one.Path.StartsWith(parent, StringComparison.Ordinal)))
        {
            string name = one.Path[parent.Length..];
            if (call.Operation == Operation.Scan || name.IndexOf('/', StringComparison.Ordinal) == name.Length - 1)
            {
                details[name] = Describe(one);
            }
        }
        return details.Count == 0
            ? Reply.NotFound
            : Reply.Of(new JsonMap { ["key_info"] = details, ["keys"] = details.Keys.Order(Utf8Order.Instance).ToArray() });
    }

    private static JsonMap Describe(Namespace one) => new()
    {
        ["custom_metadata"] = one.CustomMetadata,
        ["id"] = one.Id,
        ["locked"] = false,
        ["path"] = one.Path,
        ["tainted"] = false,
        ["uuid"] = one.Uuid,
    };
}

using System.Text;

namespace SecretBridge.DevVault;

internal sealed partial class SystemEngine
{
    private Reply HandlePolicies(Call call, string name, string textField)
    {
        SortedDictionary<string, Policy> policies = call.Namespace.Policies;
        if (name.Length == 0)
        {
            string[] names = [.. policies.Keys.Append("root").Order(StringComparer.Ordinal)];
            return call.Operation switch
            {
                Operation.List => Reply.Of(new JsonMap { ["keys"] = names }),
                Operation.Read when textField == "rules" => Reply.Flat(new JsonMap { ["keys"] = names, ["policies"] = names }),
                _ => Reply.UnsupportedOperation,
            };
        }

#pragma warning disable CA1308 // The server folds policy names to lower case.
        name = name.ToLowerInvariant();
#pragma warning restore CA1308
        switch (call.Operation)
        {
            case Operation.Read:
                return ReadPolicy(policies, name, textField);
            case Operation.Update:
                return WritePolicy(call, name);
            case Operation.Delete:
                if (name is "root" or "default")
                {
                    return Reply.Errors(400, $"cannot delete \"{name}\" policy");
                }
                policies.Remove(name);
                cluster.ForgetAcls();
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply ReadPolicy(SortedDictionary<string, Policy> policies, string name, string textField)
    {
        if (!policies.TryGetValue(name, out Policy? policy) && name != "root")
        {
            return Reply.NotFound;
        }
        var data = new JsonMap { ["name"] = name, [textField] = policy?.Text ?? "" };
        if (cluster.Flavour == VaultFlavour.OpenBao && policy is not null)
        {
            data["cas_required"] = false;
            data["modified"] = GoTime.Format(policy.Modified);
            data["version"] = policy.Version;
        }
        return textField == "rules" ? Reply.Flat(data) : Reply.Of(data);
    }

    private Reply WritePolicy(Call call, string name)
    {
        string? text = call.Fields.Text("policy") ?? call.Fields.Text("rules");
        if (string.IsNullOrEmpty(text))
        {
            return Reply.Errors(400, "'policy' parameter not supplied or empty");
        }
        if (name == "root")
        {
            return Reply.Errors(400, "cannot update \"root\" policy");
        }
        if (text[0] is not ('{' or 'p' or '#') && TryBase64(text, out string? decoded))
        {
            text = decoded;
        }
        cluster.WritePolicy(call.Namespace, name, text, call.Now);
        return Reply.NoContent;
    }

    private static bool TryBase64(string text, out string decoded)
    {
        byte[] bytes = new byte[text.Length];
        bool valid = Convert.TryFromBase64String(text, bytes, out int length);
        decoded = valid ? Encoding.UTF8.GetString(bytes, 0, length) : text;
        return valid;
    }

    private Reply CapabilitiesOf(Call call, Token? token)
    {
        if (call.Operation != Operation.Update)
        {
            return Reply.UnsupportedOperation;
        }
        if (token is null)
        {
            return Reply.Errors(400, "invalid token");
        }
        IReadOnlyList<string> paths = call.Fields.Strings("paths") ?? call.Fields.Strings("path") ?? [];
        if (paths.Count == 0)
        {
            return Reply.Errors(400, "paths must be supplied");
        }
        var data = new JsonMap();
        foreach (string path in paths)
        {
            data[path] = cluster.AclOf(token).CapabilitiesOn(call.Namespace.Path + path.TrimStart('/'));
        }
        if (paths.Count == 1)
        {
            data["capabilities"] = data[paths[0]];
        }
        return Reply.Flat(data);
    }
}

namespace SecretBridge.DevVault;

/// <summary>sys/: which of its handlers a path means.</summary>
internal sealed partial class SystemEngine(Cluster cluster) : IEngine
{
    private const string AuditedHeaders = "auditing/request-headers";
    private static readonly string[] SudoPaths = ["auth/", "audit", "config/auditing/", "seal", "step-down", "raw/", "rotate", "remount"];

    public static bool NeedsSudo(string below) =>
        below != "audit-hash" && SudoPaths.Any(path => below == path.TrimEnd('/') ? !path.EndsWith('/') : below.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    public bool? Exists(Call call) => null;

    public Reply Handle(Call call)
    {
        string below = call.Below;
        if (below is "mounts" or "mounts/" && !call.IsWrite)
        {
            return call.Operation == Operation.Read ? Reply.Flat(Describe(call.Namespace.Mounts)) : Reply.UnsupportedOperation;
        }
        if (below == "auth")
        {
            return call.Operation == Operation.Read ? Reply.Flat(Describe(call.Namespace.Auth)) : Reply.UnsupportedOperation;
        }
        int slash = below.IndexOf('/', StringComparison.Ordinal);
        (string head, string rest) = slash < 0 ? (below, "") : (below[..slash], below[(slash + 1)..]);
        return (head, rest) switch
        {
            ("mounts", { Length: > 0 }) => HandleMount(call, rest, call.Namespace.Mounts),
            ("auth", { Length: > 0 }) => HandleMount(call, rest, call.Namespace.Auth),
            ("remount", "") => Remount(call),
            ("internal", "ui/mounts" or "ui/mounts/") => ListUiMounts(call),
            ("internal", _) when rest.StartsWith("ui/mounts/", StringComparison.Ordinal) => Preflight(call, rest["ui/mounts/".Length..]),
            ("policies", _) when rest.StartsWith("acl", StringComparison.Ordinal) => HandlePolicies(call, rest["acl".Length..].Trim('/'), "policy"),
            ("policy", _) => HandlePolicies(call, rest.Trim('/'), "rules"),
            ("capabilities-self", "") => CapabilitiesOf(call, call.Token),
            ("capabilities", "") => CapabilitiesOf(call, cluster.Tokens.Find(call.Fields.Text("token") ?? "", call.Now)),
            ("wrapping", _) => HandleWrapping(call, rest),
            ("namespaces", _) => HandleNamespaces(call, rest.Trim('/')),
            ("quotas", _) => HandleQuotas(call, rest),
            ("audit", _) => HandleAudit(call, rest.Trim('/')),
            ("audit-hash", _) => AuditHash(call, rest),
            ("config", _) when rest.StartsWith(AuditedHeaders, StringComparison.Ordinal) => HandleAuditedHeaders(call, rest[AuditedHeaders.Length..].Trim('/')),
            ("seal", "") when call.IsWrite => Seal(),
            ("step-down", "") when call.IsWrite => Reply.NoContent,
            ("replication", "status") => cluster.Flavour == VaultFlavour.Vault ? Reply.Of(new JsonMap { ["mode"] = "disabled" }) : Reply.Errors(404, "unsupported path"),
            _ => Reply.UnsupportedPath,
        };
    }

    private Reply Seal()
    {
        cluster.IsSealed = true;
        return Reply.NoContent;
    }

    private Reply HandleQuotas(Call call, string rest)
    {
        const string RateLimit = "rate-limit/";
        if (rest == "config" && call.IsWrite)
        {
            cluster.Quotas.SendHeaders = call.Fields.Flag("enable_rate_limit_response_headers") ?? cluster.Quotas.SendHeaders;
            return Reply.NoContent;
        }
        if (rest.TrimEnd('/') == RateLimit.TrimEnd('/') && call.Operation == Operation.List)
        {
            return Reply.Keys(cluster.Quotas.Names);
        }
        if (!rest.StartsWith(RateLimit, StringComparison.Ordinal))
        {
            return Reply.UnsupportedPath;
        }

        string name = rest[RateLimit.Length..];
        switch (call.Operation)
        {
            case Operation.Update:
                double rate = call.Fields.Get("rate") is { } given && double.TryParse(RequestFields.TextOf(given), System.Globalization.CultureInfo.InvariantCulture, out double parsed) ? parsed : 0;
                if (rate <= 0)
                {
                    return Reply.Errors(400, "'rate' is invalid");
                }
                cluster.Quotas.Set(name, call.Fields.Text("path") ?? "", rate);
                return Reply.NoContent;
            case Operation.Read:
                return cluster.Quotas.Describe(name) is { } quota ? Reply.Of(quota) : Reply.NotFound;
            case Operation.Delete:
                cluster.Quotas.Remove(name);
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }
}

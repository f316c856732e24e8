using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>
/// auth/kubernetes, and auth/jwt, whose login looks the same. There is no cluster to review a token: a role accepts exactly the JWTs that the test registered
/// for it, and every other one is as if the reviewer had refused it.
/// </summary>
internal sealed class KubernetesEngine(Cluster cluster, string mountPath) : LoginEngine(cluster, mountPath)
{
    private readonly Dictionary<string, TokenSettings> _roles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _accepted = new(StringComparer.Ordinal);

    public void Accept(string role, string jwt)
    {
        if (!_accepted.TryGetValue(role, out HashSet<string>? jwts))
        {
            _accepted[role] = jwts = new(StringComparer.Ordinal);
        }
        jwts.Add(jwt);
    }

    public override bool? Exists(Call call) =>
        call.Below.Split('/') is ["role", { Length: > 0 } name] ? _roles.ContainsKey(name) : null;

    public override Reply Handle(Call call) => call.Below.TrimEnd('/').Split('/') switch
    {
        ["config"] => call.IsWrite ? Reply.NoContent : Reply.NotFound,
        ["role"] when call.IsListing => Reply.Keys(_roles.Keys.Order(StringComparer.Ordinal)),
        ["role", { } name] => HandleRole(call, name),
        ["login"] => call.IsWrite ? Login(call) : Reply.UnsupportedOperation,
        _ => Reply.UnsupportedPath,
    };

    private Reply HandleRole(Call call, string name)
    {
        switch (call.Operation)
        {
            case Operation.Read:
                return _roles.TryGetValue(name, out TokenSettings? found) ? Reply.Of(found.Describe()) : Reply.NotFound;
            case Operation.Delete:
                _roles.Remove(name);
                return Reply.NoContent;
            case Operation.Create or Operation.Update:
                _roles[name] = Settings(call.Fields, _roles.GetValueOrDefault(name, TokenSettings.Default));
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply Login(Call call)
    {
        string role = call.Fields.Text("role") ?? "", jwt = call.Fields.Text("jwt") ?? "";
        if (jwt.Length == 0)
        {
            return Reply.Errors(400, "missing jwt");
        }
        if (role.Length == 0)
        {
            return Reply.Errors(400, "missing role");
        }
        if (!_roles.TryGetValue(role, out TokenSettings? settings))
        {
            return Reply.Errors(400, $"invalid role name \"{role}\"");
        }
        if (_accepted.TryGetValue(role, out HashSet<string>? jwts) && jwts.Contains(jwt))
        {
            return LogIn(call, role, "-" + role, settings, new(StringComparer.Ordinal) { ["role"] = role });
        }
        return Cluster.Flavour == VaultFlavour.Vault && !HasJsonHeader(jwt)
            ? Reply.Errors(500, "illegal base64 data at input byte 0")
            : Reply.Errors(403, "permission denied");
    }

    private static bool HasJsonHeader(string jwt)
    {
        string head = jwt.Split('.')[0].Replace('-', '+').Replace('_', '/');
        byte[] bytes = new byte[head.Length];
        if (!Convert.TryFromBase64String(head.PadRight((head.Length + 3) / 4 * 4, '='), bytes, out int length))
        {
            return false;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 0, length));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

namespace SecretBridge.DevVault;

/// <summary>auth/userpass.</summary>
internal sealed class UserPassEngine(Cluster cluster, string mountPath) : LoginEngine(cluster, mountPath)
{
    private readonly Dictionary<string, (string Password, TokenSettings Tokens)> _users = new(StringComparer.Ordinal);

    public override bool? Exists(Call call) =>
        call.Below.Split('/') is ["users", { Length: > 0 } name] ? _users.ContainsKey(name) : null;

    public override Reply Handle(Call call) => call.Below.TrimEnd('/').Split('/') switch
    {
        ["users"] when call.IsListing => Reply.Keys(_users.Keys.Order(StringComparer.Ordinal)),
        ["users", { } name] => HandleUser(call, name),
        ["login", { } name] => call.IsWrite ? Login(call, name) : Reply.UnsupportedOperation,
        _ => Reply.UnsupportedPath,
    };

    private Reply HandleUser(Call call, string name)
    {
        switch (call.Operation)
        {
            case Operation.Read:
                return _users.TryGetValue(name, out var found) ? Reply.Of(found.Tokens.Describe()) : Reply.NotFound;
            case Operation.Delete:
                _users.Remove(name);
                return Reply.NoContent;
            case Operation.Create or Operation.Update:
                (string password, TokenSettings tokens) = _users.GetValueOrDefault(name, ("", TokenSettings.Default));
                password = call.Fields.Text("password") ?? password;
                if (password.Length == 0)
                {
                    return Reply.Errors(400, "missing password");
                }
                _users[name] = (password, Settings(call.Fields, tokens));
                return Reply.NoContent;
            default:
                return Reply.UnsupportedOperation;
        }
    }

    private Reply Login(Call call, string name)
    {
        string? password = call.Fields.Text("password");
        if (string.IsNullOrEmpty(password))
        {
            return Reply.Errors(500, "missing password");
        }
        if (IsLockedOut(call, name))
        {
            return Reply.Errors(403, "permission denied");
        }
        return _users.TryGetValue(name, out var user) && user.Password == password
            ? LogIn(call, name, "-" + name, user.Tokens, new(StringComparer.Ordinal) { ["username"] = name })
            : Fail(call, name, "invalid username or password");
    }
}

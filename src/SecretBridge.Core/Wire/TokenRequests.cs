namespace SecretBridge.Wire;

/// <summary>Requests for tokens, logins and wrapping.</summary>
internal static class TokenRequests
{
    public static VaultRequest LookupSelf(string? ns) =>
        new() { Method = HttpMethod.Get, Path = "auth/token/lookup-self", Namespace = ns };

    public static VaultRequest RenewSelf(string? ns) =>
        new() { Method = HttpMethod.Post, Path = "auth/token/renew-self", Body = JsonBody.Empty, Namespace = ns };

    public static VaultRequest RevokeSelf(string? ns) =>
        new() { Method = HttpMethod.Post, Path = "auth/token/revoke-self", Body = JsonBody.Empty, Namespace = ns };

    public static VaultRequest AppRoleLogin(string mount, string roleId, SecretText? secretId, string? ns) =>
        Login($"auth/{mount.Trim('/')}/login", ns, secretId is null ? [("role_id", roleId)] : [("role_id", roleId), ("secret_id", secretId.Reveal())]);

    public static VaultRequest JwtLogin(string mount, string role, SecretText jwt, string? ns) =>
        Login($"auth/{mount.Trim('/')}/login", ns, ("role", role), ("jwt", jwt.Reveal()));

    public static VaultRequest PasswordLogin(string mount, string user, SecretText password, string? ns) =>
        Login($"auth/{mount.Trim('/')}/login/{user}", ns, ("password", password.Reveal()));

    /// <summary>Asks where a wrapping token was made; this does not use it up. The token goes in the body alone.</summary>
    public static VaultRequest WrappingLookup(SecretText wrappingToken, string? ns) => new()
    {
        Method = HttpMethod.Post,
        Path = "sys/wrapping/lookup",
        Body = JsonBody.Of(("token", wrappingToken.Reveal())),
        SendsToken = false,
        Namespace = ns,
    };

    /// <summary>Unwraps, with the wrapping token as the header alone: in the body too, the server would revoke it.</summary>
    public static VaultRequest Unwrap(SecretText wrappingToken, string? ns) => new()
    {
        Method = HttpMethod.Post,
        Path = "sys/wrapping/unwrap",
        Body = JsonBody.Empty,
        Token = wrappingToken,
        SendsToken = false,
        Retry = RetryRule.Never,
        Namespace = ns,
    };

    private static VaultRequest Login(string path, string? ns, params (string Name, string Value)[] members) => new()
    {
        Method = HttpMethod.Post,
        Path = path,
        Body = JsonBody.Of(members),
        SendsToken = false,
        Retry = RetryRule.Never,
        Namespace = ns,
    };
}

using System.Security;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>Logs in by each method.</summary>
internal sealed class VaultLogin(VaultAuth auth, VaultPipeline pipeline, string? ns, TimeProvider time)
{
    /// <summary>How far a server's clock may be ahead.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private int _wrappingUsed;
    private SecretText? _unwrapped;

    /// <summary>Whether a login can give another token.</summary>
    public bool CanLoginAgain => auth is AppRoleAuth or KubernetesAuth or UserpassAuth || _unwrapped is not null;

    /// <summary>Logs in.</summary>
    /// <exception cref="VaultException">The login was refused, wants a second factor, or did not reach the server.</exception>
    public async ValueTask<SessionToken> LoginAsync(CancellationToken cancellationToken)
    {
        VaultRequest request = auth switch
        {
            AppRoleAuth role => TokenRequests.AppRoleLogin(role.Mount, role.RoleId, role.SecretId is null ? null : Trimmed(role.SecretId), ns),
            WrappedAppRoleAuth wrapped => TokenRequests.AppRoleLogin(wrapped.Mount, wrapped.RoleId, await UnwrapAsync(wrapped, cancellationToken).ConfigureAwait(false), ns),
            KubernetesAuth kubernetes => TokenRequests.JwtLogin(kubernetes.Mount, kubernetes.Role, await ReadJwtAsync(kubernetes.JwtPath, cancellationToken).ConfigureAwait(false), ns),
            UserpassAuth user => TokenRequests.PasswordLogin(user.Mount, user.UserName, SecretText.Of(user.Password), ns),
            _ => throw new BridgeException(FaultKind.NotSupported, auth.Method, $"The method '{auth.Method}' has no login."),
        };
        long asked = time.GetTimestamp();
        VaultPipeline.Attempt attempt = await pipeline.SendAsync(request, null, cancellationToken).ConfigureAwait(false);
        if (attempt.Fault is { } fault)
        {
            throw Refused(request, fault);
        }

        JsonFields fields = JsonFields.Of(attempt.Reply!.Envelope.Auth);
        if (!fields.Raw("mfa_requirement").IsEmpty && !fields.Raw("mfa_requirement").Span.SequenceEqual("null"u8))
        {
            throw new VaultException(FaultKind.MfaRequired, request, $"{request}: the login wants a second factor, which is not supported here.");
        }

        return fields.Text("client_token") is { Length: > 0 } token
            ? SessionToken.FromAuth(fields, new SecretText(token), asked, time.GetUtcNow(), obtained: true)
            : throw new VaultException(FaultKind.MalformedReply, request, $"{request}: the reply to the login holds no token.");
    }

    internal static SecretText Trimmed(SecureString secure) => new(SecretText.Of(secure).Reveal().Trim());

    private static VaultException Refused(VaultRequest request, VaultException fault) =>
        fault.Kind is FaultKind.RequestRefused or FaultKind.PermissionDenied or FaultKind.TokenInvalid
            || (fault.Kind == FaultKind.ServerError && fault.StatusCode == 500)
            ? new(FaultKind.LoginFailed, request,
                $"{fault.Message} The login was refused: the credential may be wrong, expired or used up, or locked out after failed logins; or the method's mount or the namespace is another.", fault)
            {
                StatusCode = fault.StatusCode,
                RequestId = fault.RequestId,
            }
            : fault;

    private static async ValueTask<SecretText> ReadJwtAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return new((await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.LoginFailed, path, $"The service account's JWT cannot be read from '{path}'.", exception);
        }
    }

    private async ValueTask<SecretText> UnwrapAsync(WrappedAppRoleAuth wrapped, CancellationToken cancellationToken)
    {
        if (_unwrapped is not null)
        {
            return _unwrapped;
        }

        if (Interlocked.Exchange(ref _wrappingUsed, 1) != 0)
        {
            throw new BridgeException(FaultKind.WrappingTokenInvalid, wrapped.RoleName, "The wrapping token was used before. Ask for a new one.");
        }

        SecretText wrapping = Trimmed(wrapped.WrappingToken);
        string expected = $"auth/{wrapped.Mount.Trim('/')}/role/{wrapped.RoleName}/secret-id";
        VaultReply lookup = await SendAsync(TokenRequests.WrappingLookup(wrapping, ns), null, cancellationToken).ConfigureAwait(false);
        JsonFields fields = JsonFields.Of(lookup.Data);
        string? made = fields.Text("creation_path");
        if (!string.Equals(made, expected, StringComparison.Ordinal))
        {
            throw new VaultException(FaultKind.WrappingMismatch, "POST", "sys/wrapping/lookup",
                $"The wrapping token was made at '{PathSegment.Printable(made ?? "")}' and not at '{expected}'. Somebody may have replaced it: it was not unwrapped and nothing else was tried. Tell whoever looks after Vault's security.");
        }

        DateTimeOffset latest = time.GetUtcNow() + ClockSkew;
        if (fields.Time("creation_time") > latest || fields.Number("creation_ttl") <= 0)
        {
            throw new VaultException(FaultKind.WrappingMismatch, "POST", "sys/wrapping/lookup",
                "The wrapping token is said to be made in the future or to live no time, which no server says of one that it made. It was not unwrapped and nothing else was tried. Check this machine's clock, and tell whoever looks after Vault's security.");
        }

        VaultReply unwrapped = await SendAsync(TokenRequests.Unwrap(wrapping, ns), wrapping, cancellationToken).ConfigureAwait(false);
        return JsonFields.Of(unwrapped.Data).Text("secret_id") is { Length: > 0 } secretId
            ? _unwrapped = new SecretText(secretId)
            : throw new VaultException(FaultKind.MalformedReply, "POST", "sys/wrapping/unwrap", "What was wrapped holds no secret_id. Ask for a new wrapping token.");
    }

    private async ValueTask<VaultReply> SendAsync(VaultRequest request, SecretText? token, CancellationToken cancellationToken)
    {
        VaultPipeline.Attempt attempt = await pipeline.SendAsync(request, token, cancellationToken).ConfigureAwait(false);
        return attempt.Fault is null ? attempt.Reply!
            : attempt.Fault.Kind switch
            {
                FaultKind.WrappingTokenInvalid or FaultKind.PermissionDenied or FaultKind.TokenInvalid => throw new VaultException(FaultKind.WrappingTokenInvalid, request,
                    $"{request}: the wrapping token is used, expired or unknown. If it is fresh, somebody may have unwrapped it before you: tell whoever looks after Vault's security, and ask for a new one.", attempt.Fault)
                {
                    StatusCode = attempt.Fault.StatusCode,
                },
                FaultKind.OutcomeUnknown => throw new VaultException(FaultKind.OutcomeUnknown, request,
                    $"{request}: the reply was lost and the wrapping token may be used up. It is not tried again; ask for a new one.", attempt.Fault),
                _ => throw attempt.Fault,
            };
    }
}

using System.Globalization;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>Tells from a reply what went wrong, if anything did.</summary>
internal static class VaultFaults
{
    /// <summary>The failure that a reply is; null where it is an answer. Absent and deleted secrets are answers.</summary>
    public static VaultException? Of(VaultRequest request, VaultReply reply, SecretText? token)
    {
        if (request.TakesAnyStatus && reply.Envelope.IsJson)
        {
            return null;
        }

        if (reply.Status is not (>= 300 and < 500 or 502 or 503 or 504) && LooksLikeHtml(reply))
        {
            return Make(FaultKind.NotVault, request, reply, "a web page answered instead of Vault: check the address, and whether a proxy or sign-on stands before it");
        }

        return reply.Status switch
        {
            >= 200 and < 300 => OfSuccess(request, reply),
            400 => OfBadRequest(request, reply, token),
            403 => OfForbidden(request, reply, token),
            404 => OfNotFound(request, reply, token),
            405 => Make(FaultKind.NotSupported, request, reply, Said(request, reply, token, "the server does not support this")),
            412 => OfPrecondition(request, reply, token),
            413 => Make(FaultKind.PayloadTooLarge, request, reply, "the request is larger than the server takes"),
            429 => Make(FaultKind.RateLimited, request, reply, Said(request, reply, token, "a quota was exceeded"), transient: true, neverHandled: true),
            472 or 473 => Make(FaultKind.NoActiveNode, request, reply, "the node is a standby that does not answer requests"),
            501 => Make(FaultKind.Uninitialized, request, reply, Said(request, reply, token, "the server is not initialised")),
            503 => OfUnavailable(request, reply, token),
            >= 500 => OfServerError(request, reply, token),
            >= 300 and < 400 => Make(FaultKind.RedirectRefused, request, reply, "the server redirects, and the redirect was not followed"),
            _ => LooksLikeHtml(reply)
                ? Make(FaultKind.NotVault, request, reply, "a web page answered instead of Vault: check the address, and whether a proxy or sign-on stands before it")
                : Make(FaultKind.RequestRefused, request, reply, Said(request, reply, token, "the server refused the request")),
        };
    }

    private static VaultException? OfSuccess(VaultRequest request, VaultReply reply)
    {
        if (reply.Status == 204 || (reply.Body.IsEmpty && request.Method != HttpMethod.Get))
        {
            return null;
        }

        if (!reply.Envelope.IsJson)
        {
            return Make(FaultKind.MalformedReply, request, reply, "the reply is not JSON or was cut off", transient: true);
        }

        return reply.Envelope.IsWrapped
            ? Make(FaultKind.MalformedReply, request, reply, "the reply came wrapped: a policy, or a proxy between, forces response wrapping")
            : null;
    }

    private static VaultException OfBadRequest(VaultRequest request, VaultReply reply, SecretText? token)
    {
        string text = ErrorText(reply);
        (FaultKind kind, bool transient) = text switch
        {
            _ when Has(text, "check-and-set parameter did not match") || Has(text, "metadata check-and-set parameter does not match")
                || Has(text, "metadata_cas must be 0") => (FaultKind.CheckAndSetMismatch, false),
            _ when Has(text, "check-and-set parameter required") => (FaultKind.CheckAndSetRequired, false),
            _ when Has(text, "Upgrading from non-versioned") || Has(text, "Waiting for the primary to upgrade") => (FaultKind.UpgradeInProgress, true),
            _ when Has(text, "maximum number of strings") || Has(text, "high complexity") || Has(text, "too large") => (FaultKind.PayloadTooLarge, false),
            _ when Has(text, "missing client token") || Has(text, "invalid token") => (FaultKind.TokenInvalid, false),
            _ when Has(text, "wrapping token is not valid") => (FaultKind.WrappingTokenInvalid, false),
            _ when Has(text, "relative paths not supported") => (FaultKind.InvalidPath, false),
            _ when LooksLikeHtml(reply) => (FaultKind.NotVault, false),
            _ => (FaultKind.RequestRefused, false),
        };
        return Make(kind, request, reply, Said(request, reply, token, "the server refused the request as wrong"), transient, neverHandled: transient);
    }

    private static VaultException OfForbidden(VaultRequest request, VaultReply reply, SecretText? token)
    {
        string text = ErrorText(reply);
        if (LooksLikeHtml(reply))
        {
            return Make(FaultKind.NotVault, request, reply, "a web page refused the request before Vault saw it: a proxy or firewall stands between");
        }

        return Has(text, "invalid token") || Has(text, "bad token")
            ? Make(FaultKind.TokenInvalid, request, reply, Said(request, reply, token, "the token is not valid"))
            : Has(text, "preflight capability check")
                ? Make(FaultKind.MountNotFound, request, reply, "there is no such mount, or the token may see nothing below it: servers answer both alike")
                : Make(FaultKind.PermissionDenied, request, reply, Said(request, reply, token, "permission denied"));
    }

    private static VaultException? OfNotFound(VaultRequest request, VaultReply reply, SecretText? token)
    {
        if (reply.Body.IsEmpty)
        {
            // Vault says absence with a body. A gateway without a route says it without one, and must not make secrets vanish.
            return Make(FaultKind.NotVault, request, reply, "what answered is not Vault, which never says so little: a gateway stands between");
        }

        ReplyEnvelope envelope = reply.Envelope;
        if (!envelope.IsJson)
        {
            return Make(FaultKind.NotVault, request, reply, "what answered is not Vault: check the address");
        }

        if (envelope.Warnings.Any(warning => Has(warning, "Invalid path for a versioned")))
        {
            return Make(FaultKind.WrongKvVersion, request, reply, "the mount is KV version 2 and the call was made for version 1");
        }

        if (!envelope.Data.IsEmpty || envelope.Errors is { Count: 0 })
        {
            return null;
        }

        if (envelope is { Errors: null, RequestId: null })
        {
            return Make(FaultKind.NotVault, request, reply, "what answered is not Vault: check the address");
        }

        string text = ErrorText(reply);
        return text switch
        {
            _ when Has(text, "no handler for route") => Make(FaultKind.MountNotFound, request, reply, "there is no such mount"),
            _ when Has(text, "namespace not found") => Make(FaultKind.MountNotFound, request, reply, "there is no such namespace"),
            _ when Has(text, "unsupported path") => Make(FaultKind.NotSupported, request, reply, "the server does not know this call"),
            _ => Make(FaultKind.RequestRefused, request, reply, Said(request, reply, token, "not found")),
        };
    }

    private static VaultException OfPrecondition(VaultRequest request, VaultReply reply, SecretText? token) =>
        Has(ErrorText(reply), "X-Vault-Request")
            ? Make(FaultKind.RequestRefused, request, reply, "an agent or proxy between wants the X-Vault-Request header, and something took it away")
            : Make(FaultKind.ServerError, request, reply, Said(request, reply, token, "the node is behind the state that was asked for"), transient: true, neverHandled: true);

    private static VaultException OfUnavailable(VaultRequest request, VaultReply reply, SecretText? token)
    {
        string text = ErrorText(reply);
        return text switch
        {
            _ when Has(text, "sealed") => Make(FaultKind.Sealed, request, reply, Said(request, reply, token, "Vault is sealed"), transient: true, neverHandled: true),
            _ when Has(text, "not initialized") || Has(text, "not yet initialized") => Make(FaultKind.Uninitialized, request, reply, "the server is not initialised"),
            _ when Has(text, "has been locked") => Make(FaultKind.RequestRefused, request, reply, Said(request, reply, token, "the namespace is locked")),
            _ when Has(text, "active") => Make(FaultKind.NoActiveNode, request, reply, Said(request, reply, token, "no active node answers"), transient: true),
            _ => Make(FaultKind.ServerError, request, reply, Said(request, reply, token, "the server or a proxy before it is not available"), transient: true),
        };
    }

    private static VaultException OfServerError(VaultRequest request, VaultReply reply, SecretText? token)
    {
        string text = ErrorText(reply);
        if (Has(text, "value being too large") || Has(text, "entry too large") || Has(text, "max_entry_size"))
        {
            return Make(FaultKind.PayloadTooLarge, request, reply, "the value is larger than the server's storage takes");
        }

        if (request.Path.Contains("..", StringComparison.Ordinal))
        {
            // Vault's storage refuses such names, and says so with what looks like a passing failure.
            return Make(FaultKind.InvalidPath, request, reply, "the server cannot store a name that holds '..'");
        }

        return text switch
        {
            _ when Has(text, "active cluster node not found") || Has(text, "node not active") => Make(FaultKind.NoActiveNode, request, reply, "no active node answers", transient: true),
            _ when Has(text, "not initialized") => Make(FaultKind.Uninitialized, request, reply, "the server is not initialised"),
            _ => Make(FaultKind.ServerError, request, reply, Said(request, reply, token, "the server failed"), transient: true),
        };
    }

    private static string Said(VaultRequest request, VaultReply reply, SecretText? token, string otherwise) =>
        ErrorText(reply) is { Length: > 0 } text ? SecretScrubber.Scrub(text, token, request.Body) : otherwise;

    private static string ErrorText(VaultReply reply) =>
        reply.Envelope.Errors is { } errors ? string.Join("; ", errors) : "";

    internal static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    internal static bool LooksLikeHtml(VaultReply reply) =>
        !reply.Envelope.IsJson
        && (reply.Body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..] || reply.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true);

    internal static VaultException Make(FaultKind kind, VaultRequest request, VaultReply reply, string what, bool transient = false, bool neverHandled = false)
    {
        string id = reply.RequestId is { } requestId ? $", request {PathSegment.Printable(requestId)}" : "";
        return new(kind, request,
            string.Create(CultureInfo.InvariantCulture, $"{request}: {what} (status {reply.Status}{id})."))
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
            IsTransient = transient,
            NeverHandled = neverHandled,
            RetryAfter = reply.RetryAfter,
        };
    }
}

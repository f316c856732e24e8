using SecretBridge.Reporting;
using static SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Wire;

/// <summary>
/// Tells from a reply of ScaiVault what went wrong, if anything did. Its guide does not say what an error's body looks like:
/// the status decides, and the usual places of a text are looked into.
/// </summary>
internal static class ScaiVaultFaults
{
    private static readonly string[] TextMembers = ["message", "detail", "error", "error_description"];

    /// <summary>The failure that a reply is; null where it is an answer. An absent secret is an answer to a read.</summary>
    public static VaultException? Of(VaultRequest request, VaultReply reply, SecretText? token)
    {
        if (VaultFaults.LooksLikeHtml(reply) && reply.Status is not (>= 300 and < 400 or 502 or 503 or 504))
        {
            return VaultFaults.Make(NotVault, request, reply, "a web page answered instead of ScaiVault: check the address, and whether a proxy or sign-on stands before it");
        }

        return reply.Status switch
        {
            >= 200 and < 300 => OfSuccess(request, reply),
            >= 300 and < 400 => VaultFaults.Make(RedirectRefused, request, reply, "the server redirects, which ScaiVault is not known to do; the token was not sent there"),
            401 => Make(TokenInvalid, "the token is missing, expired or not valid"),
            403 => Make(PermissionDenied, "permission denied"),
            404 => OfNotFound(request, reply, token),
            405 => Make(NotSupported, "the server does not know this call"),
            409 => request.Method == HttpMethod.Post
                ? Make(RequestRefused, "there is one already")
                : Make(CheckAndSetMismatch, "somebody else wrote in between"),
            408 => Make(FaultKind.Timeout, "the server waited too long for the request", transient: true),
            413 => Make(PayloadTooLarge, "the request is larger than the server takes"),
            429 => Make(RateLimited, "a quota was exceeded", transient: true, neverHandled: true),
            501 => Make(NotSupported, "the server does not support this"),
            >= 500 => Make(ServerError, "the server or a proxy before it failed", transient: true),
            _ => Make(RequestRefused, "the server refused the request as wrong"),
        };

        VaultException Make(FaultKind kind, string otherwise, bool transient = false, bool neverHandled = false) =>
            VaultFaults.Make(kind, request, reply, Said(request, reply, token, otherwise), transient, neverHandled);
    }

    private static VaultException? OfSuccess(VaultRequest request, VaultReply reply) =>
        reply.Envelope.IsJson || (request.Method != HttpMethod.Get && reply.Body.IsEmpty)
            ? null
            : VaultFaults.Make(MalformedReply, request, reply, "the reply is not JSON or was cut off", transient: true);

    // What has no error in it was not said by the API: a gateway without a route must not make secrets vanish.
    private static VaultException? OfNotFound(VaultRequest request, VaultReply reply, SecretText? token)
    {
        string? text = TextOf(reply);
        if (text is null)
        {
            return VaultFaults.Make(NotVault, request, reply, "what answered is not ScaiVault, which tells an error as JSON: check the address, and what stands between");
        }

        if (VaultFaults.Has(text, "no handler for route"))
        {
            return VaultFaults.Make(NotVault, request, reply, "a Vault server answered, which is no ScaiVault: check the address");
        }

        return request.Method == HttpMethod.Get && request.IsSecret
            ? null
            : VaultFaults.Make(RequestRefused, request, reply, Said(request, reply, token, "there is no such thing"));
    }

    private static string Said(VaultRequest request, VaultReply reply, SecretText? token, string otherwise) =>
        TextOf(reply) is { Length: > 0 } text ? SecretScrubber.Scrub(text, token, request.Body) : otherwise;

    // Null where the body holds no error at all.
    private static string? TextOf(VaultReply reply)
    {
        if (!reply.Envelope.IsJson)
        {
            return null;
        }

        JsonFields body = JsonFields.Of(reply.Body);
        JsonFields inner = body.Object("error");
        return TextMembers.Select(inner.Text).Concat(TextMembers.Select(body.Text)).FirstOrDefault(text => text is { Length: > 0 })
            ?? (body.Has("errors") ? string.Join("; ", body.Strings("errors"))
            : TextMembers.Any(body.Has) || body.Has("code") ? ""
            : null);
    }
}

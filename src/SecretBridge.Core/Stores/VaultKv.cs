using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>What the stores of one mount share: the client, the mount, and who they are.</summary>
/// <param name="Client">The connection.</param>
/// <param name="Server">What the server says of itself.</param>
/// <param name="Backend">The connection's name.</param>
/// <param name="Mount">The mount without slashes at its ends.</param>
/// <param name="Identity">Which mount this really is.</param>
/// <param name="WrongVersion">Called when the server says that the mount is of another KV version than was known.</param>
internal sealed record VaultKv(VaultClient Client, ServerInfo Server, string Backend, string Mount, StoreIdentity Identity, Action WrongVersion)
{
    /// <summary>OpenBao's limit of strings in one request's JSON.</summary>
    public const int MostStrings = 1000;

    /// <summary>The longest request body that servers take unless set up otherwise.</summary>
    public const int LargestRequest = 32 << 20;

    public SecretReference Root { get; } = SecretReference.Create("vault", Backend, SecretPath.Parse(Mount));

    /// <summary>Sends a request, and forgets the mount's version when the server says that it is another.</summary>
    public async ValueTask<VaultReply> SendAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (VaultException exception) when (exception.Kind == FaultKind.WrongKvVersion)
        {
            WrongVersion();
            throw;
        }
        finally
        {
            // Also where it failed: a lost reply does not tell that nothing was changed.
            if (request.Method != HttpMethod.Get)
            {
                Client.Changes.Note(Mount, request.Path);
            }
        }
    }

    /// <summary>The paths below a folder by SCAN; null where the server does not tell them so.</summary>
    public async ValueTask<IReadOnlyList<SecretPath>?> TryScanAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        if (!Server.IsOpenBao)
        {
            // Vault takes ?scan=true for a read of that path: nothing could be told from its answer.
            return null;
        }

        try
        {
            IReadOnlyList<string>? keys = KvReplies.ReadKeys(request, await SendAsync(request, cancellationToken).ConfigureAwait(false));
            return keys?.Where(key => !key.EndsWith('/')).Select(SecretPath.Parse).ToArray();
        }
        catch (BridgeException exception) when (exception.Kind is not (FaultKind.TokenInvalid or FaultKind.CircuitOpen))
        {
            Client.Reporter.Verbose($"{exception.Message} Listing folder by folder instead.");
            return null;
        }
    }

    /// <summary>Why no KV mount of this server could hold a secret; null where one could.</summary>
    public string? WhyNotHold(SecretPath path, SecretPayload payload)
    {
        if (path.IsRoot)
        {
            return "the mount itself is no secret";
        }

        if (!Server.IsOpenBao && path.Value.Contains("..", StringComparison.Ordinal))
        {
            return "Vault cannot store a name that holds '..'";
        }

        if (payload.Length > LargestRequest - 1024)
        {
            return $"it is larger than the {LargestRequest >> 20} MiB that servers take in one request";
        }

        // Three more strings go around the payload. What is short cannot hold so many.
        return Server.IsOpenBao && payload.Length > 2 * MostStrings && payload.CountStrings() + 3 > MostStrings
            ? $"it holds more than the {MostStrings} JSON strings that OpenBao takes in one request"
            : null;
    }
}

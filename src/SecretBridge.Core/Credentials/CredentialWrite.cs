using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>Writes the secrets of credentials, given or generated, as new versions. Other keys of a credential stay.</summary>
public sealed class CredentialWrite
{
    private readonly CredentialWriteOptions _options;
    private readonly SecretWrite _write;

    /// <summary>Prepares writing.</summary>
    public CredentialWrite(CredentialWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _write = new(options.Write);
    }

    /// <summary>Writes, one row an item in their order. What could not be written is a row with a fault; the others go on.</summary>
    public async IAsyncEnumerable<CredentialChange> RunAsync(IAsyncEnumerable<CredentialItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CredentialItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return await WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<CredentialChange> WriteAsync(CredentialItem item, CancellationToken cancellationToken)
    {
        CredentialPath path;
        try
        {
            path = CredentialPath.Of(item.Uri);
        }
        catch (BridgeException exception)
        {
            return CredentialChange.Failed(item.Uri, null, exception);
        }

        SealedValue secret = item.Secret ?? GeneratedValue.Make(_options.Length, _options.CharacterSet, _options.Random);
        SecretChange change = await _write.WriteAsync(
            new(CredentialPath.Whole(item.Uri), item.PlanOnly, SecretPayload.FromValues([new(CredentialPath.SecretKey, secret)])), cancellationToken).ConfigureAwait(false);
        bool isNew = item.Secret is null && !change.Planned && change.Action is SecretAction.Created or SecretAction.Updated;
        return CredentialChange.Of(change, path) with { NewSecret = isNew ? secret : null };
    }
}

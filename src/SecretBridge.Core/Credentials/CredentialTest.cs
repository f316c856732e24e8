using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>Holds a submitted secret against those of credentials, in a time that does not depend on where they differ.</summary>
public sealed class CredentialTest
{
    private readonly int _throttleLimit;
    private readonly SecretTest _test;

    /// <summary>Prepares comparing.</summary>
    /// <param name="stores">Finds the stores that references mean.</param>
    /// <param name="submitted">The submitted secret.</param>
    /// <param name="throttleLimit">How many credentials may be under way.</param>
    /// <exception cref="BridgeException">The number cannot be right.</exception>
    public CredentialTest(IStoreResolver stores, SealedValue submitted, int throttleLimit)
    {
        _throttleLimit = throttleLimit;
        _test = new(new() { Stores = stores, Value = submitted, Key = CredentialPath.SecretKey, ThrottleLimit = throttleLimit });
    }

    /// <summary>Compares, one row an item in their order. What cannot be compared is a row with a fault; the others go on.</summary>
    public IAsyncEnumerable<SecretMatch> RunAsync(IAsyncEnumerable<CredentialItem> items, CancellationToken cancellationToken) =>
        BoundedPipe.SelectAsync(items, _throttleLimit, TestAsync, cancellationToken);

    private async Task<SecretMatch> TestAsync(CredentialItem item, CancellationToken cancellationToken)
    {
        try
        {
            CredentialPath.Of(item.Uri);
        }
        catch (BridgeException exception)
        {
            return new() { Uri = item.Uri, Fault = exception };
        }

        SecretMatch match = await _test.TestAsync(new(item.Uri), cancellationToken).ConfigureAwait(false);
        return match.Fault is { } fault ? match with { Fault = CredentialFaults.Read(fault) } : match;
    }
}

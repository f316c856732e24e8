using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// Sends requests to ScaiVault with the one token that it was given: no call is documented by which a token could be looked
/// up, renewed or revoked.
/// </summary>
internal sealed class ScaiVaultClient : IDisposable
{
    private readonly VaultTransport _transport;
    private readonly VaultPipeline _pipeline;
    private readonly SecretText _token;

    public ScaiVaultClient(WireOptions options, SecretText token, IReporter reporter, TimeProvider time, Action? sending = null)
    {
        Options = options with { Dialect = WireDialect.ScaiVault };
        _token = token;
        _transport = new VaultTransport(Options, time);
        _pipeline = new VaultPipeline(Options, _transport, reporter, time, sending);
    }

    public WireOptions Options { get; }

    public DateTimeOffset? CertificateExpires => _transport.CertificateExpires;

    /// <summary>Sends a request.</summary>
    /// <returns>The reply: success, or a 404 that says absent.</returns>
    /// <exception cref="VaultException">It failed.</exception>
    public async ValueTask<VaultReply> SendAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        VaultPipeline.Attempt attempt = await _pipeline.SendAsync(request, _token, cancellationToken).ConfigureAwait(false);
        return attempt.Fault is null ? attempt.Reply! : throw attempt.Fault;
    }

    public void Dispose() => _pipeline.Dispose();
}

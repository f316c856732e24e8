using System.Collections.Concurrent;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>Sends requests with the session's token, and finds out what a refusal means.</summary>
internal sealed class VaultClient : IDisposable
{
    private readonly VaultPipeline _pipeline;
    private readonly VaultTransport _transport;
    private readonly ConcurrentDictionary<string, byte> _warned = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();

    public VaultClient(WireOptions options, VaultAuth auth, string? authNamespace, bool verify, IReporter reporter, TimeProvider time, Action? sending = null)
    {
        Options = options;
        AuthNamespace = authNamespace ?? options.Namespace;
        Time = time;
        Reporter = reporter;
        _transport = new VaultTransport(options, time);
        _pipeline = new VaultPipeline(options, _transport, reporter, time, sending);
        Session = new VaultSession(auth, _pipeline, authNamespace ?? options.Namespace, verify, reporter, time);
    }

    public WireOptions Options { get; }

    /// <summary>The namespace that the token is of; null for the root.</summary>
    public string? AuthNamespace { get; }

    public TimeProvider Time { get; }

    public IReporter Reporter { get; }

    public VaultSession Session { get; }

    public DateTimeOffset? CertificateExpires => _transport.CertificateExpires;

    /// <summary>Signalled when the connection ends: what was read through it is to be forgotten then.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Counts what was changed through this connection.</summary>
    public ChangeCounts Changes { get; } = new();

    /// <summary>Sends a request.</summary>
    /// <returns>The reply: success, or a 404 that says absent or deleted.</returns>
    /// <exception cref="VaultException">It failed.</exception>
    public async ValueTask<VaultReply> SendAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        if (!request.SendsToken)
        {
            VaultPipeline.Attempt bare = await _pipeline.SendAsync(request, request.Token, cancellationToken).ConfigureAwait(false);
            return bare.Fault is null ? bare.Reply! : throw bare.Fault;
        }

        SessionToken token = await Session.GetAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref token.Sent.Value);
        VaultPipeline.Attempt attempt = await _pipeline.SendAsync(request, token.Token, cancellationToken).ConfigureAwait(false);
        if (attempt.Fault is { Kind: FaultKind.PermissionDenied or FaultKind.TokenInvalid } refusal
            && await Session.AfterRefusalAsync(token, refusal, cancellationToken).ConfigureAwait(false) is { } other)
        {
            attempt = await _pipeline.SendAsync(request, other.Token, cancellationToken).ConfigureAwait(false);
        }

        if (attempt.Fault is null)
        {
            Warn(request, attempt.Reply!, token.Token);
            return attempt.Reply!;
        }

        throw attempt.Fault;
    }

    // Such as parameters that the server ignored: what was asked for is then not what was done. Each is said once.
    private void Warn(VaultRequest request, VaultReply reply, SecretText token)
    {
        if (!reply.IsSuccess || reply.Body.IsEmpty)
        {
            return;
        }

        foreach (string warning in reply.Envelope.Warnings)
        {
            string text = SecretScrubber.Scrub(warning, token, request.Body);
            if (_warned.Count < 100 && _warned.TryAdd(text, 0))
            {
                Reporter.Warning($"{Options.Address.Text} warns: {text}");
            }
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _pipeline.Dispose();
    }
}

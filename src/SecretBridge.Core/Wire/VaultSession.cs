using System.Diagnostics.CodeAnalysis;
using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// Holds the token of a connection. It is refreshed on the next use after four fifths of its lease, by one caller while the
/// others wait; there is no timer.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Those who wait at the gate or hold it when the connection ends must still get through.")]
internal sealed partial class VaultSession
{
    private static readonly TimeSpan ProbeHolds = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLogins = TimeSpan.FromMinutes(1);

    private readonly VaultPipeline _pipeline;
    private readonly VaultLogin _login;
    private readonly string? _ns;
    private readonly IReporter _reporter;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly bool _verify;
    private readonly bool _isGiven;
    private volatile SessionToken? _current;
    private SessionToken? _aliveToken;
    private long _aliveSeen;
    private long? _reloginAt;
    private bool? _lookupTells;
    private volatile bool _closed;

    public VaultSession(VaultAuth auth, VaultPipeline pipeline, string? ns, bool verify, IReporter reporter, TimeProvider time)
    {
        _pipeline = pipeline;
        _login = new VaultLogin(auth, pipeline, ns, time);
        _ns = ns;
        _verify = verify;
        _reporter = reporter;
        _time = time;
        if (auth is TokenAuth given)
        {
            _isGiven = true;
            _current = new SessionToken { Token = CheckToken(VaultLogin.Trimmed(given.Token)), Asked = time.GetTimestamp() };
        }
    }

    /// <summary>The token as it is known now; null before the first login.</summary>
    public SessionToken? Current => _current;

    /// <summary>What the login lets a value that is read now be kept for.</summary>
    public LoginTerm Term()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_current is not { } token)
        {
            return new(now, now);
        }

        DateTimeOffset began = now - _time.GetElapsedTime(token.Asked);
        DateTimeOffset? ends = began + token.Lease;
        DateTimeOffset refresh = _isGiven || token.Lease is null ? now + SessionToken.LookAgain : began + (token.Lease.Value * SessionToken.RefreshAt);
        return new(ends < refresh ? ends.Value : refresh, ends);
    }

    /// <summary>Logs in, or asks what the given token is, unless it is not to be verified.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        SessionToken? given = _current;
        if (given is null)
        {
            _current = await _login.LoginAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_verify)
        {
            _current = await LookupAsync(given, cancellationToken).ConfigureAwait(false);
        }

        if (_current is { NumUses: > 0 } limited)
        {
            _reporter.Warning($"The token is good for {limited.NumUses} requests in all, which is little for a tree of secrets.");
        }
    }

    /// <summary>The token to send next, refreshed when it is due.</summary>
    public ValueTask<SessionToken> GetAsync(CancellationToken cancellationToken)
    {
        SessionToken? current = _current;
        ThrowIfClosed();
        return current is not null && _time.GetElapsedTime(current.Asked) < current.Due
            ? new(current)
            : new(RefreshAsync(due: true, cancellationToken));
    }

    /// <summary>Renews now, or logs in again where the token cannot be renewed.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => RefreshAsync(due: false, cancellationToken);

    /// <summary>Asks the server about the token. A token of limited use is not asked about: each question uses it up.</summary>
    /// <returns>Whether it was asked.</returns>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        SessionToken current = await GetAsync(cancellationToken).ConfigureAwait(false);
        if (current.NumUses > 0 || !_verify)
        {
            return false;
        }

        SessionToken known = await LookupAsync(current, cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _current = ReferenceEquals(_current?.Token, known.Token) ? known : _current;
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Decides what a refusal means.</summary>
    /// <returns>Another token to try once; null where the token is alive, or nobody can tell, so that the refusal stands.</returns>
    /// <exception cref="VaultException">The token is dead and there is no other.</exception>
    public async ValueTask<SessionToken?> AfterRefusalAsync(SessionToken used, VaultException refusal, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            if (_current is { } current && !ReferenceEquals(current.Token, used.Token))
            {
                return current;
            }

            // Servers answer a token that is used up as one without rights.
            bool saidDead = refusal.Kind == FaultKind.TokenInvalid || used.IsUsedUp;
            if (!saidDead && await IsAliveAsync(used, cancellationToken).ConfigureAwait(false) is not false)
            {
                return null;
            }

            // A login that just gave a token which is refused as well will not give a better one, and failed logins lock out.
            if (_login.CanLoginAgain && (_reloginAt is null || _time.GetElapsedTime(_reloginAt.Value) > BetweenLogins))
            {
                return _current = await LoginAgainAsync(saidDead, cancellationToken).ConfigureAwait(false);
            }

            if (!saidDead && _lookupTells is not true)
            {
                return null;
            }

            throw new VaultException(FaultKind.TokenInvalid, refusal.Method, refusal.Path,
                $"{refusal.Message} The token itself is no longer valid: expired, revoked or used up. Connect again.", refusal, refusal.Target)
            {
                StatusCode = refusal.StatusCode,
                RequestId = refusal.RequestId,
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Revokes the token, if a login here obtained it.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        // A login under way would leave a token behind that nobody revokes.
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is { Obtained: true } current)
            {
                VaultPipeline.Attempt attempt = await _pipeline.SendAsync(TokenRequests.RevokeSelf(_ns), current.Token, cancellationToken).ConfigureAwait(false);
                if (attempt.Fault is { } fault)
                {
                    _reporter.Warning($"The token could not be revoked and lives on until its lease ends: {fault.Message}");
                }
            }

            _current = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new BridgeException(FaultKind.NotConnected, "Backend", "The backend was disconnected.");
        }
    }

    internal static SecretText CheckToken(SecretText token) =>
        token.Reveal().Length > 0 && !token.Reveal().Any(c => c is <= ' ' or > '~')
            ? token
            : throw new BridgeException(FaultKind.TokenInvalid, "Token", "The token is empty or holds a character that no token has, such as a space or a line break.");

    private async ValueTask<SessionToken> LookupAsync(SessionToken known, CancellationToken cancellationToken)
    {
        long asked = _time.GetTimestamp();
        VaultRequest request = TokenRequests.LookupSelf(_ns);
        VaultPipeline.Attempt attempt = await _pipeline.SendAsync(request, known.Token, cancellationToken).ConfigureAwait(false);
        if (attempt.Fault is null)
        {
            _lookupTells = true;
            return SessionToken.FromLookup(JsonFields.Of(attempt.Reply!.Data), known, asked, _time.GetUtcNow());
        }

        throw attempt.Fault.Kind is FaultKind.PermissionDenied or FaultKind.TokenInvalid
            ? new VaultException(FaultKind.TokenInvalid, request,
                $"{attempt.Fault.Message} The token is expired, revoked, of another server or namespace, or its policies do not let it look itself up: then connect without verification.", attempt.Fault)
            {
                StatusCode = attempt.Fault.StatusCode,
            }
            : attempt.Fault;
    }

    private async ValueTask<SessionToken> LoginAgainAsync(bool saidDead, CancellationToken cancellationToken)
    {
        _reporter.Verbose("The token is no longer valid; logging in again.");
        _reloginAt = _time.GetTimestamp();
        SessionToken fresh = await _login.LoginAsync(cancellationToken).ConfigureAwait(false);
        if (!saidDead && _lookupTells is null && fresh.NumUses == 0)
        {
            // A role without the default policy may not look its tokens up: a refused lookup then tells nothing, and must
            // never again be taken for a dead token.
            VaultPipeline.Attempt attempt = await _pipeline.SendAsync(TokenRequests.LookupSelf(_ns), fresh.Token, cancellationToken).ConfigureAwait(false);
            _lookupTells = attempt.Fault is null;
        }

        return fresh;
    }

    // True: alive. False: dead, as far as lookups tell. Null: nobody can tell, or each look would use the token up.
    private async ValueTask<bool?> IsAliveAsync(SessionToken used, CancellationToken cancellationToken)
    {
        if (!_verify || used.NumUses > 0 || _lookupTells is false)
        {
            return null;
        }

        if (ReferenceEquals(_aliveToken?.Token, used.Token) && _time.GetElapsedTime(_aliveSeen) < ProbeHolds)
        {
            return true;
        }

        VaultPipeline.Attempt attempt = await _pipeline.SendAsync(TokenRequests.LookupSelf(_ns), used.Token, cancellationToken).ConfigureAwait(false);
        if (attempt.Fault is { Kind: not (FaultKind.PermissionDenied or FaultKind.TokenInvalid) })
        {
            return null;
        }

        if (attempt.Fault is not null)
        {
            return false;
        }

        _lookupTells = true;
        _aliveToken = used;
        _aliveSeen = _time.GetTimestamp();
        return true;
    }
}

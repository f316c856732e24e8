using SecretBridge.Reporting;

namespace SecretBridge.Wire;

/// <summary>
/// Holds the token of a connection. It is refreshed on the next use after four fifths of its lease, by one caller while the
/// others wait; there is no timer.
/// </summary>
internal sealed class VaultSession : IDisposable
{
    private static readonly TimeSpan ProbeHolds = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);

    private readonly VaultPipeline _pipeline;
    private readonly VaultLogin _login;
    private readonly string? _ns;
    private readonly IReporter _reporter;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly bool _verify;
    private volatile SessionToken? _current;
    private SessionToken? _aliveToken;
    private long _aliveSeen;
    private volatile bool _servedSinceLogin = true;

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
            _current = new SessionToken { Token = CheckToken(VaultLogin.Trimmed(given.Token)), Asked = time.GetTimestamp() };
        }
    }

    /// <summary>The token as it is known now; null before the first login.</summary>
    public SessionToken? Current => _current;

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
    }

    /// <summary>The token to send next, refreshed when it is due.</summary>
    public ValueTask<SessionToken> GetAsync(CancellationToken cancellationToken)
    {
        SessionToken? current = _current;
        return current is not null && _time.GetElapsedTime(current.Asked) < current.Due
            ? new(current)
            : new(RefreshAsync(due: true, cancellationToken));
    }

    /// <summary>Renews now, or logs in again where the token cannot be renewed.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => RefreshAsync(due: false, cancellationToken);

    /// <summary>Asks the server about the token. A token of limited use is not asked about: each question uses it up.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        SessionToken current = await GetAsync(cancellationToken).ConfigureAwait(false);
        if (current.NumUses > 0 || !_verify)
        {
            return;
        }

        SessionToken known = await LookupAsync(current, cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _current = ReferenceEquals(_current?.Token, known.Token) ? known : _current;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Notes that the server took a token.</summary>
    public void Served() => _servedSinceLogin = true;

    /// <summary>Decides what a refusal means.</summary>
    /// <returns>Another token to try once; null where the token is alive, or nobody can tell, so that the refusal stands.</returns>
    /// <exception cref="VaultException">The token is dead and there is no other.</exception>
    public async ValueTask<SessionToken?> AfterRefusalAsync(SessionToken used, VaultException refusal, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is { } current && !ReferenceEquals(current.Token, used.Token))
            {
                return current;
            }

            if (refusal.Kind != FaultKind.TokenInvalid && await IsAliveAsync(used, cancellationToken).ConfigureAwait(false) is not false)
            {
                return null;
            }

            // A login that just gave a token which is refused as well will not give a better one.
            if (_login.CanLoginAgain && _servedSinceLogin)
            {
                _reporter.Verbose("The token is no longer valid; logging in again.");
                _servedSinceLogin = false;
                return _current = await _login.LoginAsync(cancellationToken).ConfigureAwait(false);
            }

            throw new VaultException(FaultKind.TokenInvalid, refusal.Method, refusal.Path,
                $"{refusal.Message} The token itself is no longer valid: expired, revoked or used up. Connect again.", refusal)
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

    public void Dispose() => _gate.Dispose();

    private static SecretText CheckToken(SecretText token) =>
        token.Reveal().Length > 0 && !token.Reveal().Any(c => c is <= ' ' or > '~')
            ? token
            : throw new BridgeException(FaultKind.TokenInvalid, "Token", "The token is empty or holds a character that no token has, such as a space or a line break.");

    private async Task<SessionToken> RefreshAsync(bool due, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SessionToken current = _current ?? throw new BridgeException(FaultKind.NotConnected, "Backend", "The backend is disconnected.");
            TimeSpan age = _time.GetElapsedTime(current.Asked);
            if (due && age < current.Due)
            {
                return current;
            }

            SessionToken next = current.Lease is null
                ? await LookAgainAsync(current, due, cancellationToken).ConfigureAwait(false)
                : await RenewOrLoginAsync(current, age, due, cancellationToken).ConfigureAwait(false);
            _servedSinceLogin = true;
            return _current = next;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<SessionToken> LookAgainAsync(SessionToken current, bool due, CancellationToken cancellationToken)
    {
        if (!_verify || current.NumUses > 0)
        {
            return current with { Asked = _time.GetTimestamp() };
        }

        try
        {
            return await LookupAsync(current, cancellationToken).ConfigureAwait(false);
        }
        catch (VaultException fault) when (due && fault.Kind is not FaultKind.TokenInvalid)
        {
            return current.Postponed(_time.GetElapsedTime(current.Asked), TryAgain);
        }
    }

    private async ValueTask<SessionToken> RenewOrLoginAsync(SessionToken current, TimeSpan age, bool due, CancellationToken cancellationToken)
    {
        if (current.Renewable)
        {
            long asked = _time.GetTimestamp();
            VaultPipeline.Attempt attempt = await _pipeline.SendAsync(TokenRequests.RenewSelf(_ns), current.Token, cancellationToken).ConfigureAwait(false);
            if (attempt.Fault is null)
            {
                SessionToken renewed = SessionToken.FromAuth(JsonFields.Of(attempt.Reply!.Envelope.Auth), current.Token, asked, _time.GetUtcNow(), current.Obtained) with { LookupWorks = current.LookupWorks };
                // A token close to its longest life is hardly longer for being renewed.
                if (!_login.CanLoginAgain || renewed.Lease is null || renewed.Lease > current.Lease / 5)
                {
                    return renewed;
                }
            }
            else if (!_login.CanLoginAgain || attempt.Fault.IsTransient)
            {
                return Keep(current, age, attempt.Fault, due);
            }
        }

        if (!_login.CanLoginAgain)
        {
            if (age < current.Lease)
            {
                // Nothing lengthens this token: it is used up to its end.
                return current with { Due = current.Lease!.Value };
            }

            throw Ended(current);
        }

        try
        {
            return await _login.LoginAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (VaultException fault) when (age < current.Lease)
        {
            return Keep(current, age, fault, due);
        }
    }

    private SessionToken Keep(SessionToken current, TimeSpan age, VaultException fault, bool due)
    {
        if (!due || age >= current.Lease)
        {
            throw fault.IsTransient || !due ? fault : Ended(current);
        }

        _reporter.Warning($"The token could not be refreshed and is used on until its lease ends: {fault.Message}");
        TimeSpan left = current.Lease!.Value - age;
        return current.Postponed(age, left < TryAgain ? left : TryAgain);
    }

    private static BridgeException Ended(SessionToken current) =>
        new(FaultKind.TokenInvalid, "Token", $"The token's lease of {current.Lease!.Value.TotalSeconds:0} s is over and nothing lengthens it. Connect again.");

    private async ValueTask<SessionToken> LookupAsync(SessionToken known, CancellationToken cancellationToken)
    {
        long asked = _time.GetTimestamp();
        VaultRequest request = TokenRequests.LookupSelf(_ns);
        VaultPipeline.Attempt attempt = await _pipeline.SendAsync(request, known.Token, cancellationToken).ConfigureAwait(false);
        if (attempt.Fault is null)
        {
            return SessionToken.FromLookup(JsonFields.Of(attempt.Reply!.Data), known, asked, _time.GetUtcNow());
        }

        throw attempt.Fault.Kind is FaultKind.PermissionDenied or FaultKind.TokenInvalid
            ? new VaultException(FaultKind.TokenInvalid, request.Verb, request.Path,
                $"{attempt.Fault.Message} The token is expired, revoked, of another server or namespace, or its policies do not let it look itself up: then connect without verification.", attempt.Fault)
            {
                StatusCode = attempt.Fault.StatusCode,
            }
            : attempt.Fault;
    }

    // True: alive. False: dead. Null: nobody can tell, because the token may not look itself up or each look uses it up.
    private async ValueTask<bool?> IsAliveAsync(SessionToken used, CancellationToken cancellationToken)
    {
        if (!_verify || used.NumUses > 0 || !used.LookupWorks)
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

        _aliveToken = used;
        _aliveSeen = _time.GetTimestamp();
        return true;
    }
}

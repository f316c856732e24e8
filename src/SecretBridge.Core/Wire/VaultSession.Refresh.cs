using SecretBridge.Reporting;

namespace SecretBridge.Wire;

internal sealed partial class VaultSession
{
    private async Task<SessionToken> RefreshAsync(bool due, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            SessionToken current = _current ?? throw new BridgeException(FaultKind.NotConnected, "Backend", "The backend is disconnected.");
            TimeSpan age = _time.GetElapsedTime(current.Asked);
            if (due && age < current.Due)
            {
                return current;
            }

            SessionToken next = current.Lease is null
                ? await LookAgainAsync(current, due, cancellationToken).ConfigureAwait(false)
                : await RenewOrLoginAsync(current, age, due, cancellationToken).ConfigureAwait(false);
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
                SessionToken renewed = SessionToken.FromAuth(JsonFields.Of(attempt.Reply!.Envelope.Auth), current.Token, asked, _time.GetUtcNow(), current.Obtained)
                    with
                { DisplayName = current.DisplayName };
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
}

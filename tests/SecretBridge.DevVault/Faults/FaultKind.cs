namespace SecretBridge.DevVault;

/// <summary>What goes wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>The answer waits for <see cref="Fault.Gate"/>, or for <see cref="Fault.Delay"/> on the server's clock.</summary>
    Latency,

    /// <summary>The connection is reset before the request is acted upon.</summary>
    ResetBeforeHeaders,

    /// <summary>The request is acted upon, then the connection is reset: the reply is lost.</summary>
    ResetAfterCommit,

    /// <summary>The request is acted upon; half of the promised body arrives.</summary>
    Truncate,

    /// <summary><see cref="Fault.Status"/> with <see cref="Fault.Body"/> and <see cref="Fault.Headers"/>, without acting.</summary>
    Status,

    /// <summary>200 with a proxy's HTML page.</summary>
    Html,

    /// <summary>307 to <see cref="Fault.Location"/>.</summary>
    Redirect,

    /// <summary>The 400 of a KV mount that is being upgraded.</summary>
    Upgrade,

    /// <summary>The request is never answered until the gate opens or the client gives up; it is not acted upon before.</summary>
    HangUntilReleased,

    /// <summary>A KV v2 read is answered as before the last write: a standby that lags behind.</summary>
    Stale,

    /// <summary>Runs <see cref="Fault.Do"/> before the request is acted upon, then goes on as if nothing were: for races.</summary>
    Interfere,
}

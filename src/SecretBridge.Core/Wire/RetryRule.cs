namespace SecretBridge.Wire;

/// <summary>What may be done when a request got no answer, or an answer that says to try again.</summary>
internal enum RetryRule
{
    /// <summary>Sending it again does no harm.</summary>
    Idempotent = 0,

    /// <summary>A write that makes a new version. A refusal may be tried again; once a reply is lost, the store must look
    /// whether the write took effect.</summary>
    Write,

    /// <summary>Unwrap and login: a second try can burn what the first one used. Only what the server certainly never
    /// handled is tried again.</summary>
    Never,

    /// <summary>A probe whose first answer counts, whatever it is.</summary>
    Once,
}

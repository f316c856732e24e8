namespace SecretBridge.Reporting;

/// <summary>
/// The base of every failure that an operation reports. Its message, target and inner exceptions carry paths, versions and
/// status codes, never a secret value, a token or server text that was not scrubbed.
/// </summary>
public class BridgeException : Exception
{
    /// <summary>Makes a failure of a kind.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="target">The reference, path or backend at fault, as text.</param>
    /// <param name="message">One sentence that says it.</param>
    /// <param name="innerException">What caused it, already scrubbed.</param>
    public BridgeException(FaultKind kind, string target, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Target = target;
    }

    /// <summary>What went wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>The reference, path or backend at fault, as text.</summary>
    public string Target { get; }
}

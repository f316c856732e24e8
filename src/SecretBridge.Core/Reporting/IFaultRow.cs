namespace SecretBridge.Reporting;

/// <summary>
/// A result row that may carry a failure. Whoever shows the rows reports the failure beside the row. Rows implement this
/// explicitly, so that the exception is no column of theirs.
/// </summary>
public interface IFaultRow
{
    /// <summary>Why the item failed; null where it did not.</summary>
    BridgeException? Fault { get; }
}

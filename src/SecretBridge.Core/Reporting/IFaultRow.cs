namespace SecretBridge.Reporting;

/// <summary>
/// A result row that may carry a failure. Whoever shows the rows reports the failure beside the row. It is not
/// public, and so no column: PowerShell shows what a public interface has, even where a row implements it explicitly.
/// </summary>
internal interface IFaultRow
{
    /// <summary>Why the item failed; null where it did not.</summary>
    BridgeException? Fault { get; }
}

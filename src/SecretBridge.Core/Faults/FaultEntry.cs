using SecretBridge.Reporting;

namespace SecretBridge.Faults;

/// <summary>What the catalog knows of one kind of failure.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Id">The error id. It never changes, so that scripts can rely on it.</param>
/// <param name="Category">The class of the failure.</param>
/// <param name="Advice">The next step, in one or two sentences.</param>
public sealed record FaultEntry(FaultKind Kind, string Id, FaultCategory Category, string Advice);

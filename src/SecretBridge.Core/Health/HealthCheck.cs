namespace SecretBridge.Health;

/// <summary>One check of a server's health.</summary>
/// <param name="Name">What was checked: <c>reachable</c>, <c>sealed</c>, <c>token</c>, <c>mount</c>, <c>list</c>, <c>read</c> or <c>write</c>.</param>
/// <param name="Passed">Whether it is as it should be.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Hint">The usual cause and what to do; null where all is well.</param>
public sealed record HealthCheck(string Name, bool Passed, string Detail, string? Hint = null);

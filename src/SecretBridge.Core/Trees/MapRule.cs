namespace SecretBridge.Trees;

/// <summary>
/// One rule of a path map: a glob over paths below the source root, and the path below the destination root that it
/// leads to. Wildcards of the destination take what those of the source matched, in order.
/// </summary>
/// <param name="Source">Such as <c>apps/**</c>, or one exact path.</param>
/// <param name="Destination">Such as <c>environments/production/**</c>.</param>
public sealed record MapRule(string Source, string Destination);

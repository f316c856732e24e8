namespace SecretBridge.Trees;

/// <summary>
/// One rule of a path map: which paths below the source root it is for, and the path below the destination root that they
/// lead to. The wildcards of a destination take what those of the source matched, in order.
/// </summary>
/// <param name="Source">A glob such as <c>apps/**</c>, one exact path, or <c>regex:</c> and a regular expression, which
/// matches anywhere unless it is anchored. <c>glob:</c> before it makes a path of one that begins like the other.</param>
/// <param name="Destination">A path such as <c>environments/production/**</c>; for a regular expression what each of its
/// matches is replaced by, with <c>$1</c> and <c>${name}</c>.</param>
public sealed record MapRule(string Source, string Destination)
{
    /// <summary>
    /// What makes the destination of a source path that <see cref="Source"/> matches, in place of <see cref="Destination"/>;
    /// null from it leaves the path to the next rule. It is asked once for each path.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<string?>>? Transform { get; init; }
}

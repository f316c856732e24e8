namespace SecretBridge.Trees;

/// <summary>One secret that is to go.</summary>
/// <param name="Uri">Its complete reference.</param>
/// <param name="Root">The root of its tree.</param>
/// <param name="RelativePath">Its path below that root.</param>
/// <param name="Permit">What a comparison permits; null where force was asked for.</param>
internal sealed record RemovalItem(string Uri, string Root, string RelativePath, RemovalPermit? Permit)
{
    internal RemoveResult Result(RemoveAction action) => new() { Uri = Uri, Root = Root, RelativePath = RelativePath, Action = action };
}

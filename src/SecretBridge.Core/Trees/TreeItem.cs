namespace SecretBridge.Trees;

/// <summary>One thing that a tree operation works on.</summary>
/// <param name="Uri">The reference of a folder, or of one secret.</param>
/// <param name="Root">The root of the walk or comparison that found the secret; null for a folder given by itself.</param>
/// <param name="RelativePath">The secret's path below <paramref name="Root"/>, unescaped; with a trailing slash it is a
/// folder. Null where <paramref name="Uri"/> itself is the root of a subtree.</param>
public sealed record TreeItem(string Uri, string? Root = null, string? RelativePath = null);

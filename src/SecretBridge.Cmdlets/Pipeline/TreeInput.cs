using System.Management.Automation;
using SecretBridge.Trees;

namespace SecretBridge.Pipeline;

/// <summary>Makes an item of what the pipeline has bound.</summary>
internal static class TreeInput
{
    /// <summary>The item of a reference. A row knows its place below the root it was found under; text does not.</summary>
    internal static TreeItem Item(string uri, PSObject? row) =>
        Text(row, nameof(TreeItem.RelativePath)) is { Length: > 0 } relativePath && Text(row, nameof(TreeItem.Uri)) == uri
            ? new(uri, Text(row, nameof(TreeItem.Root)), relativePath)
            : new(uri);

    private static string? Text(PSObject? row, string property) => row?.Properties[property]?.Value as string;
}

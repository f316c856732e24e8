using System.Globalization;
using System.Management.Automation;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Values;

/// <summary>Takes what has moved from the rows of a copy, also from rows that were kept in a file. A row counts where the destination is known to hold the secret.</summary>
internal sealed class CopiedReferences
{
    private static readonly string[] Counting = [nameof(CopyAction.Created), nameof(CopyAction.Updated), nameof(CopyAction.Unchanged)];

    private readonly List<string> _left = [];

    /// <summary>What a row says has moved; null where it does not count.</summary>
    /// <exception cref="BridgeException">It is no row of a copy (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal MovedReference? Take(PSObject row)
    {
        string? uri = Text(row, nameof(CopyResult.Uri)), action = Text(row, nameof(CopyResult.Action)), planned = Text(row, nameof(CopyResult.Planned));
        if (uri is null || action is null || planned is null || row.Properties[nameof(CopyResult.Destination)] is null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "InputObject", "What was piped is no row of Copy-VaultSubtree. A map of references goes to -Map.");
        }

        if (Text(row, nameof(CopyResult.Destination)) is { Length: > 0 } destination && Counting.Contains(action) && planned == bool.FalseString)
        {
            return new(uri, destination)
            {
                IsCopy = true,
                FromVersion = Number(row, nameof(CopyResult.SourceVersion)),
                ToVersion = Number(row, nameof(CopyResult.DestinationVersion)),
            };
        }

        _left.Add($"{uri} ({(planned == bool.FalseString ? action : "planned")})");
        return null;
    }

    /// <summary>Says which rows do not count.</summary>
    internal void Report(IReporter reporter)
    {
        if (_left.Count > 0)
        {
            string more = _left.Count > 3 ? $" and {_left.Count - 3} more" : "";
            reporter.Warning($"References to what was not copied stay as they are: {string.Join(", ", _left.Take(3))}{more}.");
        }
    }

    // Not the base object's: an enumeration that was kept in a file is a number that says its name.
    private static string? Text(PSObject row, string property) => row.Properties[property]?.Value?.ToString();

    private static int? Number(PSObject row, string property) =>
        int.TryParse(Text(row, property), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>What a plan does, by the references of the sources.</summary>
internal sealed class PlannedItems
{
    private readonly Dictionary<string, CopyResult> _items = new(StringComparer.Ordinal);

    /// <exception cref="BridgeException">It names a source twice (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal PlannedItems(CopyPlan plan)
    {
        foreach (CopyResult item in plan.Items.Where(item => item.Action is CopyAction.Created or CopyAction.Updated))
        {
            if (!_items.TryAdd(item.Uri, item))
            {
                throw new BridgeException(FaultKind.InvalidConfiguration, item.Uri, $"The plan names '{item.Uri}' twice.");
            }
        }
    }

    internal IReadOnlyCollection<CopyResult> All => _items.Values;

    internal CopyResult this[string uri] => _items[uri];

    /// <summary>The path below the destination that the plan leads a source to.</summary>
    /// <exception cref="BridgeException">It leads nowhere in the destination (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    internal SecretPath TargetOf(string uri, StoreLocation destination)
    {
        string text = _items.GetValueOrDefault(uri)?.Destination ?? throw Astray(uri);
        SecretPath path = SecretReference.Parse(text).Path;
        SecretPath root = destination.Store.Root.Path.Append(destination.Path);
        SecretPath target = path.IsAtOrBelow(root) ? path.RelativeTo(root) : throw Astray(uri);
        return destination.UriOf(target) == text ? target : throw Astray(uri);
    }

    /// <summary>How a secret is no longer as it was planned for; null where it is.</summary>
    internal string? Drift(CopyResult now)
    {
        CopyResult then = _items[now.Uri];
        return now.SourceVersion != then.SourceVersion ? $"'{now.Uri}' is at version {Text(now.SourceVersion)}, and was planned at {Text(then.SourceVersion)}"
            : now.DestinationVersion != then.DestinationVersion ? $"'{then.Destination}' is at version {Text(now.DestinationVersion)}, and was planned at {Text(then.DestinationVersion)}"
            : (now.Action, now.VersionsCopied, now.MetadataChanged) != (then.Action, then.VersionsCopied, then.MetadataChanged)
                ? $"'{now.Uri}' would be {now.Action.ToString().ToLowerInvariant()}, and was planned to be {then.Action.ToString().ToLowerInvariant()}{(now.Action == then.Action ? " in another way" : "")}"
            : null;
    }

    private static string Text(int? version) => version is { } number ? FormattableString.Invariant($"{number}") : "none";

    private static BridgeException Astray(string uri) =>
        new(FaultKind.InvalidConfiguration, uri, $"The plan leads '{uri}' to no place in its destination.");
}

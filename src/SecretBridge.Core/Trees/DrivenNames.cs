using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// Pairs the names of two sides of which one or both cannot be listed: the names of the other side, and where the map leads
/// them. What only a side has that cannot be listed is never named here.
/// </summary>
internal sealed class DrivenNames(TreeSide reference, TreeSide difference, IReadOnlyList<MapRule> rules)
{
    /// <summary>The sides that cannot be listed.</summary>
    internal IEnumerable<TreeSide> Silent => new[] { reference, difference }.Where(side => !side.CanList);

    /// <exception cref="BridgeException">The map cannot be followed in the direction that is needed, or there is nothing that could
    /// tell names.</exception>
    internal IAsyncEnumerable<NamePair> RunAsync(PathMap map, CancellationToken cancellationToken) =>
        reference.CanList ? ByReferenceAsync(map, cancellationToken)
        : difference.CanList ? ByDifferenceAsync(MapInverse.Of(rules), cancellationToken)
        : OnePairAsync();

    private static SideName Name(SecretPath path) => new(path.Value, path, path.Value, null);

    private async IAsyncEnumerable<NamePair> ByReferenceAsync(PathMap map, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<SideName> names = map.IsIdentity
            ? reference.NamesAsync(cancellationToken)
            : (await reference.MappedAsync(map, cancellationToken).ConfigureAwait(false)).ToAsync();
        await foreach (SideName name in names.ConfigureAwait(false))
        {
            bool isLed = name is { Fault: null, Unmapped: false };

            // What lies in a folder that could not be listed is not looked for on the other side either.
            yield return new(name, isLed ? Name(SecretPath.Parse(name.Compared)) : null, Hidden: name.Fault is not null);
        }
    }

    private async IAsyncEnumerable<NamePair> ByDifferenceAsync(MapInverse inverse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SideName name in difference.NamesAsync(cancellationToken).ConfigureAwait(false))
        {
            SecretPath? source = name.Fault is null ? inverse.SourceOf(name.Path) : null;
            yield return new(
                source is { } path ? Name(path) : null,
                name with { Unmapped = source is null && name.Fault is null },
                Hidden: name.Fault is not null);
        }
    }

    private IAsyncEnumerable<NamePair> OnePairAsync()
    {
        if (rules.Count > 0 || Silent.FirstOrDefault(side => !side.MayBeSecret) is { })
        {
            string uri = (Silent.FirstOrDefault(side => !side.MayBeSecret) ?? reference).Location.Uri;
            throw new BridgeException(FaultKind.NotSupported, uri,
                $"Neither '{reference.Location.Uri}' nor '{difference.Location.Uri}' can be listed: name one secret on each side, without a map.");
        }

        return new[] { new NamePair(Name(SecretPath.Root), Name(SecretPath.Root), Hidden: false) }.ToAsync();
    }
}

using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// The last step of a copy that mirrors: soft-deletes at the destination what the source lacks, by the version numbers that
/// were seen. Whatever is doubtful of the source — a folder that cannot be listed, a name that a policy hides — lets
/// nothing be deleted.
/// </summary>
internal sealed class MirrorDeletion
{
    private readonly CopyOptions _options;
    private readonly StoreLocation _destination;
    private readonly IReporter _reporter;
    private readonly MapInverse _inverse;
    private readonly PathFilter _filter;
    private readonly PipeLoad _load;
    private TreeItem? _source;

    /// <exception cref="BridgeException">The destination keeps no versions, so that nothing deleted there could be restored.</exception>
    internal MirrorDeletion(CopyOptions options, StoreLocation destination, IReporter reporter, PipeLoad load)
    {
        _load = load;
        _options = options;
        _destination = destination;
        _reporter = reporter;
        _inverse = MapInverse.Of(options.Map);
        _filter = new(options.Include, options.Exclude);
        if (!destination.Store.Capabilities.HasFlag(StoreCapabilities.Versions))
        {
            throw new BridgeException(FaultKind.NotSupported, destination.Uri,
                $"'{destination.Uri}' is in a store without versions: what a mirror deletes there could not be restored.");
        }
    }

    /// <summary>Passes the sources on, and remembers the one that is mirrored.</summary>
    /// <exception cref="BridgeException">There are several, or one is no folder (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal async IAsyncEnumerable<TreeItem> Watch(IAsyncEnumerable<TreeItem> sources, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (TreeItem item in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (_source is not null || item.RelativePath is not null)
            {
                throw new BridgeException(FaultKind.InvalidArgument, item.Uri,
                    "A mirror has one folder for its source: what a list of secrets does not name would be deleted.");
            }

            _source = item;
            yield return item;
        }
    }

    /// <summary>Deletes, one row a secret, after all the copying.</summary>
    /// <param name="failures">How many rows of the copy failed or are in conflict.</param>
    /// <param name="session">Changes to the destination; null only says what it would delete.</param>
    /// <param name="cancellationToken">Ends the deletion.</param>
    /// <exception cref="BridgeException">Nothing may be deleted (<see cref="FaultKind.RemovalRefused"/>).</exception>
    internal async IAsyncEnumerable<CopyResult> RunAsync(long failures, IWriteSession? session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_source is null)
        {
            yield break;
        }

        if (failures > 0)
        {
            throw Refusal(FormattableString.Invariant($"{failures} secrets or folders failed or are in conflict, so that what the source lacks cannot be told."));
        }

        StoreLocation source = await _options.SourceStores.ResolveAsync(SecretReference.Parse(_source.Uri), cancellationToken).ConfigureAwait(false);
        List<MirrorExtra> extras = await FindAsync(source, cancellationToken).ConfigureAwait(false);
        await foreach (CopyResult row in BoundedPipe.AdaptAsync(
            extras.ToAsync(), _load, (extra, stop) => DeleteAsync(source, extra, session, stop), cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }

    private async Task<List<MirrorExtra>> FindAsync(StoreLocation source, CancellationToken cancellationToken)
    {
        var extras = new List<MirrorExtra>();
        int count = 0;
        await foreach (MirrorExtra? extra in BoundedPipe.AdaptAsync(
            CandidatesAsync(source, cancellationToken), _load, (candidate, stop) => LookAsync(source, candidate, stop), cancellationToken).ConfigureAwait(false))
        {
            count += extra is null ? 0 : 1;
            if (extra is not null && (_options.PlanOnly || count <= _options.MaxDelete))
            {
                extras.Add(extra);
            }
        }

        if (count > _options.MaxDelete)
        {
            string over = FormattableString.Invariant($"{count} secrets would be deleted at the destination, and -MaxDelete allows {_options.MaxDelete}.");
            if (!_options.PlanOnly)
            {
                throw Refusal(over);
            }

            _reporter.Warning(over);
        }

        return extras;
    }

    // Both trees are listed anew: what was written to the source while it was copied is not lacking.
    private async IAsyncEnumerable<(SecretPath Source, SecretPath Path)> CandidatesAsync(
        StoreLocation source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var map = PathMap.Of(_options.Map);
        var left = new TreeSide(source, mayBeSecret: false, _filter, _options.ThrottleLimit);
        var right = new TreeSide(_destination, mayBeSecret: false, map.IsIdentity ? _filter : new([], []), _options.ThrottleLimit);
        IAsyncEnumerable<SideName> names = map.IsIdentity
            ? left.NamesAsync(cancellationToken)
            : (await left.MappedAsync(map, cancellationToken).ConfigureAwait(false)).ToAsync();
        bool sourceHasAny = false;
        await foreach (NamePair pair in NameJoin.RunAsync(names, right.NamesAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            if ((pair.Reference?.Fault ?? pair.Difference?.Fault) is { } fault)
            {
                throw Refusal($"A folder or name cannot be read: {fault.Message}", fault);
            }

            sourceHasAny |= pair.Reference is not null;
            if (pair is { Reference: null, Difference: { } extra } && _inverse.SourceOf(extra.Path) is { } lacking && _filter.Keeps(lacking.Value))
            {
                yield return (lacking, extra.Path);
            }
        }

        if (!sourceHasAny)
        {
            throw Refusal($"Nothing was found below '{source.Uri}', which is more often a wrong path or a lack of rights than a wish to delete all.");
        }
    }

    // A policy may take names out of a listing without a word. Asked for by its name, such a secret is denied, not absent.
    private async Task<MirrorExtra?> LookAsync(StoreLocation source, (SecretPath Source, SecretPath Path) candidate, CancellationToken cancellationToken)
    {
        string uri = source.UriOf(candidate.Source);
        SecretState state;
        try
        {
            state = (await source.Store.ReadAsync(source.Path.Append(candidate.Source), null, cancellationToken).ConfigureAwait(false)).State;
        }
        catch (BridgeException exception)
        {
            throw Refusal($"'{uri}' is not listed, and whether it is there cannot be told: {exception.Message}", exception);
        }

        if (state != SecretState.Absent)
        {
            throw Refusal($"'{uri}' is not listed, but it is there: the listing is not complete, or it was written just now.");
        }

        SecretMetadata? metadata = await _destination.Store.ReadMetadataAsync(_destination.Path.Append(candidate.Path), cancellationToken).ConfigureAwait(false);
        return metadata?.StateAt(metadata.Now) == SecretState.Live
            ? new(candidate.Source, candidate.Path, metadata.CurrentVersion,
                metadata.Versions.Where(version => version.StateAt(metadata.Now) == SecretState.Live).Select(version => version.Number).ToArray())
            : null;
    }

    private async Task<CopyResult> DeleteAsync(StoreLocation source, MirrorExtra extra, IWriteSession? session, CancellationToken cancellationToken)
    {
        var row = new CopyResult
        {
            Uri = source.UriOf(extra.Source),
            Destination = _destination.UriOf(extra.Path),
            Root = source.Uri,
            RelativePath = extra.Source.Value,
            Action = CopyAction.Deleted,
            DestinationVersion = extra.Current,
            Planned = session is null,
            Reason = "The source has no such secret.",
        };
        try
        {
            if (session is not null)
            {
                await session.DeleteAsync(_destination.Path.Append(extra.Path), extra.Versions, cancellationToken).ConfigureAwait(false);
            }

            return row;
        }
        catch (BridgeException exception)
        {
            return row with { Action = CopyAction.Failed, Reason = exception.Message, Fault = exception };
        }
    }

    private static BridgeException Refusal(string why, Exception? cause = null) =>
        new(FaultKind.RemovalRefused, "Mirror", $"{why} Nothing was deleted at the destination.", cause);
}

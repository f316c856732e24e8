using SecretBridge.Reporting;

namespace SecretBridge.Policies;

/// <summary>
/// Makes the smallest policies under which operations succeed: each line of them is one that the operation is refused without.
/// Nothing is asked of a server but which mounts the references lie in.
/// </summary>
public sealed class PolicyMaker
{
    private const int RootsShown = 3;

    private readonly PolicyOptions _options;
    private readonly IReporter _reporter;
    private readonly List<PolicyDraft> _drafts = [];

    /// <summary>Prepares policies.</summary>
    public PolicyMaker(PolicyOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(reporter);
        _options = options;
        _reporter = reporter;
    }

    /// <summary>Makes one policy a side and connection that any of the items needs rights on.</summary>
    /// <param name="items">What is to be allowed, all of one operation.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="BridgeException">A reference leads nowhere, or no policy can name it (<see cref="FaultKind.NotSupported"/>).</exception>
    public async Task<IReadOnlyList<VaultPolicy>> RunAsync(IAsyncEnumerable<PolicyItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        PolicyOperation? operation = null;
        await foreach (PolicyItem item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (operation is { } first && first != item.For)
            {
                throw new BridgeException(FaultKind.InvalidArgument, nameof(item.For), $"A policy is for one operation: {first} and {item.For} were given. Make one of each.");
            }

            operation = item.For;
            await AddAsync(item, cancellationToken).ConfigureAwait(false);
        }

        foreach (PolicyDraft draft in _drafts)
        {
            Login(draft);
        }

        return operation is { } made ? [.. _drafts.OrderBy(draft => draft.Side).Select(draft => Policy(draft, made))] : [];
    }

    private async Task AddAsync(PolicyItem item, CancellationToken cancellationToken)
    {
        PolicyPlace? source = item.SourceUri is { } from ? await PolicyPlace.FindAsync(_options.SourceStores, from, cancellationToken).ConfigureAwait(false)
            : item.Backend is { } backend ? PolicyPlace.Of(backend)
            : null;
        PolicyPlace? destination = item.DestinationUri is { } to ? await PolicyPlace.FindAsync(_options.DestinationStores, to, cancellationToken).ConfigureAwait(false) : null;
        if (source is not null)
        {
            Check(item, source, item.SourceUri);
            new PolicyNeeds(_options, Draft(PolicySide.Source, source, item.SourceUri), source, item).Source(destination);
        }

        if (destination is not null)
        {
            Check(item, destination, item.DestinationUri);
            new PolicyNeeds(_options, Draft(PolicySide.Destination, destination, item.DestinationUri), destination, item).Destination(source);
        }

        if (source is null && destination is null)
        {
            throw new BridgeException(FaultKind.NotSupported, item.SourceUri ?? item.DestinationUri ?? "SourceUri",
                "No side is a mount of a server: files know no policies.");
        }
    }

    private static void Check(PolicyItem item, PolicyPlace place, string? uri)
    {
        if (uri is not null && place.Path.IsRoot && !item.MeansTree && item.For != PolicyOperation.Health)
        {
            throw new BridgeException(FaultKind.InvalidReference, uri, $"'{uri}' names a whole mount, not a secret. With a slash at its end it means all secrets in it.");
        }

        bool needsVersions = item.For == PolicyOperation.Restore
            || (item.For is PolicyOperation.Delete or PolicyOperation.Remove or PolicyOperation.Move && item.Detail.Removal != PolicyRemoval.AllVersions && uri == item.SourceUri)
            || (item.Detail.Mirror && uri == item.DestinationUri);
        if (uri is not null && needsVersions && !place.HasVersions)
        {
            throw new BridgeException(FaultKind.NotSupported, uri,
                $"'{uri}' is in a store without versions, where nothing can be restored: the operation is refused there, and needs no policy.{(item.For == PolicyOperation.Restore || item.Detail.Mirror ? "" : " -AllVersions removes for good.")}");
        }
    }

    private PolicyDraft Draft(PolicySide side, PolicyPlace place, string? uri)
    {
        PolicyDraft? draft = _drafts.Find(made => made.Side == side && ReferenceEquals(made.Place.Client, place.Client));
        if (draft is null)
        {
            _drafts.Add(draft = new(_options, side, place, _reporter));
        }

        if (uri is not null && !draft.Roots.Contains(uri))
        {
            draft.Roots.Add(uri);
        }

        return draft;
    }

    private void Login(PolicyDraft draft)
    {
        PolicyDraft owner = _drafts.Where(draft.IsOfSameToken).MinBy(same => same.Side)!;
        if (owner != draft)
        {
            draft.Note("Both sides are one connection: give its token the other side's policy too, which has the lines for the token itself.");
            return;
        }

        if (!_options.NoVerify)
        {
            draft.Add("auth/token/lookup-self", "read", "Connect-VaultBackend looks the token up; 'default' allows it too");
        }

        if (_options.Renew)
        {
            draft.Add("auth/token/renew-self", "update", "the token renews itself; 'default' allows it too");
        }
    }

    private VaultPolicy Policy(PolicyDraft draft, PolicyOperation operation)
    {
        IReadOnlyList<PolicyRule> rules = draft.Rules(_drafts.Where(draft.IsOfSameToken));
        string ns = draft.Place.Namespace;
        bool isBao = draft.Place.Server.IsOpenBao;
        if (ns.Length > 0)
        {
            draft.Notes.Insert(0, $"It is written inside the namespace '{ns}', to which its paths are relative: {(isBao ? "bao" : "vault")} policy write -namespace={ns} NAME -");
        }

        string side = _drafts.Exists(other => other.Side != draft.Side) ? "-" + Lower(draft.Side) : "";
        string which = _drafts.Count(other => other.Side == draft.Side) > 1 ? "-" + draft.Place.Backend : "";
        return new()
        {
            Name = Lower($"{_options.Name ?? "secretbridge-" + operation}{side}{which}"),
            Backend = draft.Place.Backend,
            Namespace = ns,
            For = operation,
            Side = draft.Side,
            Rules = rules,
            Note = draft.Notes,
            Hcl = PolicyHcl.Text(Title(draft, operation), draft.Notes, rules),
        };
    }

    private static string Title(PolicyDraft draft, PolicyOperation operation)
    {
        string roots = string.Join(", ", draft.Roots.Take(RootsShown));
        string more = draft.Roots.Count > RootsShown ? FormattableString.Invariant($" and {draft.Roots.Count - RootsShown} more") : "";
        string version = draft.Place.KvVersion == 0 ? "" : FormattableString.Invariant($" (KV version {draft.Place.KvVersion}{draft.Place.Product})");
        return $"{operation}, {Lower(draft.Side)}: {(roots.Length == 0 ? draft.Place.Backend : roots)}{more}{version}";
    }

#pragma warning disable CA1308 // Servers fold the names of policies to lower case.
    private static string Lower(object text) => text.ToString()!.ToLowerInvariant();
#pragma warning restore CA1308
}

using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Reads profiles, one secret each.</summary>
public sealed class ProfileRead
{
    private readonly ProfileOptions _options;
    private readonly IReporter? _reporter;
    private readonly ProfileFilter _filter;

    /// <summary>Prepares reading.</summary>
    /// <param name="options">How to read.</param>
    /// <param name="reporter">Hears what was left out; null for nobody.</param>
    public ProfileRead(ProfileOptions options, IReporter? reporter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _filter = new(options);
    }

    /// <summary>
    /// Reads, in the order of the queries and of the names in a folder. What cannot be read, has another shape or does not allow the
    /// workflow is a row with a fault. Of the finds of a pattern those are left out that are deleted or do not allow the workflow.
    /// </summary>
    public async IAsyncEnumerable<SealedProfile> RunAsync(IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        IAsyncEnumerable<FoundProfile> found = new ProfileSearch(_options.Stores).RunAsync(queries, cancellationToken);
        await foreach (SealedProfile? row in BoundedPipe.SelectAsync(found, _options.ThrottleLimit, ReadAsync, cancellationToken).ConfigureAwait(false))
        {
            if (row is not null)
            {
                yield return row;
            }
        }
    }

    private async Task<SealedProfile?> ReadAsync(FoundProfile found, CancellationToken cancellationToken)
    {
        try
        {
            return found.Fault is { } fault ? Failed(found, fault)
                : _options.MetadataOnly ? await LookAsync(found, found.Location!, cancellationToken).ConfigureAwait(false)
                : await OpenAsync(found, found.Location!, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            return Failed(found, exception);
        }
    }

    private async Task<SealedProfile?> OpenAsync(FoundProfile found, StoreLocation location, CancellationToken cancellationToken)
    {
        SecretReading reading = await location.Store.ReadAsync(location.Path, found.Version ?? _options.Version, cancellationToken).ConfigureAwait(false);
        if (reading.Payload is not { } payload)
        {
            return Missing(found, reading.State, ProfileFaults.Unreadable(found.Uri, reading));
        }

        if (reading.Routed?.Elsewhere is { } elsewhere)
        {
            (location, found) = (elsewhere, found with { Uri = elsewhere.Uri });
        }

        SealedProfile profile = new ProfileShape(found.Uri, payload).Read(location.Path.Name);
        profile = profile with
        {
            Root = Root(location),
            RelativePath = location.Path.Name,
            Route = reading.Routed?.Route,
            Fallback = reading.Routed?.Fallback ?? false,
            Drift = reading.Routed?.Drift ?? RouteDrift.None,
            Reason = reading.Routed?.Reason is not { } way ? profile.Reason : profile.Reason is null ? way : $"{way} {profile.Reason}",
            Version = reading.Version,
            CreatedTime = reading.CreatedTime,
        };
        return Sift(found, profile, ProfileFacts.Of(profile));
    }

    private async Task<SealedProfile?> LookAsync(FoundProfile found, StoreLocation location, CancellationToken cancellationToken)
    {
        SecretMetadata? metadata = await location.Store.ReadMetadataAsync(location.Path, cancellationToken).ConfigureAwait(false);
        SecretState state = metadata?.StateAt(metadata.Now) ?? SecretState.Live;
        if (state != SecretState.Live || (metadata is null && location.Store.Capabilities.HasFlag(StoreCapabilities.Metadata)))
        {
            state = metadata is null ? SecretState.Absent : state;
            return Missing(found, state, ProfileFaults.Unreadable(found.Uri, new() { State = state }));
        }

        ProfileFacts facts = ProfileMetadata.Read(metadata?.CustomMetadata ?? new Dictionary<string, string>(StringComparer.Ordinal));
        var profile = new SealedProfile
        {
            Uri = found.Uri,
            Name = location.Path.Name,
            Root = Root(location),
            RelativePath = location.Path.Name,
            Description = facts.Description,
            Owner = facts.Owner is "" ? null : facts.Owner,
            Tags = facts.Tags ?? [],
            AllowedWorkflows = facts.AllowedWorkflows ?? [],
            Version = metadata?.CurrentVersion,
            CreatedTime = metadata?.UpdatedTime,
            IsMetadataOnly = true,
        };
        return Sift(found, profile, facts);
    }

    private SealedProfile? Missing(FoundProfile found, SecretState state, BridgeException fault)
    {
        if (found.IsNamed || state is not (SecretState.Deleted or SecretState.Destroyed or SecretState.MetadataOnly))
        {
            return Failed(found, fault);
        }

        _reporter?.Verbose($"'{found.Uri}' was left out: it is {state.ToString().ToLowerInvariant()}.");
        return null;
    }

    private SealedProfile? Sift(FoundProfile found, SealedProfile profile, ProfileFacts facts)
    {
        if (_filter.WhyNotWanted(found.Uri, facts) is { } reason)
        {
            _reporter?.Verbose(reason);
            return null;
        }

        if (_filter.WhyNotAllowed(found.Uri, facts) is not { } refusal)
        {
            return profile;
        }

        if (found.IsNamed)
        {
            return Failed(found, refusal);
        }

        _reporter?.Verbose($"'{found.Uri}' was left out: it does not allow the workflow '{_options.Workflow}'.");
        return null;
    }

    private static string Root(StoreLocation location) => (location with { Path = location.Path.Parent }).Uri;

    private static SealedProfile Failed(FoundProfile found, BridgeException fault) => new()
    {
        Uri = found.Uri,
        Name = found.Name,
        Reason = fault.Message,
        Fault = fault,
    };
}

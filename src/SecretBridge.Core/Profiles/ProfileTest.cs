using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>Tests whether profiles can be used as they are.</summary>
public sealed class ProfileTest
{
    private readonly ProfileTestOptions _options;
    private int _tested;
    private int _failed;

    /// <summary>Prepares a test.</summary>
    public ProfileTest(ProfileTestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Whether profiles were tested by now, all of them could be read, and none has an error.</summary>
    public bool IsClean => _tested > 0 && _failed == 0;

    /// <summary>Tests, profile after profile. What was not found, or could not be read, is a finding with a fault.</summary>
    public async IAsyncEnumerable<ProfileFinding> RunAsync(IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<FoundProfile> found = new ProfileSearch(_options.Stores).RunAsync(queries, cancellationToken);
        await foreach (IReadOnlyList<ProfileFinding> findings in BoundedPipe.SelectAsync(found, _options.ThrottleLimit, TestAsync, cancellationToken).ConfigureAwait(false))
        {
            foreach (ProfileFinding finding in findings)
            {
                _failed += finding.Severity == ProfileSeverity.Error ? 1 : 0;
                yield return finding;
            }
        }
    }

    private async Task<IReadOnlyList<ProfileFinding>> TestAsync(FoundProfile found, CancellationToken cancellationToken)
    {
        try
        {
            if (found.Fault is not null)
            {
                throw found.Fault;
            }

            SecretReading reading = await found.Location!.Store.ReadAsync(found.Location.Path, found.Version, cancellationToken).ConfigureAwait(false);
            if (reading.Payload is { } payload)
            {
                Interlocked.Increment(ref _tested);
                return await TestAsync(found.Location, payload, cancellationToken).ConfigureAwait(false);
            }

            return found.IsNamed ? throw ProfileFaults.Unreadable(found.Uri, reading) : [];
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            return [new() { Uri = found.Uri, Name = found.Name, Severity = ProfileSeverity.Error, Rule = "Readable", Message = exception.Message, Fault = exception }];
        }
    }

    private async Task<List<ProfileFinding>> TestAsync(StoreLocation location, SecretPayload payload, CancellationToken cancellationToken)
    {
        var rules = new ProfileRules(location, payload, _options.Time);
        (List<ProfileFinding> findings, SealedProfile? profile) = rules.Look();
        IEnumerable<(string Key, SealedValue Value)> values = profile is null ? [] :
        [
            .. profile.Environment.Select(setting => ($"env.{setting.Key}", SealedValue.FromText(setting.Value))),
            .. profile.Secrets.Select(secret => ($"secrets.{secret.Key}", secret.Value)),
        ];
        foreach ((string key, SealedValue value) in values)
        {
            SealedValue meant = value;
            if (value.Reveal() is { } text && ProfileReferences.IsReference(text))
            {
                if (await ResolveAsync(rules, location.Uri, key, text, cancellationToken).ConfigureAwait(false) is not { } resolved)
                {
                    continue;
                }

                meant = resolved;
            }

            if (_options.LookUpToken is { } lookUp && meant.Reveal() is { } token && TokenLook.IsVaultToken(token))
            {
                await LookUpAsync(rules, key, meant, lookUp, cancellationToken).ConfigureAwait(false);
            }
        }

        return findings;
    }

    private async Task<SealedValue?> ResolveAsync(ProfileRules rules, string uri, string key, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await ProfileReferences.ResolveAsync(uri, key, reference, _options.Resolve, cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind != FaultKind.AuditFailed)
        {
            rules.Add(ProfileSeverity.Error, key, "UnresolvedReference", exception.Message);
            return null;
        }
    }

    private static async Task LookUpAsync(
        ProfileRules rules, string key, SealedValue token, Func<SealedValue, CancellationToken, ValueTask<TokenStanding>> lookUp, CancellationToken cancellationToken)
    {
        try
        {
            TokenStanding standing = await lookUp(token, cancellationToken).ConfigureAwait(false);
            if (standing.IsAlive)
            {
                rules.Expiry(key, standing.Expires, "Vault token");
            }
            else
            {
                rules.Add(ProfileSeverity.Error, key, "ExpiredToken", "The server does not accept this Vault token: it ended, was revoked, is another server's, or may not look itself up.");
            }
        }
        catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
        {
            rules.Add(ProfileSeverity.Warning, key, "TokenUnknown", $"Whether this Vault token is good cannot be told: {exception.Message}");
        }
    }
}

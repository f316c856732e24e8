using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Makes sure, from a server's audit log, that nobody but SecretBridge has read or written secrets since a day. It refuses
/// whatever it cannot prove: a log that is not this server's or not live, one that begins too late, lines that are broken.
/// </summary>
internal sealed class RetirementCheck
{
    private const int MostNamed = 5;
    private readonly RetirementOptions _options;
    private readonly IReporter _reporter;
    private readonly long _start;

    /// <summary>Prepares it. The run begins now: what its own token does from now on is the run's.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    internal RetirementCheck(RetirementOptions options, IReporter reporter)
    {
        options.Validate();
        (_options, _reporter) = (options, reporter);
        _start = options.Time.GetTimestamp();
    }

    /// <summary>Checks secrets that are to be removed.</summary>
    /// <param name="uris">Their complete references.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BridgeException">Somebody needs them, or it cannot be proven that nobody does (<see cref="FaultKind.RemovalRefused"/>).</exception>
    internal async Task CheckAsync(IReadOnlyList<string> uris, CancellationToken cancellationToken)
    {
        if (LogGap.Find(_options.Logs) is { } gap)
        {
            throw Refusal($"The rotated file '{gap}' of the audit log is missing.");
        }

        // By the names that they were given, not by what they are: the rows of the log are named after the connection they are looked for by.
        var stores = new Dictionary<string, List<StoreLocation>>(StringComparer.Ordinal);
        foreach (string uri in uris)
        {
            StoreLocation location = await _options.Stores.ResolveAsync(SecretReference.Parse(uri), cancellationToken).ConfigureAwait(false);
            string root = location.Store.Root.ToString();
            if (!stores.TryGetValue(root, out List<StoreLocation>? members))
            {
                stores[root] = members = [];
            }

            members.Add(location);
        }

        foreach (List<StoreLocation> secrets in stores.Values)
        {
            LogProbe probe = await ProbeAsync(secrets[0], cancellationToken).ConfigureAwait(false);
            await CheckAsync(secrets, probe, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LogProbe> ProbeAsync(StoreLocation secret, CancellationToken cancellationToken)
    {
        string mount = secret.Store.Root.ToString();
        string id = await LogProbe.AskAsync(secret, cancellationToken).ConfigureAwait(false)
            ?? throw Refusal($"No request to '{mount}' can be found again in an audit log: it is in no Vault, or its replies carry no id.");
        return await LogProbe.FindAsync(_options, id, cancellationToken).ConfigureAwait(false)
            ?? throw Refusal($"The audit log does not show the request {id} that was just made to '{mount}': it is not the live log of the server that answered. Give the log of each node, where it is written.");
    }

    private async Task CheckAsync(List<StoreLocation> secrets, LogProbe probe, CancellationToken cancellationToken)
    {
        DateTimeOffset begin = probe.Time - _options.Time.GetElapsedTime(_start) - _options.Tolerance;
        var query = new ConsumerQuery
        {
            Logs = _options.Logs,
            Namespace = probe.Namespace,
            Since = _options.NotReadSince,
            GroupBy = [ConsumerGrouping.Path, ConsumerGrouping.DisplayName, ConsumerGrouping.Entity, ConsumerGrouping.Role],
            Trails = _options.Trails,
            ExcludesOwn = true,
            OwnRun = probe.HashedToken.Length > 0 ? (probe.HashedToken, begin) : null,
            ReadsEveryLine = true,
            OnlyValues = true,
            TakesEarlierVersion = true,
            Time = _options.Time,
        };
        query = query with { Targets = [LogTargets.Of(new(secrets[0].Store, Common(secrets)), query)] };
        var wanted = secrets.Select(secret => secret.Uri).ToHashSet(StringComparer.Ordinal);
        var found = new List<VaultConsumer>();
        var scan = new ConsumerScan(query, _reporter);
        BridgeException? fault = null;
        await foreach (VaultConsumer row in scan.RunAsync(new NoInput(), cancellationToken).ConfigureAwait(false))
        {
            fault ??= row.Fault;
            if (row.Fault is null && wanted.Contains(row.Uri))
            {
                found.Add(row);
            }
        }

        if (found.Count > 0)
        {
            throw Refusal(Describe(found));
        }

        if (Obstacle(scan.Coverage, fault) is { } obstacle)
        {
            throw Refusal(obstacle);
        }

        _reporter.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The audit log shows no request for the {secrets.Count} secrets of '{secrets[0].Store.Root}' from {Stamp(_options.NotReadSince)} to {Stamp(probe.Time)} but SecretBridge's own."));
    }

    private string? Obstacle(LogCoverage coverage, BridgeException? fault) =>
        coverage.Unreadable > 0 ? $"{coverage.Unreadable} lines or files of the audit log cannot be read, so that nothing is proven. {fault?.Message}".TrimEnd()
        : coverage.HashedPaths > 0 ? $"{coverage.HashedPaths} entries of the audit log hold their path as an HMAC, so that nothing is proven."
        : coverage.Untold > 0 ? $"{coverage.Untold} entries of the audit log do not tell their path or operation, so that nothing is proven."
        : coverage.Timeless > 0 ? $"{coverage.Timeless} entries of the audit log have no time, so that nothing is proven."
        : coverage.Earliest is null || coverage.Earliest >= _options.NotReadSince
            ? $"The audit log begins at {(coverage.Earliest is { } earliest ? Stamp(earliest) : "no time")}, and must reach back to before {Stamp(_options.NotReadSince)}. Give its rotated files too, or a later day."
        : null;

    private string Describe(List<VaultConsumer> found)
    {
        VaultConsumer[][] identities = found.GroupBy(row => (row.DisplayName, row.EntityId, row.Role)).Select(group => group.ToArray())
            .OrderByDescending(group => group.Max(row => row.LastTime)).ToArray();
        long requests = found.Sum(row => row.Reads + row.Writes + row.Denied + row.Failed);
        string named = string.Join("; ", identities.Take(MostNamed).Select(Describe));
        return string.Create(CultureInfo.InvariantCulture,
            $"Since {Stamp(_options.NotReadSince)} {Counted(identities.Length, "identity", "identities")} made {Counted(requests, "request", "requests")} for secrets that were to go: {named}{(identities.Length > MostNamed ? "; …" : "")}. Get-VaultConsumer tells more. Where these are SecretBridge's own, give the audit trail of their run.");
    }

    private static string Counted(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string Describe(VaultConsumer[] rows)
    {
        VaultConsumer first = rows[0];
        string[] addresses = rows.SelectMany(row => row.RemoteAddress).Distinct(StringComparer.Ordinal).ToArray();
        // Tokens that no login made are all called 'token': what they may do tells them apart.
        string[] policies = first is { Role: null, EntityId: null } ? rows.SelectMany(row => row.Policy).Distinct(StringComparer.Ordinal).ToArray() : [];
        string[] parts =
        [
            .. first.Role is { } role ? [$"role {role}"] : Array.Empty<string>(),
            .. first.EntityId is { } entity ? [$"entity {entity}"] : Array.Empty<string>(),
            .. policies.Length > 0 ? [$"with {string.Join(", ", policies.Take(MostNamed))}"] : Array.Empty<string>(),
            .. addresses.Length > 0 ? [$"from {string.Join(", ", addresses.Take(MostNamed))}"] : Array.Empty<string>(),
            $"last {Stamp(rows.Max(row => row.LastTime) ?? default)}",
        ];
        return $"'{first.DisplayName ?? "no token"}' ({string.Join(", ", parts)})";
    }

    private static SecretPath Common(List<StoreLocation> secrets)
    {
        SecretPath common = secrets[0].Path;
        foreach (StoreLocation secret in secrets)
        {
            while (!secret.Path.IsAtOrBelow(common))
            {
                common = common.Parent;
            }
        }

        return common;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static BridgeException Refusal(string why) => new(FaultKind.RemovalRefused, "AuditLog", $"{why} Nothing was removed.");

    private sealed class NoInput : IAsyncEnumerable<LogInput>, IAsyncEnumerator<LogInput>
    {
        public LogInput Current => throw new InvalidOperationException();

        public IAsyncEnumerator<LogInput> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(false);

        public ValueTask DisposeAsync() => default;
    }
}

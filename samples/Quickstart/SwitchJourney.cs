using SecretBridge.Audit.Consumers;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Routes;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Quickstart;

/// <summary>From a proven copy to a retired source: consumers are led over, and the old place goes once nobody reads it.</summary>
internal sealed class SwitchJourney(Server server, Screen screen, Action<bool, string> check, IReadOnlyList<MapRule> map)
{
    private const string Pattern = "external/**";
    private const string Reference = "external/billing/database/billing-00";

    private string OldUri => $"vault://{server.Old}";

    private string NewUri => $"vault://{server.New}";

    private string OldTarget => $"{OldUri}/apps/**";

    private string NewTarget => $"{NewUri}/environments/production/**";

    public async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        await ShadowAsync(cancellationToken);
        await CutOverAsync(cancellationToken);
        if (server.IsEmbedded)
        {
            await WatchAsync(cancellationToken);
        }

        await RetireAsync(count, cancellationToken);
    }

    private async Task ShadowAsync(CancellationToken cancellationToken)
    {
        screen.Step("Lead consumers by a route: the old place answers, the new one is compared",
            $"New-SecretRoute '{Pattern}' '{OldTarget}' '{NewTarget}' -Mode Shadow -Path routes.json; Resolve-SecretReference {Reference} -Key password -RoutePath routes.json");
        (ResolvedSecret secret, QuietReporter reporter) = await ResolveAsync(RouteMode.Shadow, cancellationToken);
        screen.Table(["Uri", "Value", "Drift"], [[secret.Uri, $"{secret.Value}", $"{secret.Drift}"]]);
        check(secret.Uri.Contains(server.Old + "/apps", StringComparison.Ordinal) && secret.Drift == RouteDrift.Different && reporter.Warnings.Count == 1,
            "The drift that somebody made is told, with the name of the key and without a value.");
    }

    private async Task CutOverAsync(CancellationToken cancellationToken)
    {
        screen.Step("Copy again, and move the consumers",
            $"Copy-VaultSubtree {OldUri} {NewUri} -Map @{{'apps/**'='environments/production/**'}} -Conflict Overwrite; Set-SecretRoute '{Pattern}' Cutover -Path routes.json");
        var copy = new SubtreeCopy(
            new CopyOptions { SourceStores = server.Stores, DestinationStores = server.Stores, DestinationUri = NewUri, Map = map, Conflict = ConflictPolicy.Overwrite, Verify = true },
            new QuietReporter());
        await DrainAsync(copy.RunAsync(new[] { new TreeItem(OldUri) }.ToAsync(), cancellationToken));
        (ResolvedSecret secret, _) = await ResolveAsync(RouteMode.Cutover, cancellationToken);
        screen.Table(["Created", "Updated", "Unchanged", "Uri"], [[$"{copy.Summary.Created}", $"{copy.Summary.Updated}", $"{copy.Summary.Unchanged}", secret.Uri]]);
        check(copy.Summary is { Created: 1, Updated: 1, Succeeded: true } && secret.Uri.Contains(server.New + "/environments", StringComparison.Ordinal),
            "What was lost and changed is there again, and the new place answers the same reference. Proxy would lead it back.");
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await server.ReadAsBatchJobAsync("apps/billing/queue/billing-03", cancellationToken);
        screen.Step("Who still reads the old place?", $"Get-VaultConsumer {OldUri}/apps /var/log/vault -GroupBy Policy");
        var scan = new ConsumerScan(
            new ConsumerQuery { Uris = [OldUri + "/apps"], Stores = server.Stores, Logs = [server.AuditFolder], GroupBy = [ConsumerGrouping.Policy] }, new QuietReporter());
        List<VaultConsumer> rows = await DrainAsync(scan.RunAsync(Array.Empty<LogInput>().ToAsync(), cancellationToken));
        screen.Table(["Policies", "Reads", "Writes"], rows.Select(row => new[] { string.Join(", ", row.Policy), $"{row.Reads}", $"{row.Writes}" }));
        check(rows.Exists(row => row.Policy.Contains("batch-job") && row.Reads == 1), "A batch job that nobody told of the move stands beside the quickstart itself.");
    }

    private async Task RetireAsync(int count, CancellationToken cancellationToken)
    {
        DateTimeOffset agreed = TimeProvider.System.GetUtcNow();
        screen.Step("Retire the old place, once nobody reads it",
            $"Compare-SecretTree {OldUri}/apps {NewUri}/environments/production -IncludeEqual | Remove-VaultSubtree -MaxDelete {count} -NotReadSince $agreed -AuditLog /var/log/vault");
        if (server.IsEmbedded)
        {
            await RefusedAsync(agreed.AddSeconds(-5), count, cancellationToken);
        }

        RemovalSummary summary = await RemoveAsync(server.IsEmbedded ? agreed : null, count, cancellationToken);
        screen.Table(["Deleted", "Refused", "Failed"], [[$"{summary.Deleted}", $"{summary.Refused}", $"{summary.Failed}"]]);
        check(summary.Deleted == count && summary is { Failed: 0, Refused: 0 }, $"{summary.Deleted} secrets went by the versions that were compared. Restore-VaultSecret brings them back.");
    }

    private async Task RefusedAsync(DateTimeOffset since, int count, CancellationToken cancellationToken)
    {
        try
        {
            await RemoveAsync(since, count, cancellationToken);
            check(false, "It went although somebody had just read it.");
        }
        catch (BridgeException refusal) when (refusal.Kind == FaultKind.RemovalRefused)
        {
            check(true, "While somebody still reads it, nothing goes.");
        }
    }

    private async Task<RemovalSummary> RemoveAsync(DateTimeOffset? notReadSince, int count, CancellationToken cancellationToken)
    {
        var comparison = new TreeComparison(
            new CompareOptions
            {
                ReferenceStores = server.Stores,
                DifferenceStores = server.Stores,
                ReferenceUri = OldUri + "/apps",
                DifferenceUri = NewUri + "/environments/production",
                IncludeEqual = true,
            },
            new QuietReporter());
        List<TreeDifference> rows = await DrainAsync(comparison.RunAsync(cancellationToken));
        RetirementCheck? watch = notReadSince is { } since
            ? new(new RetirementOptions { Stores = server.Stores, NotReadSince = since, Logs = [server.AuditFolder] }, new QuietReporter())
            : null;
        var removal = new SubtreeRemoval(
            new RemovalOptions { Stores = server.Stores, OtherStores = server.Stores, MaxDelete = count, LastCheck = watch is null ? null : watch.CheckAsync }, new QuietReporter());
        await DrainAsync(removal.RunAsync(rows.Where(row => row.SideIndicator == "==").Select(row => new RemovalInput(row)).ToAsync(), cancellationToken));
        return removal.Summary;
    }

    private async Task<(ResolvedSecret Secret, QuietReporter Reporter)> ResolveAsync(RouteMode mode, CancellationToken cancellationToken)
    {
        var reporter = new QuietReporter();
        var route = new SecretRoute { Pattern = Pattern, Target = [OldTarget], NewTarget = [NewTarget], Mode = mode };
        var routed = new RoutedResolver(server.Stores, new RouteOptions { Table = RouteTable.Of([route]), Reporter = reporter });
        var resolve = new ReferenceResolve(new ResolveOptions { Stores = routed, Key = "password" }, reporter);
        return ((await DrainAsync(resolve.RunAsync(new[] { new ResolveItem(Reference) }.ToAsync(), cancellationToken))).Single(), reporter);
    }

    private static async Task<List<T>> DrainAsync<T>(IAsyncEnumerable<T> rows)
    {
        var all = new List<T>();
        await foreach (T row in rows)
        {
            all.Add(row);
        }

        return all;
    }
}

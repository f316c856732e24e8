using SecretBridge.Health;
using SecretBridge.Policies;
using SecretBridge.Profiles;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Quickstart;

/// <summary>The main job, step by step: each calls the operation that the cmdlet beside it calls.</summary>
internal sealed class Journey(Server server, Screen screen)
{
    private static readonly MapRule[] Map = [new("apps/**", "environments/production/**")];

    private readonly List<bool> _verdicts = [];

    private string OldUri => $"vault://{server.Old}";

    private string NewUri => $"vault://{server.New}";

    private string CompareLine => $"Compare-SecretTree {OldUri} {NewUri} -Map @{{'apps/**'='environments/production/**'}}";

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        screen.Say(server.IsEmbedded
            ? $"SecretBridge quickstart, on an embedded server at {server.Address}. Nothing outside this process is touched."
            : $"SecretBridge quickstart, on {server.Address}, in the mounts {server.Old} and {server.New}, which are removed at the end.");
        await HealthAsync(cancellationToken);
        int count = await InventoryAsync(cancellationToken);
        await PolicyAsync(cancellationToken);
        await CopyAsync(count, cancellationToken);
        await CompareCleanAsync(count, cancellationToken);
        await ChangeBehindItsBackAsync(cancellationToken);
        await CompareChangedAsync(count, cancellationToken);
        await new SwitchJourney(server, screen, Check, Map).RunAsync(count, cancellationToken);
        await ProfileAsync(cancellationToken);
        await new ProfileJourney(server, screen, Check).RunAsync(cancellationToken);
        bool all = _verdicts.TrueForAll(good => good);
        screen.Say("");
        screen.Verdict(all, $"{_verdicts.Count(good => good)} of {_verdicts.Count} checks gave what they must.");
        return all;
    }

    private async Task HealthAsync(CancellationToken cancellationToken)
    {
        screen.Step("Is the server well?", "Test-VaultHealth");
        VaultHealth health = await HealthProbe.RunAsync(
            new HealthOptions { Backend = server.Backend }, new QuietReporter(), TimeProvider.System, cancellationToken);
        screen.Table(["Address", "Status", "Product", "Version", "Latency"],
            [[health.Address, health.Status.ToString(), health.Product ?? "", health.Version ?? "", FormattableString.Invariant($"{health.LatencyMs:0.0} ms")]]);
        Check(health.Healthy, health.Message);
    }

    private async Task<int> InventoryAsync(CancellationToken cancellationToken)
    {
        StoreLocation old = await server.Stores.ResolveAsync(SecretReference.Parse(OldUri), cancellationToken);
        var estate = Estate.Secrets().ToList();
        await using (IWriteSession session = await old.Store.OpenWriteSessionAsync(cancellationToken))
        {
            await Parallel.ForEachAsync(estate, cancellationToken, async (secret, stop) =>
                await session.WriteAsync(SecretPath.Parse(secret.Path), Estate.Payload(secret.Json), 0, stop));
            await session.WriteAsync(SecretPath.Parse("profiles/nightly-report"), Estate.Payload(Estate.Profile), 0, cancellationToken);
        }

        screen.Step("What is there?", $"Get-VaultSubtree {OldUri}/apps | Group-Object {{ ($_.RelativePath -split '/')[0] }} -NoElement");
        var walk = new SubtreeWalk(new WalkOptions { Stores = server.Stores }, new QuietReporter());
        List<SecretEntry> entries = await ListAsync(walk.RunAsync(One($"{OldUri}/apps"), cancellationToken));
        screen.Table(["Count", "Name"], entries.GroupBy(entry => entry.RelativePath.Split('/')[0]).Select(group => new[] { $"{group.Count()}", group.Key }));
        Check(entries.Count == estate.Count, $"{entries.Count} secrets found, {estate.Count} were put there.");
        return entries.Count;
    }

    private async Task PolicyAsync(CancellationToken cancellationToken)
    {
        screen.Step("What may the job be allowed, and nothing else?", $"New-VaultPolicy -For Copy {OldUri} {NewUri} -Verify");
        var maker = new PolicyMaker(new PolicyOptions { SourceStores = server.Stores, DestinationStores = server.Stores }, new QuietReporter());
        IReadOnlyList<VaultPolicy> policies = await maker.RunAsync(
            new[] { new PolicyItem { For = PolicyOperation.Copy, SourceUri = OldUri, DestinationUri = NewUri, Detail = new() { Verify = true } } }.ToAsync(), cancellationToken);
        screen.Table(["Side", "Path", "Capabilities"],
            policies.SelectMany(policy => policy.Rules.Select(rule => new[] { policy.Side.ToString(), rule.Path, string.Join(", ", rule.Capabilities) })));
        Check(policies.Count == 2 && policies.All(policy => policy.Rules.Count > 0), "Each line is one that the copy is refused without.");
    }

    private async Task CopyAsync(int count, CancellationToken cancellationToken)
    {
        screen.Step("Copy them to where they should be",
            $"Copy-VaultSubtree {OldUri} {NewUri} -Map @{{'apps/**'='environments/production/**'}} -Verify");
        CopySummary summary = await screen.WithProgressAsync("Copying", async progress =>
        {
            var copy = new SubtreeCopy(
                new CopyOptions
                {
                    SourceStores = server.Stores,
                    DestinationStores = server.Stores,
                    DestinationUri = NewUri,
                    Map = Map,
                    Verify = true,
                },
                new QuietReporter(progress));
            await ListAsync(copy.RunAsync(One(OldUri), cancellationToken));
            return copy.Summary;
        });
        screen.Table(["Created", "Updated", "Unchanged", "Skipped", "Conflict", "Failed", "Verified", "Seconds"],
            [[$"{summary.Created}", $"{summary.Updated}", $"{summary.Unchanged}", $"{summary.Skipped}", $"{summary.Conflict}", $"{summary.Failed}", $"{summary.Verified}", FormattableString.Invariant($"{summary.Duration.TotalSeconds:0.00}")]]);
        Check(summary.Created == count && summary.Verified == count && summary.Succeeded,
            $"{summary.Verified} of {count} secrets were written and read back equal; the profile matches no rule and was skipped.");
    }

    private async Task CompareCleanAsync(int count, CancellationToken cancellationToken)
    {
        screen.Step("Prove that nothing was lost", CompareLine + " -Exclude 'profiles/**' -Summary");
        (ComparisonSummary summary, _) = await CompareAsync(cancellationToken);
        Check(summary.IsClean && summary.Equal == count, $"IsClean is {summary.IsClean}: {summary.Equal} secrets are equal on both sides.");
    }

    private async Task ChangeBehindItsBackAsync(CancellationToken cancellationToken)
    {
        StoreLocation target = await server.Stores.ResolveAsync(SecretReference.Parse(NewUri + "/environments/production"), cancellationToken);
        await using IWriteSession session = await target.Store.OpenWriteSessionAsync(cancellationToken);
        await session.WriteAsync(target.Path.Append("billing/database/billing-00"),
            Estate.Payload("""{"username":"billing","password":"changed","port":5000,"options":{"tls":true,"hosts":["a","b"],"note":null}}"""), null, cancellationToken);
        await session.RemoveAsync(target.Path.Append("search/queue/search-03"), cancellationToken);
        await session.WriteAsync(target.Path.Append("search/queue/unknown"), Estate.Payload("""{"k":"v"}"""), 0, cancellationToken);
    }

    private async Task CompareChangedAsync(int count, CancellationToken cancellationToken)
    {
        screen.Step("Somebody changed one secret, removed one and added one: find them", CompareLine + " -Exclude 'profiles/**'");
        (ComparisonSummary summary, List<TreeDifference> rows) = await CompareAsync(cancellationToken);
        screen.Table(["SideIndicator", "RelativePath", "ChangedKey"],
            rows.Select(row => new[] { row.SideIndicator, row.RelativePath, string.Join(", ", row.ChangedKey) }));
        string found = string.Join(' ', rows.Select(row => row.SideIndicator).Order(StringComparer.Ordinal));
        Check(!summary.IsClean && found == "<= <> =>" && summary.Equal == count - 2,
            $"IsClean is {summary.IsClean}: {rows.Count} differences, told by key and never by value.");
    }

    private async Task ProfileAsync(CancellationToken cancellationToken)
    {
        screen.Step("Read a sealed profile", $"Get-SealedProfile {OldUri}/profiles/nightly-report");
        var read = new ProfileRead(new ProfileOptions { Stores = server.Stores });
        SealedProfile profile = (await ListAsync(read.RunAsync(new[] { new ProfileQuery($"{OldUri}/profiles/nightly-report") }.ToAsync(), cancellationToken))).Single();
        screen.Table(["Name", "Owner", "Environment", "Secrets", "AllowedWorkflows"],
        [
            [
                profile.Name, profile.Owner ?? "", string.Join(", ", profile.Environment.Keys),
                string.Join(", ", profile.Secrets.Select(secret => $"{secret.Key}={secret.Value}")), string.Join(", ", profile.AllowedWorkflows),
            ],
        ]);
        Check(profile.Reason is null && profile.Secrets["DB_PASSWORD"].Reveal() == Estate.Canary && !profile.ToString().Contains(Estate.Canary, StringComparison.Ordinal),
            "Its secrets are sealed, and Reveal() opens them for who asks.");
    }

    private async Task<(ComparisonSummary, List<TreeDifference>)> CompareAsync(CancellationToken cancellationToken)
    {
        var comparison = new TreeComparison(
            new CompareOptions
            {
                ReferenceStores = server.Stores,
                DifferenceStores = server.Stores,
                ReferenceUri = OldUri,
                DifferenceUri = NewUri,
                Map = Map,
                Exclude = ["profiles/**"],
            },
            new QuietReporter());
        List<TreeDifference> rows = await ListAsync(comparison.RunAsync(cancellationToken));
        return (comparison.Summary, rows);
    }

    private static IAsyncEnumerable<TreeItem> One(string uri) => new[] { new TreeItem(uri) }.ToAsync();

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (T row in rows)
        {
            list.Add(row);
        }

        return list;
    }

    private void Check(bool good, string text)
    {
        _verdicts.Add(good);
        screen.Verdict(good, text);
    }
}

using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;
using Hit = SecretBridge.DevVault.FaultKind;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>-IncludeMetadata, -IncludeMountConfig and provenance: laid over what is there, never in its place.</summary>
public class MetadataCopyTests
{
    private static readonly Func<CopyOptions, CopyOptions> With = options => options with { IncludeMetadata = true, Verify = true };

    [Fact]
    public async Task Metadata_arrives_with_the_secret_and_a_second_run_writes_nothing()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me"), ("note", "<ü>")) with
        {
            MaxVersions = 20,
            CheckAndSetRequired = true,
            DeleteVersionAfter = TimeSpan.FromHours(2),
        });
        CopyResult row = await bench.CopyOneAsync(With);
        Assert.Equal((CopyAction.Created, true, true), (row.Action, row.MetadataChanged, row.Verified));
        Assert.Equal("note=<ü> owner=me max=20 cas=True after=7200", CopyBench.Text(await bench.MetadataAsync("new", "a")));
        Assert.Equal("1=1", bench.History("new", "a"));

        bench.Server.Requests.Reset();
        CopyResult second = await bench.CopyOneAsync(With);
        Assert.Equal((CopyAction.Unchanged, false), (second.Action, second.MetadataChanged));
        Assert.Empty(bench.Server.Requests.Writes);
        Assert.Equal((0, 0), (bench.Summary.Lossy, bench.Summary.Warnings));
    }

    [Fact]
    public async Task Without_the_switch_no_metadata_is_asked_for_nor_written()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "f/a", "1");
        await bench.SetMetadataAsync("old", "f/a", CopyBench.Custom(("owner", "me")));
        bench.Server.Requests.Reset();
        await bench.CopyAsync();
        Assert.Equal(" max=0 cas=False after=0", CopyBench.Text(await bench.MetadataAsync("new", "f/a")));
        Assert.Equal(1, bench.Server.Requests.Count(RequestKind.Write));
        Assert.Equal(0, bench.Server.Requests.Count("GET", "old/metadata/f/a"));
    }

    [Fact]
    public async Task What_the_destination_has_stays_and_what_it_lacks_is_filled_in()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Put("new", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me"), ("team", "x")) with { DeleteVersionAfter = TimeSpan.FromHours(1) });
        await bench.SetMetadataAsync("new", "a", CopyBench.Custom(("theirs", "1"), ("team", "x")) with { MaxVersions = 7 });
        Assert.Equal(CopyAction.Updated, (await bench.CopyOneAsync(With)).Action);
        Assert.Equal("owner=me team=x theirs=1 max=7 cas=False after=3600", CopyBench.Text(await bench.MetadataAsync("new", "a")));
        Assert.Equal("1=1", bench.History("new", "a"));
    }

    [Theory]
    [InlineData(ConflictPolicy.Fail, CopyAction.Conflict, "owner=them max=7 cas=False after=0")]
    [InlineData(ConflictPolicy.Merge, CopyAction.Conflict, "owner=them max=7 cas=False after=0")]
    [InlineData(ConflictPolicy.Skip, CopyAction.Updated, "owner=them team=x max=7 cas=False after=0")]
    [InlineData(ConflictPolicy.Overwrite, CopyAction.Updated, "owner=me team=x max=20 cas=False after=0")]
    [InlineData(ConflictPolicy.NewerWins, CopyAction.Updated, "owner=me team=x max=20 cas=False after=0")]
    public async Task Metadata_that_differs_follows_the_policy_and_is_named(ConflictPolicy policy, CopyAction action, string metadata)
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("new", "a", "1");
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me"), ("team", "x")) with { MaxVersions = 20 });
        await bench.SetMetadataAsync("new", "a", CopyBench.Custom(("owner", "them")) with { MaxVersions = 7 });
        CopyResult row = await bench.CopyOneAsync(options => With(options) with { Conflict = policy });
        Assert.Equal(action, row.Action);
        Assert.Equal(action == CopyAction.Conflict ? ["custom_metadata/owner", "max_versions"] : [], row.ConflictKey);
        Assert.Equal(metadata, CopyBench.Text(await bench.MetadataAsync("new", "a")));
    }

    [Fact]
    public async Task A_secret_in_conflict_keeps_its_metadata()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Put("new", "a", "2");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        Assert.Equal(CopyAction.Conflict, (await bench.CopyOneAsync(With)).Action);
        Assert.Equal(" max=0 cas=False after=0", CopyBench.Text(await bench.MetadataAsync("new", "a")));
    }

    [Fact]
    public async Task Too_many_keys_fail_before_anything_is_written()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom([.. Enumerable.Range(0, 64).Select(i => ($"k{i}", "v"))]));
        CopyResult row = await bench.CopyOneAsync(options => With(options) with { Description = "one more" });
        Assert.Equal((CopyAction.Failed, ReportedKind.DestinationCannotHold), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.Contains("65 keys", row.Reason, StringComparison.Ordinal);
        Assert.Null(bench.Server.Secret("new", "a"));
    }

    [Fact]
    public async Task A_server_without_custom_metadata_gets_the_rest_and_each_row_says_so()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Put("old", "a", "1");
        bench.Put("old", "b", "1");
        await bench.SetMetadataAsync("old", "a", new() { MaxVersions = 20 });
        List<CopyResult> rows = await bench.CopyAsync(options => With(options) with { RecordSource = true, ThrottleLimit = 1 });
        Assert.All(rows, row => Assert.Equal(CopyAction.Created, row.Action));
        Assert.All(rows, row => Assert.Equal([CopyLoss.CustomMetadata], row.Lossy));
        Assert.Equal(" max=20 cas=False after=0", CopyBench.Text(await bench.MetadataAsync("new", "a")));
        Assert.Equal([true, false], rows.Select(row => row.MetadataChanged));
        Assert.Equal((2, 1), (bench.Summary.Lossy, bench.Summary.Warnings));
        Assert.Contains("Vault does since 1.9", Assert.Single(bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KV_version_1_keeps_no_metadata_and_rows_that_had_some_say_so()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        bench.Put("old", "b", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        List<CopyResult> rows = await bench.CopyAsync(With, to: "one");
        Assert.Equal([CopyLoss.Metadata], rows[0].Lossy);
        Assert.Empty(rows[1].Lossy);
        Assert.Equal([CopyAction.Created, CopyAction.Created], rows.Select(row => row.Action));
    }

    [Theory]
    [InlineData(VaultFlavour.OpenBao, "owner=me max=0 cas=False after=0")]
    [InlineData(VaultFlavour.Vault, " max=5 cas=False after=0")]
    public async Task A_secret_that_has_only_metadata_is_carried_with_it(VaultFlavour flavour, string metadata)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        await bench.SetMetadataAsync("old", "a", flavour == VaultFlavour.OpenBao ? CopyBench.Custom(("owner", "me")) : new() { MaxVersions = 5 });
        Assert.Equal(CopyAction.Skipped, (await bench.CopyOneAsync()).Action);
        foreach (VersionSelection version in new[] { VersionSelection.Latest, VersionSelection.All })
        {
            bench.Server.Remove("new", "a");
            Assert.Equal(CopyAction.Created, (await bench.CopyOneAsync(options => With(options) with { Version = version })).Action);
            Assert.Equal((0, metadata), (await bench.MetadataAsync("new", "a") is { } made ? (made.CurrentVersion, CopyBench.Text(made)) : default));
            Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(options => With(options) with { Version = version })).Action);
        }

        bench.Put("new", "a", "1");
        Assert.Equal(CopyAction.Conflict, (await bench.CopyOneAsync(With)).Action);
    }

    [Fact]
    public async Task Custom_metadata_alone_on_a_server_that_takes_none_still_makes_the_secret()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        await bench.SetMetadataAsync("old", "a", new() { MaxVersions = 0 });
        CopyResult row = await bench.CopyOneAsync(options => With(options) with { Description = "d" });
        Assert.Equal(CopyAction.Created, row.Action);
        Assert.Equal([CopyLoss.CustomMetadata], row.Lossy);
        Assert.Equal(0, (await bench.MetadataAsync("new", "a"))!.CurrentVersion);
    }

    [Fact]
    public async Task Provenance_is_recorded_with_a_value_and_stays_as_it_is_while_nothing_changes()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "f/a", "1", "2");
        Func<CopyOptions, CopyOptions> change = options => options with
        {
            RecordSource = true,
            Description = "moved",
            Tag = new Dictionary<string, string> { ["wave"] = "3" },
            Verify = true,
        };
        await bench.CopyAsync(change);
        IReadOnlyDictionary<string, string> custom = (await bench.MetadataAsync("new", "f/a"))!.CustomMetadata;
        Assert.Equal(
            ["description=moved", $"secretbridge.cluster={bench.Backend.ClusterId}", "secretbridge.path=old/f/a", "secretbridge.time=2026-01-01T00:00:03Z", "secretbridge.version=2", "wave=3"],
            custom.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Server.Requests.Reset();
        Assert.Equal(CopyAction.Unchanged, (await bench.CopyOneAsync(change)).Action);
        Assert.Empty(bench.Server.Requests.Writes);

        bench.Put("old", "f/a", "3");
        await bench.CopyAsync(options => change(options) with { Conflict = ConflictPolicy.Overwrite });
        Assert.Equal("3", (await bench.MetadataAsync("new", "f/a"))!.CustomMetadata["secretbridge.version"]);
    }

    [Fact]
    public async Task A_carried_limit_makes_room_for_the_history_before_it_is_replayed()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        await bench.SetMetadataAsync("old", "a", new() { MaxVersions = 12 });
        bench.Put("old", "a", [.. Enumerable.Range(1, 12).Select(i => $"{i}")]);
        CopyResult row = await bench.CopyOneAsync(options => With(options) with { Version = VersionSelection.All });
        Assert.Equal(12, row.VersionsCopied);
        Assert.Equal([CopyLoss.CreatedTime], row.Lossy);
        Assert.Equal(bench.History("old", "a"), bench.History("new", "a"));
    }

    [Fact]
    public async Task The_mounts_settings_are_carried_on_request_where_none_are_set()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Server.Configure("old", maxVersions: 25, casRequired: true, deleteVersionAfter: TimeSpan.FromDays(30));
        bench.Put("old", "a", [.. Enumerable.Range(1, 15).Select(i => $"{i}")]);
        Func<CopyOptions, CopyOptions> change = options => options with { IncludeMountConfig = true, Version = VersionSelection.All };
        await bench.CopyAsync(options => change(options) with { PlanOnly = true });
        Assert.Null((await SettingsAsync(bench)).MaxVersions is > 0 ? "set by a plan" : null);
        CopyResult row = await bench.CopyOneAsync(change);
        Assert.Equal(new MountSettings { MaxVersions = 25, CheckAndSetRequired = true, DeleteVersionAfter = TimeSpan.FromDays(30) }, await SettingsAsync(bench));
        Assert.Equal(15, row.VersionsCopied);

        bench.Server.Configure("old", maxVersions: 30);
        await bench.CopyAsync(change);
        Assert.Contains(bench.Reporter.Warnings, warning => warning.EndsWith("which stayed: max_versions.", StringComparison.Ordinal));
        Assert.Equal(25, (await SettingsAsync(bench)).MaxVersions);
    }

    [Fact]
    public async Task Metadata_that_may_not_be_written_fails_the_secret_before_its_value_is()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        bench.Server.WritePolicy("some", """
            path "old/*" { capabilities = ["read", "list", "scan"] }
            path "new/metadata/*" { capabilities = ["read", "list"] }
            path "new/data/*" { capabilities = ["create", "update", "read"] }
            """);
        await using VaultBackend limited = await bench.ConnectAsync(bench.Server.CreateToken(["some"]));
        CopyResult row = Assert.Single(await bench.CopyAsync(With, backend: limited));
        Assert.Equal((CopyAction.Failed, ReportedKind.PermissionDenied), (row.Action, ((IFaultRow)row).Fault!.Kind));
        Assert.Null(bench.Server.Secret("new", "a"));
    }

    [Fact]
    public async Task A_change_of_metadata_whose_reply_was_lost_is_found_to_be_made()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.OpenBao);
        bench.Put("old", "a", "1");
        await bench.SetMetadataAsync("old", "a", CopyBench.Custom(("owner", "me")));
        var lost = new Fault { Kind = Hit.ResetAfterCommit, Method = "POST", Path = "new/metadata/a" };
        bench.Server.Faults.Add(lost);
        Assert.Equal(CopyAction.Created, (await bench.CopyOneAsync(With)).Action);
        Assert.Equal(1, lost.Struck);
        Assert.Equal("owner=me max=0 cas=False after=0", CopyBench.Text(await bench.MetadataAsync("new", "a")));
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("k", "")]
    [InlineData("k", "line\nbreak")]
    public void Tags_that_no_server_takes_are_refused_before_any_request(string key, string value)
    {
        var options = new CopyOptions
        {
            SourceStores = new BackendRegistry(),
            DestinationStores = new BackendRegistry(),
            DestinationUri = "vault://x",
            Tag = new Dictionary<string, string> { [key] = value },
        };
        var exception = Assert.Throws<SecretBridge.Reporting.BridgeException>(options.Validate);
        Assert.Equal(ReportedKind.InvalidArgument, exception.Kind);
    }

    private static async Task<MountSettings> SettingsAsync(CopyBench bench) =>
        await ((IConfigurableStore)await bench.StoreAsync("new")).ReadSettingsAsync(CancellationToken.None);
}

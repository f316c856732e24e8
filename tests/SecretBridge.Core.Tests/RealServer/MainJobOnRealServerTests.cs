using System.Net;
using System.Text.Json;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;

namespace SecretBridge.Tests.RealServer;

[Collection(SharedRealVault.Name)]
public class MainJobOnRealServerTests(RealVault vault)
{
    private readonly RecordingReporter _reporter = new();

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public async Task A_tree_is_copied_proven_equal_and_left_alone_by_a_second_run(int sourceVersion, int targetVersion)
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(sourceVersion), await vault.MountAsync(targetVersion));
        await SeedAsync(backend, source);

        CopySummary first = await CopyAsync(backend, source, target, verify: true);
        Assert.Equal((40, 40, 0), (first.Created, first.Verified, first.Failed));
        ComparisonSummary proof = await CompareAsync(backend, source, target);
        Assert.Equal((40, true), (proof.Equal, proof.IsClean));

        CopySummary second = await CopyAsync(backend, source, target, verify: false);
        Assert.Equal((40, 0, 0), (second.Unchanged, second.Created, second.Updated));
    }

    [SkippableFact]
    public async Task What_was_deleted_at_the_source_is_skipped_and_at_the_destination_differs()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(2), await vault.MountAsync(2));
        await SeedAsync(backend, source);
        await CopyAsync(backend, source, target, verify: false);
        await using (IWriteSession left = await SessionAsync(backend, source))
        await using (IWriteSession right = await SessionAsync(backend, target))
        {
            await left.DeleteAsync(SecretPath.Parse("f0/s00"), [], CancellationToken.None);
            await right.DestroyAsync(SecretPath.Parse("f1/s01"), [1], CancellationToken.None);
        }

        ComparisonSummary comparison = await CompareAsync(backend, source, target);
        Assert.Equal((38, 2, false), (comparison.Equal, comparison.Different, comparison.IsClean));
        CopySummary again = await CopyAsync(backend, source, target, verify: false);
        Assert.Equal((1, 1, 38), (again.Skipped, again.Conflict, again.Unchanged));
    }

    [SkippableFact]
    public async Task Keys_are_compared_whether_or_not_the_server_tells_them_without_values()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(2), await vault.MountAsync(2));
        await using (IWriteSession left = await SessionAsync(backend, source))
        await using (IWriteSession right = await SessionAsync(backend, target))
        {
            foreach (string name in new[] { "a", "f/b" })
            {
                await left.WriteAsync(SecretPath.Parse(name), JsonText.Payload("""{"k":"canary-1","o":{"l":1}}"""), 0, CancellationToken.None);
                await right.WriteAsync(SecretPath.Parse(name), JsonText.Payload("""{"k":"canary-2","o":{"l":2}}"""), 0, CancellationToken.None);
            }
        }

        ComparisonSummary keys = await CompareAsync(backend, source, target, options => options with { KeysOnly = true });
        Assert.Equal((2, true), (keys.Equal, keys.IsClean));
        StoreLocation one = await backend.OpenAsync(SecretReference.Parse($"vault://{source}/a"), CancellationToken.None);
        bool isTold = await one.Store.TryReadShapeAsync(one.Path, null, CancellationToken.None) is not null;
        Assert.Equal(isTold ? 0 : 2, _reporter.Messages.Count(message => message.Contains("cannot tell keys without values", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task A_history_arrives_with_its_numbers_gaps_and_settings_and_a_second_run_changes_nothing()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(2), await vault.MountAsync(2));
        var path = SecretPath.Parse("f/s");
        await using (IWriteSession session = await SessionAsync(backend, source))
        {
            await session.WriteMetadataAsync(path, new() { MaxVersions = 4, DeleteVersionAfter = TimeSpan.FromHours(1) }, CancellationToken.None);
            await vault.PostAsync($"v1/{source}/config", """{"max_versions":4}""");
            for (int i = 1; i <= 6; i++)
            {
                await session.WriteAsync(path, JsonText.Payload($$"""{"n":{{i}}}"""), null, CancellationToken.None);
            }

            await session.DeleteAsync(path, [4], CancellationToken.None);
            await session.DestroyAsync(path, [5], CancellationToken.None);
        }

        SecretMetadata before = await MetadataAsync(backend, source, path);
        Assert.Equal([3, 4, 5, 6], before.Versions.Select(version => version.Number));
        CopySummary first = await FaithfulAsync(backend, source, target);
        Assert.Equal((1, 1, 2, 1), (first.Created, first.Verified, first.VersionsCopied, first.Lossy));
        SecretMetadata after = await MetadataAsync(backend, target, path);
        Assert.Equal([(3, false), (4, false), (5, true), (6, false)], after.Versions.Select(version => (version.Number, version.Destroyed)));
        Assert.Equal((4, TimeSpan.FromHours(1)), (after.MaxVersions, after.DeleteVersionAfter));
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse($"vault://{target}"), CancellationToken.None)).Store;
        Assert.Equal(SecretState.Deleted, (await store.ReadAsync(path, 4, CancellationToken.None)).State);
        Assert.Equal("3", (await store.ReadAsync(path, 3, CancellationToken.None)).Payload!.GetValue("n")!.Reveal());

        CopySummary second = await FaithfulAsync(backend, source, target);
        Assert.Equal((1, 0, 0), (second.Unchanged, second.Created, second.Updated));
        Assert.Equal(before.Versions, (await MetadataAsync(backend, source, path)).Versions);
    }

    [SkippableFact]
    public async Task A_token_that_may_use_only_its_folders_copies_them_and_says_what_it_may_not()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        await using VaultBackend backend = await vault.ConnectAsync();
        (string source, string target) = (await vault.MountAsync(2), await vault.MountAsync(2));
        await SeedAsync(backend, source);
        string policy = "p" + Guid.NewGuid().ToString("N");
        await vault.PostAsync($"v1/sys/policies/acl/{policy}", JsonSerializer.Serialize(new
        {
            policy = $$"""
                path "{{source}}/metadata/*" { capabilities = ["list"] }
                path "{{source}}/data/*" { capabilities = ["read"] }
                path "{{source}}/metadata/f3/*" { capabilities = ["deny"] }
                path "{{source}}/data/f2/*" { capabilities = ["deny"] }
                path "{{target}}/metadata/*" { capabilities = ["list"] }
                path "{{target}}/data/*" { capabilities = ["create", "read"] }
                """,
        }));
        using JsonDocument made = JsonDocument.Parse(await vault.PostAsync("v1/auth/token/create",
            $$"""{"policies":["{{policy}}"],"ttl":"10m"}"""));
        string token = made.RootElement.GetProperty("auth").GetProperty("client_token").GetString()!;
        await using VaultBackend limited = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "real", Address = vault.Address, Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword) },
            _reporter, TimeProvider.System, CancellationToken.None);

        CopySummary summary = await CopyAsync(limited, source, target, verify: true);
        Assert.Equal((20, 11), (summary.Verified, summary.Failed));
        ComparisonSummary comparison = await CompareAsync(limited, source, target);
        Assert.Equal((20, 11, false), (comparison.Equal, comparison.Unreadable, comparison.IsClean));
        Assert.DoesNotContain(token, string.Join('\n', _reporter.Messages.Concat(_reporter.Warnings).Concat(_reporter.Summaries)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_version_2_that_is_given_for_a_mount_without_options_is_refused()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        string mount = await vault.MountAsync(kvVersion: null);
        await using VaultBackend backend = await vault.ConnectAsync(kvVersion: 2);
        var exception = await Assert.ThrowsAnyAsync<BridgeException>(async () =>
            await backend.OpenAsync(SecretReference.Parse($"vault://{mount}/a"), CancellationToken.None));
        Assert.Equal(FaultKind.WrongKvVersion, exception.Kind);
    }

    private static async Task SeedAsync(VaultBackend backend, string mount)
    {
        await using IWriteSession session = await SessionAsync(backend, mount);
        for (int i = 0; i < 40; i++)
        {
            SecretPayload payload = JsonText.Payload($$$"""{"n":{{{i}}}.5,"s":"<ü> {{{i}}}","o":{"list":[1,null,{"b":true}]}}""");
            await session.WriteAsync(SecretPath.Parse($"f{i % 4}/s{i:00}"), payload, null, CancellationToken.None);
        }
    }

    private static async Task<IWriteSession> SessionAsync(VaultBackend backend, string mount) =>
        await (await backend.OpenAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None))
            .Store.OpenWriteSessionAsync(CancellationToken.None);

    private static async Task<SecretMetadata> MetadataAsync(VaultBackend backend, string mount, SecretPath path) =>
        (await (await backend.OpenAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None)).Store.ReadMetadataAsync(path, CancellationToken.None))!;

    private Task<CopySummary> FaithfulAsync(VaultBackend backend, string source, string target) => CopyAsync(backend, source, target, verify: true,
        options => options with
        {
            Version = VersionSelection.All,
            KeepVersionNumber = true,
            DeletedVersion = DeletedVersionPolicy.Preserve,
            IncludeMetadata = true,
        });

    private async Task<CopySummary> CopyAsync(
        VaultBackend backend, string source, string target, bool verify, Func<CopyOptions, CopyOptions>? change = null)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var options = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = $"vault://{target}", Verify = verify };
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, _reporter);
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem($"vault://{source}") }.ToAsync(), CancellationToken.None))
        {
            _ = row;
        }

        return copy.Summary;
    }

    private async Task<ComparisonSummary> CompareAsync(
        VaultBackend backend, string source, string target, Func<CompareOptions, CompareOptions>? change = null)
    {
        IStoreResolver stores = new BackendRegistry().With(backend);
        var options = new CompareOptions { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = $"vault://{source}", DifferenceUri = $"vault://{target}" };
        var comparison = new TreeComparison(change?.Invoke(options) ?? options, _reporter);
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            _ = row;
        }

        return comparison.Summary;
    }
}

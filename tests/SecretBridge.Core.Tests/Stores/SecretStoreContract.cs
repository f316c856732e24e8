using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Stores;

/// <summary>What every store must do. A class for each store runs these same tests on it.</summary>
public abstract class SecretStoreContract
{
    private static readonly SecretPath Db = SecretPath.Parse("apps/billing/db");

    private static CancellationToken None => CancellationToken.None;

    /// <summary>A new, empty store.</summary>
    protected abstract Task<ISecretStore> CreateAsync();

    [SkippableFact]
    public async Task What_was_written_reads_back_equal()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        SecretPayload payload = JsonText.Payload("""{"z":"<&>\u2028é😀","a":[1,{"b":null,"c":false}],"n":1.5}""");
        await session.WriteAsync(Db, payload, null, None);
        SecretReading reading = await store.ReadAsync(Db, null, None);
        Assert.Equal(SecretState.Live, reading.State);
        Assert.True(reading.Payload!.Compare(payload, throughDouble: false).AreEqual);
    }

    [SkippableFact]
    public async Task What_is_absent_is_an_answer_and_no_failure()
    {
        (ISecretStore store, _) = await OpenAsync();
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(Db, null, None)).State);
        Assert.Null(await store.ReadMetadataAsync(Db, None));
        if (store.Capabilities.HasFlag(StoreCapabilities.List))
        {
            Assert.False((await store.ListAsync(SecretPath.Parse("no/such"), None)).Exists);
            Assert.False((await store.ListAsync(SecretPath.Root, None)).Exists);
        }
    }

    [SkippableFact]
    public async Task A_folder_lists_its_names_in_byte_order_and_a_name_that_is_both_twice()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        foreach (string path in new[] { "b", "a/x", "a", "a-b", "B", "a.c/y" })
        {
            await session.WriteAsync(SecretPath.Parse(path), JsonText.Payload("""{"k":"v"}"""), null, None);
        }

        if (!store.Capabilities.HasFlag(StoreCapabilities.List))
        {
            Assert.Equal(FaultKind.NotSupported, await RefusedAsync(async () => await store.ListAsync(SecretPath.Root, None)));
            Assert.Null(await store.TryScanAsync(SecretPath.Root, None));
            return;
        }

        FolderListing listing = await store.ListAsync(SecretPath.Root, None);
        Assert.Equal(["B", "a", "a-b", "a.c/", "a/", "b"], listing.Names.Select(name => name.Listed));
        Assert.Equal(["x"], (await store.ListAsync(SecretPath.Parse("a"), None)).Names.Select(name => name.Listed));
    }

    [SkippableTheory]
    [InlineData("with space")]
    [InlineData("trailing ")]
    [InlineData("100%")]
    [InlineData("%2f")]
    [InlineData("a+b")]
    [InlineData("a#b?c;d:e&f=g")]
    [InlineData("back\\slash")]
    [InlineData("[x]*")]
    [InlineData("Ünï/é")]
    [InlineData("e\u0301")]
    [InlineData("emoji 😀")]
    [InlineData("list")]
    [InlineData("data/metadata/config")]
    public async Task Any_printable_name_round_trips(string name)
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        SecretPath path = SecretPath.Parse("odd").Append(name);
        await session.WriteAsync(path, JsonText.Payload("""{"k":"v"}"""), null, None);
        Assert.Equal(SecretState.Live, (await store.ReadAsync(path, null, None)).State);
        if (store.Capabilities.HasFlag(StoreCapabilities.List))
        {
            FolderListing listing = await store.ListAsync(path.Parent, None);
            Assert.Contains(path.Name, listing.Names.Where(entry => !entry.IsFolder).Select(entry => entry.Name));
        }
    }

    [SkippableFact]
    public async Task Names_that_differ_in_case_are_two_secrets()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        await session.WriteAsync(SecretPath.Parse("Foo"), JsonText.Payload("""{"k":"upper"}"""), null, None);
        await session.WriteAsync(SecretPath.Parse("foo"), JsonText.Payload("""{"k":"lower"}"""), null, None);
        Assert.Equal("upper", (await store.ReadAsync(SecretPath.Parse("Foo"), null, None)).Payload!.GetValue("k")!.Reveal());
        Assert.Equal("lower", (await store.ReadAsync(SecretPath.Parse("foo"), null, None)).Payload!.GetValue("k")!.Reveal());
    }

    [SkippableFact]
    public async Task A_removed_secret_is_gone_from_reads_and_lists()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        await session.WriteAsync(Db, JsonText.Payload("""{"k":"v"}"""), null, None);
        if (!store.Capabilities.HasFlag(StoreCapabilities.Remove))
        {
            Assert.Equal(FaultKind.NotSupported, await RefusedAsync(async () => await session.RemoveAsync(Db, None)));
            Assert.Equal(FaultKind.NotSupported, await RefusedAsync(async () => await session.DeleteAsync(Db, [], None)));
            Assert.Equal(SecretState.Live, (await store.ReadAsync(Db, null, None)).State);
            return;
        }

        await session.RemoveAsync(Db, None);
        await session.RemoveAsync(Db, None);
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(Db, null, None)).State);
        Assert.False((await store.ListAsync(SecretPath.Root, None)).Exists);
    }

    [SkippableFact]
    public async Task Check_and_set_writes_only_over_the_expected_version_where_the_store_has_it()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        if (!store.Capabilities.HasFlag(StoreCapabilities.CheckAndSet))
        {
            var refusal = await Assert.ThrowsAnyAsync<BridgeException>(async () =>
                await session.WriteAsync(Db, JsonText.Payload("""{"k":"v"}"""), 0, None));
            Assert.Equal(FaultKind.NotSupported, refusal.Kind);
            return;
        }

        Assert.Equal(1, (await session.WriteAsync(Db, JsonText.Payload("""{"k":"1"}"""), 0, None)).Version);
        Assert.Equal(2, (await session.WriteAsync(Db, JsonText.Payload("""{"k":"2"}"""), 1, None)).Version);
        foreach (int wrong in new[] { 0, 1, 3 })
        {
            var exception = await Assert.ThrowsAnyAsync<BridgeException>(async () =>
                await session.WriteAsync(Db, JsonText.Payload("""{"k":"canary-4711"}"""), wrong, None));
            Assert.Equal(FaultKind.CheckAndSetMismatch, exception.Kind);
            Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("2", (await store.ReadAsync(Db, null, None)).Payload!.GetValue("k")!.Reveal());
    }

    [SkippableFact]
    public async Task Versions_are_read_deleted_restored_and_destroyed_where_the_store_keeps_them()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        if (!store.Capabilities.HasFlag(StoreCapabilities.Versions))
        {
            var refusal = await Assert.ThrowsAnyAsync<BridgeException>(async () => await session.UndeleteAsync(Db, [1], None));
            Assert.Equal(FaultKind.NotSupported, refusal.Kind);
            return;
        }

        await session.WriteAsync(Db, JsonText.Payload("""{"k":"1"}"""), null, None);
        await session.WriteAsync(Db, JsonText.Payload("""{"k":"2"}"""), null, None);
        Assert.Equal("1", (await store.ReadAsync(Db, 1, None)).Payload!.GetValue("k")!.Reveal());
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(Db, 9, None)).State);

        await session.DeleteAsync(Db, [], None);
        SecretReading deleted = await store.ReadAsync(Db, null, None);
        Assert.Equal((SecretState.Deleted, 2, 2), (deleted.State, deleted.Version, deleted.CheckAndSet));
        Assert.Equal(["db"], (await store.ListAsync(Db.Parent, None)).Names.Select(name => name.Name));

        await session.UndeleteAsync(Db, [2], None);
        Assert.Equal("2", (await store.ReadAsync(Db, null, None)).Payload!.GetValue("k")!.Reveal());

        await session.DestroyAsync(Db, [2], None);
        Assert.Equal(SecretState.Destroyed, (await store.ReadAsync(Db, null, None)).State);
        Assert.Equal(SecretState.Live, (await store.ReadAsync(Db, 1, None)).State);

        SecretMetadata metadata = (await store.ReadMetadataAsync(Db, None))!;
        Assert.Equal(2, metadata.CurrentVersion);
        Assert.Equal(SecretState.Destroyed, metadata.StateAt(metadata.ServerTime ?? TimeProvider.System.GetUtcNow()));
    }

    [SkippableFact]
    public async Task Metadata_is_laid_over_what_is_there_where_the_store_keeps_it()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        if (!store.Capabilities.HasFlag(StoreCapabilities.Metadata))
        {
            var refusal = await Assert.ThrowsAnyAsync<BridgeException>(async () => await session.WriteMetadataAsync(Db, Custom(("owner", "me")), None));
            Assert.Equal(FaultKind.NotSupported, refusal.Kind);
            return;
        }

        await session.WriteAsync(Db, JsonText.Payload("""{"k":"v"}"""), null, None);
        try
        {
            await session.WriteMetadataAsync(Db, Custom(("owner", "me"), ("note", "<&> é")), None);
        }
        catch (BridgeException exception) when (exception.Kind == FaultKind.NotSupported)
        {
            // A server from before custom metadata says so instead of losing it silently.
            Assert.Empty((await store.ReadMetadataAsync(Db, None))!.CustomMetadata);
            return;
        }

        await session.WriteMetadataAsync(Db, Custom(("owner", "you"), ("team", "x")), None);
        SecretMetadata metadata = (await store.ReadMetadataAsync(Db, None))!;
        Assert.Equal(1, metadata.CurrentVersion);
        Assert.Equal(
            [("note", "<&> é"), ("owner", "you"), ("team", "x")],
            metadata.CustomMetadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal("v", (await store.ReadAsync(Db, null, None)).Payload!.GetValue("k")!.Reveal());
    }

    [SkippableFact]
    public async Task Metadata_limits_are_changed_where_the_store_keeps_versions()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        if (!store.Capabilities.HasFlag(StoreCapabilities.Versions))
        {
            return;
        }

        await session.WriteMetadataAsync(Db, new() { MaxVersions = 7 }, None);
        await session.WriteMetadataAsync(Db, new() { CheckAndSetRequired = true, DeleteVersionAfter = TimeSpan.FromMinutes(90.5) }, None);
        SecretMetadata metadata = (await store.ReadMetadataAsync(Db, None))!;
        Assert.Equal((0, 7, true, TimeSpan.FromMinutes(90.5)),
            (metadata.CurrentVersion, metadata.MaxVersions, metadata.CheckAndSetRequired, metadata.DeleteVersionAfter));
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(Db, null, None)).State);
        await session.WriteAsync(Db, JsonText.Payload("""{"k":"v"}"""), 0, None);
    }

    [SkippableFact]
    public async Task An_empty_payload_is_kept_or_refused_as_the_store_says()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        SecretPayload empty = JsonText.Payload("{}");
        if (store.Capabilities.HasFlag(StoreCapabilities.EmptyPayload))
        {
            await session.WriteAsync(Db, empty, null, None);
            Assert.True((await store.ReadAsync(Db, null, None)).Payload!.IsEmpty);
        }
        else
        {
            Assert.NotNull(store.WhyNotHold(Db, empty));
        }
    }

    [SkippableFact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        (ISecretStore store, _) = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ReadAsync(Db, null, cancelled.Token));
    }

    [SkippableFact]
    public async Task A_note_goes_with_a_value_and_no_store_stumbles_over_one()
    {
        (ISecretStore store, IWriteSession session) = await OpenAsync();
        await session.WriteAsync(Db, JsonText.Payload("""{"k":"v"}"""), null, new WriteNote { Tags = ["t"], Description = "d", MaxVersions = 3 }, None);
        Assert.Equal("v", (await store.ReadAsync(Db, null, None)).Payload!.GetValue("k")!.Reveal());
    }

    private static async Task<FaultKind> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<BridgeException>(call)).Kind;

    private static MetadataChange Custom(params (string Key, string Value)[] pairs) =>
        new() { CustomMetadata = pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal) };

    private async Task<(ISecretStore Store, IWriteSession Session)> OpenAsync()
    {
        ISecretStore store = await CreateAsync();
        return (store, await store.OpenWriteSessionAsync(None));
    }
}

using SecretBridge.Credentials;
using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Credentials;

public sealed class CredentialTests : IDisposable
{
    private const string Folder = "agentidp/agents/a1/credentials/";

    private readonly ProbedStore _store = new("kv");
    private readonly string _folder = Directory.CreateTempSubdirectory("secretbridge-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ids_make_a_reference_and_are_read_out_of_it_again()
    {
        string uri = CredentialPath.UriOf("vault://prod@team/kv", "agent #1", "c?2");
        Assert.Equal("vault://prod@team/kv/agentidp/agents/agent %231/credentials/c%3F2", uri);
        Assert.Equal(new("agent #1", "c?2"), CredentialPath.Of(uri));
        Assert.Equal(new("agent #1", "c?2"), CredentialPath.Of(uri + "#clientSecret"));
    }

    [Theory]
    [InlineData("a/b", "c")]
    [InlineData("..", "c")]
    [InlineData("", "c")]
    [InlineData("a", "")]
    [InlineData("a", "c\n")]
    public void Ids_that_are_no_single_name_are_refused(string agent, string credential) =>
        Assert.Equal(FaultKind.InvalidPath, Assert.Throws<BridgeException>(() => CredentialPath.UriOf("vault://kv", agent, credential)).Kind);

    [Theory]
    [InlineData("vault://kv/agentidp/agents/a/credentials")]
    [InlineData("vault://kv/agentidp/agents/a/credentials/c/d")]
    [InlineData("vault://kv/agentidp/agents/a/credentials/c?version=1")]
    [InlineData("vault://kv/agentidp/agents/a/credentials/c#other")]
    [InlineData("vault://kv/apps/db")]
    public async Task What_is_no_credential_is_refused_without_a_request(string uri)
    {
        CredentialChange row = await RotateAsync(uri);
        Assert.Equal((SecretAction.Failed, FaultKind.InvalidReference), (row.Action, row.Fault!.Kind));
        Assert.Equal(FaultKind.InvalidReference, (await WriteAsync(uri, "canary-new")).Fault!.Kind);
        Assert.Equal(FaultKind.InvalidReference, (await RemoveAsync(uri)).Fault!.Kind);
        Assert.Equal(FaultKind.InvalidReference, (await TestAsync(uri, "canary-new")).Fault!.Kind);
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task Credentials_are_listed_with_what_their_metadata_tells_and_no_secret_is_read()
    {
        await PutAsync("c1", "canary-1");
        await PutAsync("c1", "canary-2");
        await PutAsync("c2", "canary-3");
        await _store.PutAsync("agentidp/agents/a2/credentials/c9", """{"clientSecret":"canary-4"}""");
        await _store.Inner.DeleteAsync(SecretPath.Parse(Folder + "c2"), [], default);
        List<AgentCredential> rows = await ListAsync();
        Assert.Equal([("a1", "c1"), ("a1", "c2"), ("a2", "c9")], rows.Select(row => (row.AgentId, row.CredentialId)));
        Assert.Equal([2, 1, 1], rows.Select(row => row.Version!.Value));
        Assert.Equal([SecretState.Live, SecretState.Deleted, SecretState.Live], rows.Select(row => row.State!.Value));
        Assert.Equal("vault://memory@kv/agentidp/agents/a1/credentials/c1", rows[0].Uri);
        Assert.Empty(_store.Reads);
    }

    [Fact]
    public async Task An_agent_known_by_name_needs_no_list_of_all_agents()
    {
        await PutAsync("c1", "canary-1");
        await PutAsync("c2", "canary-2");
        List<AgentCredential> rows = await ListAsync(options => options with { Agents = ["a1"], IsCredential = name => name == "c2", NameOnly = true });
        Assert.Equal("c2", Assert.Single(rows).CredentialId);
        Assert.DoesNotContain("agentidp/agents", _store.Lists);
        Assert.Empty(_store.MetadataReads);
    }

    [Fact]
    public async Task Who_is_named_and_is_not_there_is_an_absent_row_with_a_fault_and_what_a_pattern_misses_is_none()
    {
        await PutAsync("c1", "canary-1");
        List<AgentCredential> rows = await ListAsync(options => options with { Agents = ["a1", "a2"] });
        Assert.Equal([("a1", "c1", null), ("a2", "", FaultKind.SecretNotFound)], rows.Select(row => (row.AgentId, row.CredentialId, row.Fault?.Kind)));
        rows = await ListAsync(options => options with { Agents = ["a1"], Credentials = ["c1", "c2"] });
        Assert.Equal([("c1", SecretState.Live), ("c2", SecretState.Absent)], rows.Select(row => (row.CredentialId, row.State!.Value)));
        Assert.Equal("vault://memory@kv/agentidp/agents/a1/credentials/c2", rows[1].Uri);
        Assert.Empty(await ListAsync(options => options with { Agents = ["a1"], IsCredential = name => name == "c9" }));
        Assert.Empty(await ListAsync(options => options with { IsAgent = name => name == "a2", IsCredential = name => name == "c2", Credentials = ["c2"] }));
    }

    [Fact]
    public async Task An_agent_whose_credentials_cannot_be_listed_is_a_row_and_the_others_go_on()
    {
        await PutAsync("c1", "canary-1");
        await _store.PutAsync("agentidp/agents/a2/credentials/c9", """{"clientSecret":"canary-4"}""");
        _store.Before = (verb, path) => verb == "list" && path.Value.Contains("/a1/", StringComparison.Ordinal) ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        List<AgentCredential> rows = await ListAsync();
        Assert.Equal([FaultKind.VaultReadError, null], rows.Select(row => row.Fault?.Kind));
        Assert.Equal("c9", rows[1].CredentialId);
        _store.Before = (_, path) => throw ProbedStore.Denied(path);
        Assert.Equal(FaultKind.VaultReadError, (await Assert.ThrowsAsync<BridgeException>(() => ListAsync())).Kind);
    }

    [Fact]
    public async Task A_written_secret_is_a_new_version_and_other_keys_stay()
    {
        await _store.PutAsync(Folder + "c1", """{"clientSecret":"canary-old","expires":"never"}""");
        CredentialChange row = await WriteAsync(Uri("c1"), "canary-new");
        Assert.Equal((SecretAction.Updated, 2, null, "a1", "c1"), (row.Action, row.Version, row.NewSecret, row.AgentId, row.CredentialId));
        Assert.Equal("""{"clientSecret":"canary-new","expires":"never"}""", await _store.TextAsync(Folder + "c1"));
        Assert.Equal(SecretAction.Created, (await WriteAsync(Uri("new"), "canary-new")).Action);
        Assert.Equal(SecretAction.Unchanged, (await WriteAsync(Uri("new"), "canary-new")).Action);
    }

    [Fact]
    public async Task A_generated_secret_is_delivered_sealed_once_it_is_written()
    {
        CredentialChange row = await WriteAsync(Uri("c1"), null);
        Assert.Equal(32, row.NewSecret!.Reveal()!.Length);
        Assert.Equal($$"""{"clientSecret":"{{row.NewSecret.Reveal()}}"}""", await _store.TextAsync(Folder + "c1"));
        Assert.DoesNotContain(row.NewSecret.Reveal()!, row + System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
        Assert.Null((await WriteAsync(Uri("c2"), null, planOnly: true)).NewSecret);
        Assert.Null(await _store.TextAsync(Folder + "c2"));
    }

    [Fact]
    public async Task A_rotation_is_a_new_version_and_the_old_secret_stays_in_the_history()
    {
        await _store.PutAsync(Folder + "c1", """{"clientSecret":"canary-old","value":"kept"}""");
        CredentialChange row = await RotateAsync(Uri("c1"));
        Assert.Equal((SecretAction.Updated, 2, 1), (row.Action, row.Version, row.PreviousVersion));
        Assert.Equal($$"""{"clientSecret":"{{row.NewSecret!.Reveal()}}","value":"kept"}""", await _store.TextAsync(Folder + "c1"));
        Assert.Equal("canary-old", (await _store.Inner.ReadAsync(SecretPath.Parse(Folder + "c1"), 1, default)).Payload!.GetValue("clientSecret")!.Reveal());
    }

    [Fact]
    public async Task A_credential_that_is_named_twice_is_rotated_once()
    {
        await PutAsync("c1", "canary-old");
        List<CredentialChange> rows = await RotateAllAsync(options => options, Uri("c1"), Uri("c1") + "#clientSecret");
        Assert.Equal([SecretAction.Updated, SecretAction.Unchanged], rows.Select(row => row.Action).Order());
        Assert.Single(_store.Writes);
    }

    [Fact]
    public async Task A_plan_writes_neither_a_secret_nor_a_journal()
    {
        await PutAsync("c1", "canary-old");
        List<CredentialChange> rows = await CollectAsync(
            new CredentialRotate(new() { Stores = new StoreSet(_store), JournalPath = PathOf("plan") }).RunAsync(new[] { new CredentialItem(Uri("c1"), PlanOnly: true) }.ToAsync(), default));
        Assert.True(Assert.Single(rows).Planned);
        Assert.Empty(_store.Writes);
        Assert.False(File.Exists(PathOf("plan")));
    }

    [Fact]
    public async Task What_the_server_refuses_is_named_as_the_runbook_does()
    {
        await PutAsync("c1", "canary-old");
        _store.Before = (verb, path) => verb == "write" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        BridgeException fault = (await RotateAsync(Uri("c1"))).Fault!;
        Assert.Equal((FaultKind.VaultWriteError, FaultKind.PermissionDenied), (fault.Kind, ((BridgeException)fault.InnerException!).Kind));
        Assert.Contains("PermissionDenied", fault.Message, StringComparison.Ordinal);
        Assert.Equal(FaultKind.VaultWriteError, (await WriteAsync(Uri("c1"), "canary-new")).Fault!.Kind);
        _store.Before = (verb, path) => verb is "read" or "metadata" ? throw ProbedStore.Denied(path) : Task.CompletedTask;
        Assert.Equal(FaultKind.VaultReadError, (await TestAsync(Uri("c1"), "canary-old")).Fault!.Kind);
        _store.Before = (_, _) => Task.CompletedTask;
        Assert.Equal(FaultKind.SecretNotFound, (await TestAsync(Uri("none"), "canary-old")).Fault!.Kind);
        Assert.Equal(FaultKind.SecretNotFound, (await RotateAsync(Uri("none"))).Fault!.Kind);
    }

    [Fact]
    public async Task A_submitted_secret_is_held_against_the_stored_one()
    {
        await PutAsync("c1", "canary-old");
        Assert.True((await TestAsync(Uri("c1"), "canary-old")).IsMatch);
        Assert.False((await TestAsync(Uri("c1"), "canary-ol")).IsMatch);
        Assert.False((await TestAsync(Uri("c1"), "canary-new")).IsMatch);
    }

    [Fact]
    public async Task A_removal_takes_all_versions()
    {
        await PutAsync("c1", "canary-1");
        await PutAsync("c1", "canary-2");
        Assert.Equal(SecretAction.Removed, (await RemoveAsync(Uri("c1"))).Action);
        Assert.Null(await _store.Inner.ReadMetadataAsync(SecretPath.Parse(Folder + "c1"), default));
    }

    [Fact]
    public async Task A_finished_journal_rotates_nothing_again_and_delivers_what_was_rotated()
    {
        await PutAsync("c1", "canary-old");
        CredentialChange first = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1")));
        Assert.DoesNotContain(first.NewSecret!.Reveal()!, await File.ReadAllTextAsync(PathOf("j")), StringComparison.Ordinal);
        Assert.Equal(["format", "from", "rotating", "rotated"], File.ReadLines(PathOf("j")).Select(line => line.Split('"')[1]));
        CredentialChange second = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.Equal((SecretAction.Updated, 2, 1, first.NewSecret.Reveal()), (second.Action, second.Version, second.PreviousVersion, second.NewSecret!.Reveal()));
        Assert.Single(_store.Writes);
        await PutAsync("c1", "canary-theirs");
        CredentialChange third = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.Contains("since", third.Reason, StringComparison.Ordinal);
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1")));
        Assert.Equal(FaultKind.JournalInvalid, fault.Kind);
    }

    [Fact]
    public async Task A_rotation_that_lost_to_another_writer_is_done_by_the_resumed_run()
    {
        await PutAsync("c1", "canary-old");
        _store.Before = async (verb, path) =>
        {
            if (verb == "write")
            {
                await _store.PutAsync(path.Value, """{"clientSecret":"canary-theirs"}""");
            }
        };
        CredentialChange first = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1")));
        Assert.Equal((SecretAction.Failed, FaultKind.VaultWriteError), (first.Action, first.Fault!.Kind));
        Assert.EndsWith("somebody wrote it in between: look at it, and decide. Nothing was written.", first.Fault.Message, StringComparison.Ordinal);
        _store.Before = (_, _) => Task.CompletedTask;
        CredentialChange second = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.NotEqual("canary-theirs", second.NewSecret!.Reveal());
        Assert.Equal((SecretAction.Updated, 3, 2), (second.Action, second.Version, second.PreviousVersion));
    }

    [Fact]
    public async Task A_rotated_secret_that_was_taken_away_since_is_a_failure_and_not_delivered_as_nothing()
    {
        await PutAsync("deleted", "canary-1");
        await PutAsync("removed", "canary-2");
        await PutAsync("emptied", "canary-3");
        string[] uris = [Uri("deleted"), Uri("removed"), Uri("emptied")];
        Assert.All(await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, uris), row => Assert.Equal(SecretAction.Updated, row.Action));
        await _store.Inner.DeleteAsync(SecretPath.Parse(Folder + "deleted"), [2], default);
        await _store.Inner.RemoveAsync(SecretPath.Parse(Folder + "removed"), default);
        await _store.PutAsync(Folder + "emptied", """{"other":"canary-4"}""");
        List<CredentialChange> rows = await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, uris);
        Assert.Equal([FaultKind.SecretDeleted, FaultKind.SecretNotFound, FaultKind.SecretNotFound], rows.Select(row => row.Fault?.Kind));
        Assert.All(rows, row => Assert.Equal((SecretAction.Failed, null), (row.Action, row.NewSecret)));
    }

    [Fact]
    public async Task A_credential_that_is_gone_before_the_run_that_was_killed_wrote_it_was_not_rotated()
    {
        await PutAsync("c1", "canary-old");
        _store.Before = (verb, _) => verb == "write" ? throw new BridgeException(FaultKind.OutcomeUnknown, "c1", "The reply was lost.") : Task.CompletedTask;
        await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1"));
        _store.Before = (_, _) => Task.CompletedTask;
        await _store.Inner.RemoveAsync(SecretPath.Parse(Folder + "c1"), default);
        CredentialChange row = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.Equal((SecretAction.Failed, FaultKind.SecretNotFound), (row.Action, row.Fault?.Kind));
    }

    [Fact]
    public async Task What_the_server_certainly_did_not_write_is_rotated_by_the_resumed_run_whoever_wrote_it_meanwhile()
    {
        await PutAsync("c1", "canary-old");
        _store.Before = (verb, path) => verb == "write" ? throw new BridgeException(FaultKind.PayloadTooLarge, path.Value, "Too large.") : Task.CompletedTask;
        await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1"));
        _store.Before = (_, _) => Task.CompletedTask;
        await PutAsync("c1", "canary-theirs");
        CredentialChange row = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.NotEqual("canary-theirs", row.NewSecret!.Reveal());
        Assert.Equal((SecretAction.Updated, 3, 2), (row.Action, row.Version, row.PreviousVersion));
    }

    [Fact]
    public async Task A_credential_that_was_made_anew_since_is_told_to_be_somebody_elses()
    {
        await PutAsync("c1", "canary-old");
        await RotateAllAsync(options => options with { JournalPath = PathOf("j") }, Uri("c1"));
        await _store.Inner.RemoveAsync(SecretPath.Parse(Folder + "c1"), default);
        await PutAsync("c1", "canary-theirs");
        CredentialChange row = Assert.Single(await RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.Contains("somebody has written it since", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_is_rotated_once_by_whatever_name_its_connection_has()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        server.Put("secret", Folder + "c1", """{"clientSecret":"canary-old"}""");
        await using VaultBackend one = await ConnectAsync(server, "one");
        await using VaultBackend two = await ConnectAsync(server, "two");
        var stores = new BackendRegistry();
        stores.Add(one);
        stores.Add(two);
        string[] uris = ["vault://one@secret/" + Folder + "c1", "vault://two@secret/" + Folder + "c1"];
        List<CredentialChange> rows = await RotateAllAsync(options => options with { Stores = stores, JournalPath = PathOf("j") }, uris);
        Assert.Equal([SecretAction.Updated, SecretAction.Unchanged], rows.Select(row => row.Action).Order());
        string secret = rows.Single(row => row.Action == SecretAction.Updated).NewSecret!.Reveal()!;
        string other = rows[0].Action == SecretAction.Updated ? uris[1] : uris[0];
        CredentialChange again = Assert.Single(await RotateAllAsync(options => options with { Stores = stores, JournalPath = PathOf("j"), Resume = true }, other));
        Assert.Equal((other, 2, secret), (again.Uri, again.Version, again.NewSecret!.Reveal()));
    }

    [Fact]
    public async Task A_path_that_cannot_be_is_a_row_and_the_others_go_on()
    {
        await PutAsync("c1", "canary-1");
        string odd = "vault://kv/../" + Folder + "c1";
        List<CredentialChange> rows = await CollectAsync(new CredentialRemove(new StoreSet(_store), 1)
            .RunAsync(new[] { new CredentialItem(odd), new CredentialItem(Uri("c1")) }.ToAsync(), default));
        Assert.Equal([(odd, SecretAction.Failed), ("vault://memory@kv/" + Folder + "c1", SecretAction.Removed)], rows.Select(row => (row.Uri, row.Action)));
    }

    [Theory]
    [InlineData("{\"format\":\"secretbridge-copy-journal\",\"version\":1}\n")]
    [InlineData("{\"format\":\"secretbridge-rotation-journal\",\"version\":2}\n")]
    [InlineData("{\"format\":\"secretbridge-rotation-journal\",\"version\":1}\nnonsense\n")]
    [InlineData("a file of somebody else")]
    public async Task A_file_that_is_no_journal_of_a_rotation_is_refused_and_left_as_it_is(string text)
    {
        await File.WriteAllTextAsync(PathOf("j"), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf("j"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await PutAsync("c1", "canary-old");
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => RotateAllAsync(options => options with { JournalPath = PathOf("j"), Resume = true }, Uri("c1")));
        Assert.Equal(FaultKind.JournalInvalid, fault.Kind);
        Assert.Equal(text, await File.ReadAllTextAsync(PathOf("j")));
        Assert.Empty(_store.Writes);
    }

    [Fact]
    public async Task Wherever_a_run_is_killed_the_resumed_one_rotates_each_credential_exactly_once_and_delivers_its_secret()
    {
        int kills = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var chance = new Random(seed);
            var store = new ProbedStore("kv");
            string[] uris = Enumerable.Range(0, 10).Select(i => Uri($"c{i}")).ToArray();
            foreach (string uri in uris)
            {
                await store.PutAsync(SecretReference.Parse(uri).Path.RelativeTo(SecretPath.Parse("kv")).Value, """{"clientSecret":"canary-old"}""");
            }

            List<CredentialChange>? rows = null;
            foreach (int after in new[] { chance.Next(1, 40), chance.Next(1, 40), int.MaxValue })
            {
                var kill = new Trees.Control.KillSwitch(after, chance);
                store.Before = kill.Before;
                var options = new CredentialRotateOptions
                {
                    Stores = new StoreSet(store),
                    JournalPath = PathOf($"kill{seed}"),
                    Resume = true,
                    WrapJournal = kill.Wrap,
                    ThrottleLimit = chance.Next(1, 5),
                    Time = new Clocks.ManualTime(),
                };
                try
                {
                    rows = await CollectAsync(new CredentialRotate(options).RunAsync(uris.Select(uri => new CredentialItem(uri)).ToAsync(), default));
                }
                catch (Exception exception) when (exception is Trees.Control.KillSwitch.KilledException or BridgeException && kill.IsDead)
                {
                    kills++;
                }
            }

            store.Before = (_, _) => Task.CompletedTask;
            Assert.Equal(uris.Length, rows!.Count);
            foreach (CredentialChange row in rows)
            {
                SecretPath path = SecretReference.Parse(row.Uri).Path.RelativeTo(SecretPath.Parse("kv"));
                SecretReading reading = await store.Inner.ReadAsync(path, null, default);
                Assert.True(row.Action == SecretAction.Updated && row.Version == 2 && reading.Version == 2, $"seed {seed}: {row.Action} {row.Version} {reading.Version} {row.Reason}");
                Assert.Equal(reading.Payload!.GetValue("clientSecret")!.Reveal(), row.NewSecret!.Reveal());
            }
        }

        Assert.True(kills > 100, $"Only {kills} runs were killed.");
    }

    private static Task<VaultBackend> ConnectAsync(DevVaultServer server, string name) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = name, Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(server.RootToken)) },
        new RecordingReporter(), TimeProvider.System, default);

    private static string Uri(string credential) => $"vault://kv/{Folder}{credential}";

    private string PathOf(string name) => Path.Combine(_folder, name + ".jsonl");

    private Task PutAsync(string credential, string secret) => _store.PutAsync(Folder + credential, $$"""{"clientSecret":"{{secret}}"}""");

    private Task<List<AgentCredential>> ListAsync(Func<CredentialListOptions, CredentialListOptions>? change = null)
    {
        var options = new CredentialListOptions { Stores = new StoreSet(_store), MountUri = "vault://kv" };
        return CollectAsync(new CredentialList(change?.Invoke(options) ?? options).RunAsync(default));
    }

    private async Task<CredentialChange> WriteAsync(string uri, string? secret, bool planOnly = false) =>
        Assert.Single(await CollectAsync(new CredentialWrite(new() { Stores = new StoreSet(_store) }).RunAsync(
            new[] { new CredentialItem(uri, planOnly, secret is null ? null : SealedValue.FromText(secret)) }.ToAsync(), default)));

    private async Task<CredentialChange> RotateAsync(string uri) => Assert.Single(await RotateAllAsync(options => options, uri));

    private Task<List<CredentialChange>> RotateAllAsync(Func<CredentialRotateOptions, CredentialRotateOptions> change, params string[] uris) =>
        CollectAsync(new CredentialRotate(change(new() { Stores = new StoreSet(_store) })).RunAsync(uris.Select(uri => new CredentialItem(uri)).ToAsync(), default));

    private async Task<CredentialChange> RemoveAsync(string uri) =>
        Assert.Single(await CollectAsync(new CredentialRemove(new StoreSet(_store), 4).RunAsync(new[] { new CredentialItem(uri) }.ToAsync(), default)));

    private async Task<SecretMatch> TestAsync(string uri, string secret) =>
        Assert.Single(await CollectAsync(new CredentialTest(new StoreSet(_store), SealedValue.FromText(secret), 4).RunAsync(new[] { new CredentialItem(uri) }.ToAsync(), default)));

    private static async Task<List<T>> CollectAsync<T>(IAsyncEnumerable<T> rows)
    {
        var all = new List<T>();
        await foreach (T row in rows)
        {
            all.Add(row);
        }

        return all;
    }
}

using SecretBridge.Audit;
using SecretBridge.Audit.Consumers;
using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Audit.Consumers;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using FaultKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Audit.OnDevVault;

public sealed class RetirementOnDevVaultTests : IAsyncLifetime
{
    private static readonly string[] Gone = ["vault://prod@secret/apps/a", "vault://prod@secret/apps/b"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-retire-");
    private readonly RecordingReporter _reporter = new();
    private readonly ManualTime _time = new();
    private DevVaultServer _server = null!;
    private VaultBackend _backend = null!;
    private string _app = "";

    private string Log => Path.Combine(_folder.FullName, "audit.log");

    private string Trail => Path.Combine(_folder.FullName, "trail.jsonl");

    private DateTimeOffset Since { get; set; }

    private IStoreResolver Stores => new BackendRegistry().With(_backend);

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time, AuditFile = Log });
        _server.WritePolicy("ro", """path "secret/data/apps/*" { capabilities = ["read"] } path "secret/metadata/apps/*" { capabilities = ["list"] }""");
        _server.Put("secret", "apps/a", """{"k":"canary-a"}""");
        _server.Put("secret", "apps/b", """{"k":"canary-b"}""");
        _server.Put("secret", "apps/stays", """{"k":"canary-c"}""");
        _app = _server.CreateToken(["ro"]);
        _backend = await ConnectAsync(_server.RootToken);
        await ReadAsync(_backend, "apps/stays");
        _time.Advance(TimeSpan.FromDays(10));
        Since = _time.GetUtcNow() - TimeSpan.FromDays(7);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_nobody_read_since_then_may_go()
    {
        await Check().CheckAsync(Gone, default);
        Assert.Contains(_reporter.Messages, line => line.StartsWith("The audit log shows no request for the 2 secrets of 'vault://prod@secret'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_read_by_somebody_else_refuses_and_names_who_it_was_and_no_token()
    {
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/b");
        _time.Advance(TimeSpan.FromHours(1));
        BridgeException fault = await RefusalAsync();
        Assert.Contains("1 identity made 1 request for", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'token' (with ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_app, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hmac", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_counts_by_whichever_name_of_the_server_the_secret_was_given()
    {
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/b");
        _time.Advance(TimeSpan.FromHours(1));
        await using VaultBackend other = await ConnectAsync(_server.RootToken, name: "other");
        var both = new BackendRegistry();
        both.Add(_backend);
        both.Add(other);
        RetirementCheck check = Check(options => options with { Stores = both });
        var fault = await Assert.ThrowsAsync<BridgeException>(() => check.CheckAsync(["vault://prod@secret/apps/a", "vault://other@secret/apps/b"], default));
        Assert.Contains("1 identity made 1 request", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_of_a_secret_that_stays_and_a_listing_do_not_matter()
    {
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/stays");
        StoreLocation folder = await app.OpenAsync(SecretReference.Parse("vault://secret/apps"), default);
        Assert.Equal(3, (await folder.Store.ListAsync(folder.Path, default)).Names.Count);
        _time.Advance(TimeSpan.FromHours(1));
        await Check().CheckAsync(Gone, default);
    }

    [Fact]
    public async Task A_refused_read_is_one_too()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Add("X-Vault-Token", _server.CreateToken(["default"]));
        await client.GetAsync(new Uri(_server.Address, "v1/secret/data/apps/a"));
        _time.Advance(TimeSpan.FromHours(1));
        await RefusalAsync();
    }

    [Fact]
    public async Task What_the_run_itself_reads_is_its_own()
    {
        RetirementCheck check = Check();
        await ReadAsync(_backend, "apps/a");
        await check.CheckAsync(Gone, default);
    }

    [Fact]
    public async Task What_SecretBridge_read_before_is_its_own_only_with_its_trail()
    {
        var stores = new AuditedResolver(Stores, new() { Sink = new AuditTrail(new() { Path = Trail, Actor = "ann", Time = _time }), Backend = _ => _backend });
        StoreLocation secret = await stores.ResolveAsync(SecretReference.Parse(Gone[0]), default);
        await secret.Store.ReadAsync(secret.Path, null, default);
        _time.Advance(TimeSpan.FromHours(1));
        BridgeException fault = await RefusalAsync();
        Assert.Contains("give the audit trail of their run", fault.Message, StringComparison.Ordinal);
        await Check(options => options with { Trails = [Trail] }).CheckAsync(Gone, default);
    }

    [Fact]
    public async Task A_log_of_another_server_or_an_old_copy_refuses()
    {
        string copy = Path.Combine(_folder.FullName, "copy.log");
        File.Copy(Log, copy);
        Assert.Contains("does not show the request", (await RefusalAsync(options => options with { Logs = [copy] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_begins_after_the_day_refuses()
    {
        Since = _time.GetUtcNow() - TimeSpan.FromDays(11);
        Assert.Contains("must reach back to before", (await RefusalAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_line_refuses_because_it_might_have_been_a_read()
    {
        await File.AppendAllTextAsync(Log, "{\"time\":\"2026-01-10T00:00:00Z\",\"type\":\"request\",\"auth\":{\"cl\n");
        Assert.Contains("cannot be read", (await RefusalAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_file_that_is_missing_refuses()
    {
        string folder = Path.Combine(_folder.FullName, "rotated");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "audit.log.2.gz"), "");
        Assert.Contains("'audit.log.1' of the audit log is missing", (await RefusalAsync(options => options with { Logs = [Log, folder] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_file_that_is_missing_among_files_that_were_named_refuses_too()
    {
        string older = Log + ".2";
        File.Copy(Log, older);
        Assert.Contains("'audit.log.1' of the audit log is missing", (await RefusalAsync(options => options with { Logs = [Log, older] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_another_node_stamps_ahead_of_this_servers_time_refuses()
    {
        await AppendAsync(new LoggedRequest("secret/data/apps/a") { Time = _time.GetUtcNow().AddMinutes(5) }.Lines);
        await RefusalAsync();
    }

    [Fact]
    public async Task An_entry_that_does_not_tell_its_path_refuses()
    {
        await AppendAsync(new LoggedRequest("secret/data/apps/a") { Time = _time.GetUtcNow().AddDays(-1) }.Lines.Select(line =>
            line.Replace("\"path\":\"secret/data/apps/a\",", "", StringComparison.Ordinal)));
        await RefusalAsync();
    }

    [Fact]
    public async Task A_request_for_the_servers_root_which_has_no_path_either_does_not_matter()
    {
        var request = new LoggedRequest("") { Time = _time.GetUtcNow().AddDays(-1), ResponseError = "1 error occurred:\n\t* unsupported path\n\n" };
        await AppendAsync(request.Lines.Select(line => line.Replace("\"path\":\"\",", "", StringComparison.Ordinal)));
        await Check().CheckAsync(Gone, default);
    }

    [Fact]
    public async Task Numbers_of_rotated_files_are_those_of_one_folder()
    {
        string one = Directory.CreateDirectory(Path.Combine(_folder.FullName, "node1")).FullName, two = Directory.CreateDirectory(Path.Combine(_folder.FullName, "node2")).FullName;
        File.Copy(Log, Path.Combine(one, "audit.log.1"));
        File.Copy(Log, Path.Combine(two, "audit.log.2"));
        Assert.Contains("'audit.log.1' of the audit log is missing", (await RefusalAsync(options => options with { Logs = [Log, one, two] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_was_cut_off_does_not_stand_for_the_packed_file_beside_it()
    {
        string[] lines = [.. new LoggedRequest("sys/health") { Time = _time.GetUtcNow().AddDays(-2) }.Lines, .. new LoggedRequest("secret/data/apps/a") { Time = _time.GetUtcNow().AddDays(-2) }.Lines];
        await File.WriteAllTextAsync(Log + ".1", lines[0] + "\n");
        await using (var packed = new System.IO.Compression.GZipStream(File.Create(Log + ".1.gz"), System.IO.Compression.CompressionLevel.Fastest))
        {
            await packed.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        }

        await RefusalAsync(options => options with { Logs = [Log, Log + ".1", Log + ".1.gz"] });
    }

    [Fact]
    public async Task A_read_from_before_the_mount_had_versions_refuses()
    {
        await AppendAsync(new LoggedRequest("secret/apps/a") { Time = _time.GetUtcNow().AddDays(-1) }.Lines);
        await RefusalAsync();
    }

    [Fact]
    public async Task A_namespace_that_the_server_names_otherwise_than_the_connection_does_not_hide_reads()
    {
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/b");
        _time.Advance(TimeSpan.FromHours(1));
        await using VaultBackend odd = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Namespace = "root", Auth = new TokenAuth(Connection.Secure(_server.RootToken)) }, _reporter, _time, default);
        BridgeException fault = await RefusalAsync(options => options with { Stores = new BackendRegistry().With(odd) });
        Assert.Contains("1 identity made 1 request", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("team", "secret", "team", "secret")]
    [InlineData("team", "secret", null, "team/secret")]
    [InlineData(null, "team/secret", "team", "secret")]
    [InlineData(null, "team/secret", null, "team/secret")]
    public async Task A_read_in_a_namespace_refuses_whichever_way_it_was_reached(string? ours, string ourMount, string? theirs, string theirMount)
    {
        _server.Mount("secret", inNamespace: "team");
        _server.Put("team/secret", "apps/a", """{"k":"canary-a"}""");
        await using VaultBackend app = await ConnectAsync(_server.RootToken, theirs, "app");
        StoreLocation secret = await app.OpenAsync(SecretReference.Parse($"vault://{theirMount}/apps/a"), default);
        Assert.Equal(SecretState.Live, (await secret.Store.ReadAsync(secret.Path, null, default)).State);
        _time.Advance(TimeSpan.FromHours(1));
        await using VaultBackend backend = await ConnectAsync(_server.RootToken, ours);
        RetirementCheck check = Check(options => options with { Stores = new BackendRegistry().With(backend) });
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => check.CheckAsync([$"vault://prod@{ourMount}/apps/a"], default));
        Assert.Contains("1 identity made 1 request", fault.Message, StringComparison.Ordinal);
        await Check(options => options with { Stores = new BackendRegistry().With(backend) }).CheckAsync([$"vault://prod@{ourMount}/apps/b"], default);
    }

    [Theory]
    [InlineData("team", "secret", "app in team")]
    [InlineData(null, "team/secret", "app in team")]
    [InlineData("root", "secret", "root")]
    [InlineData(null, "secret", "root")]
    public async Task Consumers_are_those_of_the_namespace_that_the_connection_reaches(string? ns, string mount, string expected)
    {
        _server.Mount("secret", inNamespace: "team");
        await AppendAsync(
        [
            .. new LoggedRequest("secret/data/apps/a") { Name = "app in team", Namespace = "team/" }.Lines,
            .. new LoggedRequest("secret/data/apps/a") { Name = "app in other", Namespace = "other/" }.Lines,
        ]);
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/a");
        await using VaultBackend backend = await ConnectAsync(_server.RootToken, ns);
        var scan = new ConsumerScan(new() { Uris = [$"vault://prod@{mount}"], Stores = new BackendRegistry().With(backend), Logs = [Log], GroupBy = [ConsumerGrouping.DisplayName] }, _reporter);
        var names = new List<string?>();
        await foreach (VaultConsumer row in scan.RunAsync(Array.Empty<LogInput>().ToAsync(), default))
        {
            names.Add(row.DisplayName);
        }

        Assert.Equal(expected == "root" ? ["token"] : [expected], names.Distinct());
    }

    [Fact]
    public void A_day_that_has_not_come_and_no_log_at_all_are_refused_before_anything_is_read()
    {
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => Check(options => options with { NotReadSince = _time.GetUtcNow() })).Kind);
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(() => Check(options => options with { Logs = [] })).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_removal_asks_last_and_removes_nothing_where_somebody_reads(bool planOnly)
    {
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/b");
        _time.Advance(TimeSpan.FromHours(1));
        var removal = new SubtreeRemoval(
            new() { Stores = Stores, OtherStores = Stores, Force = true, MaxDelete = 9, PlanOnly = planOnly, LastCheck = Check().CheckAsync, Time = _time }, _reporter);
        int rows = 0;
        Func<Task> run = async () =>
        {
            await foreach (RemoveResult row in removal.RunAsync(new[] { new RemovalInput(null, new TreeItem("vault://secret/apps")) }.ToAsync(), default))
            {
                Assert.True(row.Planned);
                rows++;
            }
        };
        if (planOnly)
        {
            await run();
            Assert.Contains(_reporter.Warnings, warning => warning.StartsWith("Since 2026-01-04", StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(FaultKind.RemovalRefused, (await Assert.ThrowsAsync<BridgeException>(run)).Kind);
        }

        Assert.Equal(planOnly ? 3 : 0, rows);
        Assert.NotNull(_server.Read("secret", "apps/b"));
    }

    [Fact]
    public async Task A_move_asks_first_and_copies_nothing_where_somebody_reads()
    {
        _server.Mount("new");
        await using VaultBackend app = await ConnectAsync(_app);
        await ReadAsync(app, "apps/b");
        _time.Advance(TimeSpan.FromHours(1));
        var fault = await Assert.ThrowsAsync<BridgeException>(MoveAsync);
        Assert.Equal(FaultKind.RemovalRefused, fault.Kind);
        Assert.EndsWith("Nothing was removed. Nothing was copied either.", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Secrets("new"));
    }

    [Fact]
    public async Task What_a_move_itself_reads_does_not_keep_it_from_its_removal()
    {
        _server.Mount("new");
        Assert.Equal(["Deleted a", "Deleted b", "Deleted stays"], await MoveAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_server.Read("secret", "apps/a"));
        Assert.NotNull(_server.Read("new", "a"));
    }

    private async Task<List<string>> MoveAsync()
    {
        var move = new SubtreeMove(
            new()
            {
                Copy = new() { SourceStores = Stores, DestinationStores = Stores, DestinationUri = "vault://new", Time = _time },
                MaxDelete = 9,
                LastCheck = Check().CheckAsync,
            },
            _reporter);
        await foreach (CopyResult row in move.CopyAsync(new[] { new TreeItem("vault://secret/apps") }.ToAsync(), default))
        {
            Assert.Equal(CopyAction.Created, row.Action);
        }

        var removed = new List<string>();
        await foreach (RemoveResult row in move.RemoveAsync(default))
        {
            removed.Add($"{row.Action} {row.RelativePath}");
        }

        return removed;
    }

    private RetirementCheck Check(Func<RetirementOptions, RetirementOptions>? with = null)
    {
        var options = new RetirementOptions { Stores = Stores, NotReadSince = Since, Logs = [Log], Time = _time };
        return new(with?.Invoke(options) ?? options, _reporter);
    }

    private async Task<BridgeException> RefusalAsync(Func<RetirementOptions, RetirementOptions>? with = null)
    {
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => Check(with).CheckAsync(Gone, default));
        Assert.Equal(FaultKind.RemovalRefused, fault.Kind);
        Assert.EndsWith("Nothing was removed.", fault.Message, StringComparison.Ordinal);
        return fault;
    }

    private Task AppendAsync(IEnumerable<string> lines) => File.AppendAllLinesAsync(Log, lines);

    private Task<VaultBackend> ConnectAsync(string token, string? ns = null, string name = "prod") => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = name, Address = _server.Address.ToString(), Namespace = ns, Auth = new TokenAuth(Connection.Secure(token)) }, _reporter, _time, default);

    private static async Task ReadAsync(VaultBackend backend, string path)
    {
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://secret/" + path), default);
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, null, default)).State);
    }
}

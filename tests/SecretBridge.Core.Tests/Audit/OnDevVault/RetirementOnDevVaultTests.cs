using SecretBridge.Audit;
using SecretBridge.Audit.Consumers;
using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
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
        using var client = new HttpClient();
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

    private Task<VaultBackend> ConnectAsync(string token) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token)) }, _reporter, _time, default);

    private static async Task ReadAsync(VaultBackend backend, string path)
    {
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://secret/" + path), default);
        Assert.Equal(SecretState.Live, (await location.Store.ReadAsync(location.Path, null, default)).State);
    }
}

using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Stores.OnDevVault;

/// <summary>Connections, mounts, and how references find their store.</summary>
public sealed class BackendTests : IAsyncLifetime
{
    private DevVaultServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync();
        _server.Mount("team/apps/kv", 2);
        _server.Mount("old", 1);
        _server.WritePolicy("narrow", """path "team/apps/kv/data/only/*" { capabilities = ["read"] }""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Mounts_are_listed_by_name_with_references_that_carry_the_backend()
    {
        await using VaultBackend backend = await ConnectAsync();
        IReadOnlyList<VaultMount> mounts = await backend.ListMountsAsync(CancellationToken.None);
        VaultMount nested = Assert.Single(mounts, mount => mount.Mount == "team/apps/kv");
        Assert.Equal(("vault://prod@team/apps/kv", "kv", 2), (nested.Uri, nested.Type, nested.KvVersion));
        Assert.Equal(1, Assert.Single(mounts, mount => mount.Mount == "old").KvVersion);
        Assert.Null(mounts.First(mount => mount.Type is not "kv").KvVersion);
        Assert.Equal(mounts.Select(mount => mount.Mount).Order(Utf8Order.Instance), mounts.Select(mount => mount.Mount));
    }

    [Fact]
    public async Task A_token_without_rights_on_sys_sees_the_mounts_it_has_any_right_below()
    {
        await using VaultBackend backend = await ConnectAsync(["narrow"]);
        IReadOnlyList<VaultMount> mounts = await backend.ListMountsAsync(CancellationToken.None);
        Assert.Contains(mounts, mount => mount.Mount == "team/apps/kv");
        Assert.DoesNotContain(mounts, mount => mount.Mount == "old");
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://team/apps/kv/only/x"), CancellationToken.None);
        Assert.Equal(("team/apps/kv", "only/x"), (location.Store.Root.Path.Value, location.Path.Value));
    }

    [Fact]
    public async Task A_mount_is_asked_for_once()
    {
        await using VaultBackend backend = await ConnectAsync();
        foreach (string path in new[] { "team/apps/kv", "team/apps/kv/a", "team/apps/kv/b/c", "old/x", "old" })
        {
            StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://" + path), CancellationToken.None);
            Assert.Equal($"vault://prod@{path}", location.Uri);
        }

        Assert.Equal(2, _server.Requests.Count(RequestKind.Preflight));
    }

    [Theory]
    [InlineData("vault://nosuch/x", FaultKind.MountNotFound)]
    [InlineData("vault://sys/x", FaultKind.NotKeyValueMount)]
    [InlineData("builtin://x", FaultKind.SealedStoreLocked)]
    [InlineData("scaivault://x", FaultKind.NotConnected)]
    [InlineData("vault://other@kv/x", FaultKind.NotConnected)]
    [InlineData("bare", FaultKind.SealedStoreLocked)]
    public async Task A_reference_that_leads_nowhere_says_why(string reference, FaultKind kind)
    {
        await using VaultBackend backend = await ConnectAsync();
        var registry = new BackendRegistry();
        registry.Add(backend);
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(() => registry.ResolveAsync(SecretReference.Parse(reference), CancellationToken.None).AsTask());
        Assert.Equal(kind, exception.Kind);
    }

    [Theory]
    [InlineData("billing", "write vault://mount/billing.")]
    [InlineData("kv/apps", "write vault://kv/apps.")]
    public async Task A_bare_name_that_has_a_folder_is_taken_for_one_with_its_mount_in_the_advice(string reference, string advice)
    {
        BridgeException exception = await Assert.ThrowsAnyAsync<BridgeException>(
            () => new BackendRegistry().ResolveAsync(SecretReference.Parse(reference), CancellationToken.None).AsTask());
        Assert.EndsWith(advice, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "old", "vault://prod@old/billing")]
    [InlineData("vault", "old", "vault://prod@old/billing")]
    [InlineData(null, null, "vault://memory@sealed/billing")]
    [InlineData("builtin", "old", "vault://memory@sealed/billing")]
    public async Task A_bare_name_means_the_configured_scheme_else_the_default_mount_else_the_sealed_file(string? scheme, string? mount, string uri)
    {
        await using VaultBackend backend = await ConnectAsync(change: options => options with { DefaultMount = mount });
        var registry = new BackendRegistry { Builtin = new InMemoryStore("sealed"), DefaultScheme = scheme };
        registry.Add(backend);
        Assert.Equal(uri, (await registry.ResolveAsync(SecretReference.Parse("billing"), CancellationToken.None)).Uri);
        Assert.Equal(uri, (await registry.With(backend).ResolveAsync(SecretReference.Parse("billing"), CancellationToken.None)).Uri);
    }

    [Fact]
    public async Task A_configured_scheme_ends_with_the_connection_that_it_came_with()
    {
        await using VaultBackend backend = await ConnectAsync();
        var registry = new BackendRegistry { DefaultScheme = "vault" };
        registry.Add(backend);
        registry.Remove("other");
        Assert.Equal("vault", registry.DefaultScheme);
        registry.Remove(backend.Name);
        Assert.Null(registry.DefaultScheme);
    }

    [Fact]
    public async Task A_bare_name_stands_in_the_default_mount()
    {
        await using VaultBackend backend = await ConnectAsync(change: options => options with { DefaultMount = "team/apps/kv/" });
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("billing/db"), CancellationToken.None);
        Assert.Equal("vault://prod@team/apps/kv/billing/db", location.Uri);
    }

    [Fact]
    public async Task A_mount_tells_its_configuration_when_asked_and_only_where_that_may_be_read()
    {
        _server.Configure("team/apps/kv", maxVersions: 7, casRequired: true, deleteVersionAfter: TimeSpan.FromMinutes(90));
        await using VaultBackend backend = await ConnectAsync();
        VaultMount mount = (await backend.ListMountsAsync(CancellationToken.None)).Single(one => one.Mount == "team/apps/kv");
        Assert.Null(mount.MaxVersions);
        mount = await backend.WithConfigAsync(mount, CancellationToken.None);
        Assert.Equal((7, true, TimeSpan.FromMinutes(90)), (mount.MaxVersions, mount.CheckAndSetRequired, mount.DeleteVersionAfter));
        _server.Faults.Add(new Fault { Kind = DevVault.FaultKind.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Path = "team/apps/kv/config", Times = null });
        Assert.Null((await backend.WithConfigAsync(mount with { MaxVersions = null }, CancellationToken.None)).MaxVersions);
    }

    [Fact]
    public async Task A_given_version_serves_where_the_server_does_not_tell()
    {
        await using VaultBackend told = await ConnectAsync(change: options => options with { KvVersion = 1 });
        Assert.IsType<KvV1Store>((await told.OpenAsync(SecretReference.Parse("vault://team/apps/kv/x"), CancellationToken.None)).Store);
        await using VaultBackend wrong = await ConnectAsync(change: options => options with { KvVersion = 2 });
        BridgeException exception = await Assert.ThrowsAsync<BridgeException>(() => wrong.OpenAsync(SecretReference.Parse("vault://old/x"), CancellationToken.None).AsTask());
        Assert.Equal(FaultKind.WrongKvVersion, exception.Kind);
        _server.Faults.Add(new Fault { Kind = DevVault.FaultKind.Status, Status = 403, Body = """{"errors":["permission denied"]}""", Path = "sys/internal/ui/mounts/**", Times = null });
        await using VaultBackend given = await ConnectAsync(change: options => options with { KvVersion = 2, DefaultMount = "team/apps/kv" });
        StoreLocation location = await given.OpenAsync(SecretReference.Parse("vault://team/apps/kv/x"), CancellationToken.None);
        Assert.Equal("x", location.Path.Value);
        Assert.IsType<KvV2Store>(location.Store);
    }

    [Fact]
    public async Task One_mount_is_one_store_whichever_way_it_is_reached()
    {
        _server.CreateNamespace("ns");
        _server.Mount("kv", 2, "ns");
        await using VaultBackend inside = await ConnectAsync(change: options => options with { Namespace = "/ns/" });
        await using VaultBackend outside = await ConnectAsync(change: options => options with { Name = "other" });
        ISecretStore left = (await inside.OpenAsync(SecretReference.Parse("vault://kv/a"), CancellationToken.None)).Store;
        ISecretStore right = (await outside.OpenAsync(SecretReference.Parse("vault://ns/kv/a"), CancellationToken.None)).Store;
        Assert.Equal("ns", inside.Namespace);
        Assert.Equal(left.Identity, right.Identity);
        Assert.NotEqual(left.Root, right.Root);
    }

    [Theory]
    [InlineData("1.8.12", true)]
    [InlineData("1.8.12+ent", false)]
    [InlineData("1.8.12+prem.hsm", false)]
    public async Task A_server_that_takes_no_notice_of_namespaces_has_one_identity_with_and_without_them(string version, bool isSame)
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = VaultFlavour.Vault, Version = version });
        var options = new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(server.RootToken)) };
        await using VaultBackend outside = await VaultBackend.ConnectAsync(options, new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        await using VaultBackend inside = await VaultBackend.ConnectAsync(options with { Name = "team", Namespace = "team" }, new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        var uri = SecretReference.Parse("vault://secret/a");
        Assert.Equal(isSame, (await outside.OpenAsync(uri, CancellationToken.None)).Store.Identity == (await inside.OpenAsync(uri, CancellationToken.None)).Store.Identity);
    }

    [Fact]
    public async Task The_registry_keeps_backends_by_name_and_one_current()
    {
        await using VaultBackend one = await ConnectAsync();
        await using VaultBackend two = await ConnectAsync(change: options => options with { Name = "two" });
        var registry = new BackendRegistry();
        Assert.Equal(FaultKind.NotConnected, Assert.Throws<BridgeException>(() => registry.Get(null)).Kind);
        Assert.Null(registry.Add(one));
        Assert.Null(registry.Add(two));
        Assert.Same(two, registry.Current);
        Assert.Equal("vault://prod@old/x", (await registry.ResolveAsync(SecretReference.Parse("vault://PROD@old/x"), CancellationToken.None)).Uri);
        Assert.Same(one, registry.Select("prod"));
        Assert.Equal("vault://two@old/x", (await registry.With(two).ResolveAsync(SecretReference.Parse("vault://old/x"), CancellationToken.None)).Uri);
        Assert.Equal("vault://two@old/x", (await new BackendRegistry().With(two).ResolveAsync(SecretReference.Parse("vault://two@old/x"), CancellationToken.None)).Uri);
        Assert.Same(one, registry.Remove("prod"));
        Assert.Null(registry.Current);
        Assert.Equal(["two"], registry.Backends.Select(backend => backend.Name));
    }

    [Theory]
    [InlineData("a b", null)]
    [InlineData("prod", 3)]
    public async Task An_option_that_cannot_be_right_is_refused(string name, int? kvVersion)
    {
        BridgeException exception = await Assert.ThrowsAsync<BridgeException>(() => ConnectAsync(change: options => options with { Name = name, KvVersion = kvVersion }));
        Assert.Equal(FaultKind.InvalidArgument, exception.Kind);
    }

    [Fact]
    public async Task A_standby_that_redirects_is_followed_to_the_active_node()
    {
        await using DevVaultServer standby = await DevVaultServer.StartAsync(new DevVaultOptions { ActiveNode = _server, StandbyRedirects = true });
        await using VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "s", Address = standby.Address.ToString(), Auth = new TokenAuth(Connection.Secure(_server.RootToken)) },
            new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        StoreLocation location = await backend.OpenAsync(SecretReference.Parse("vault://team/apps/kv/x"), CancellationToken.None);
        await using IWriteSession session = await location.Store.OpenWriteSessionAsync(CancellationToken.None);
        Assert.Equal(1, (await session.WriteAsync(location.Path, JsonText.Payload("""{"k":"v"}"""), 0, CancellationToken.None)).Version);
    }

    private Task<VaultBackend> ConnectAsync(string[]? policies = null, Func<ConnectOptions, ConnectOptions>? change = null)
    {
        string token = policies is null ? _server.RootToken : _server.CreateToken(policies);
        var options = new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token)) };
        return VaultBackend.ConnectAsync(change?.Invoke(options) ?? options, new RecordingReporter(), TimeProvider.System, CancellationToken.None);
    }
}

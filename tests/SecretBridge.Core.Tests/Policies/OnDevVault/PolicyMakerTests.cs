using System.Net;
using SecretBridge.DevVault;
using SecretBridge.Policies;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Policies.OnDevVault;

public sealed class PolicyMakerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RecordingReporter _reporter = new();
    private DevVaultServer _server = null!;
    private PolicyAdmin _admin = null!;
    private VaultBackend _backend = null!;

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new() { Flavour = VaultFlavour.Vault, Time = _time });
        _server.Mount("kv");
        _server.Mount("one", 1);
        _admin = new(_server.Address.ToString(), _server.RootToken);
        _backend = await _admin.ConnectAsync("a", _server.RootToken);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("a${x}b")]
    [InlineData("a${b")]
    [InlineData("q\"q")]
    [InlineData("b\\s")]
    [InlineData("é中")]
    [InlineData("a*b")]
    [InlineData("+x")]
    [InlineData("x+")]
    [InlineData("tail ")]
    [InlineData("f*/x")]
    [InlineData("f+/x")]
    public async Task A_name_with_any_characters_is_allowed_and_its_neighbours_are_not(string name)
    {
        foreach (string path in new[] { name, name + "2" })
        {
            _server.Put("kv", path, """{"k":"v"}""");
        }

        string uri = SecretReference.Create("vault", "a", SecretPath.Parse("kv/" + name)).ToString();
        VaultPolicy policy = await OneAsync(new() { For = PolicyOperation.Read, SourceUri = uri });
        await using VaultBackend backend = await ConnectAsync(policy);
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse("vault://kv"), default)).Store;
        Assert.Equal(SecretState.Live, (await store.ReadAsync(SecretPath.Parse(name), null, default)).State);
        await Assert.ThrowsAnyAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse(name + "2"), null, default));
    }

    [Fact]
    public async Task No_part_of_a_reference_gets_out_of_a_comment()
    {
        VaultPolicy policy = await OneAsync(new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/app#k\npath \"*\" { capabilities = [\"sudo\"] }\n#" });
        Assert.All(PolicyText.Read(policy.Hcl, "it"), line => Assert.DoesNotContain("sudo", line.Capabilities));
    }

    [Theory]
    [InlineData("kv/a*", PolicyOperation.Read)]
    [InlineData("kv/+", PolicyOperation.Read)]
    [InlineData("kv/+/x", PolicyOperation.Read)]
    [InlineData("kv/+", PolicyOperation.List)]
    [InlineData("one/a*", PolicyOperation.Rotate)]
    public async Task A_name_that_policies_take_for_a_wildcard_is_refused_unless_more_may_be_allowed(string path, PolicyOperation operation)
    {
        var item = new PolicyItem { For = operation, SourceUri = "vault://a@" + path };
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => OneAsync(item));
        Assert.Equal(ReportedKind.NotSupported, refusal.Kind);
        Assert.Contains("-AllowWider", refusal.Message, StringComparison.Ordinal);
        VaultPolicy wider = await OneAsync(item, options => options with { AllowWider = true });
        Assert.Contains(wider.Note, note => note.Contains("allows more than that one name", StringComparison.Ordinal));
        Assert.Contains("# '", wider.Hcl, StringComparison.Ordinal);
        Assert.NotEmpty(_reporter.Warnings);
    }

    [Theory]
    [InlineData("kv/x{{identity.entity.id}}")]
    [InlineData("kv/}}")]
    [InlineData("kv/a+*")]
    [InlineData("kv/a+*b/c")]
    public async Task A_name_that_no_policy_can_hold_is_refused_always(string path)
    {
        var refusal = await Assert.ThrowsAsync<BridgeException>(() => OneAsync(
            new() { For = PolicyOperation.Read, SourceUri = "vault://a@" + path }, options => options with { AllowWider = true }));
        Assert.Equal(ReportedKind.NotSupported, refusal.Kind);
    }

    [Fact]
    public async Task What_a_wider_line_allows_is_not_said_again()
    {
        VaultPolicy policy = Assert.Single(await MakeAsync(
            [
                new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps/", IsTree = true },
                new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps/x" },
                new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps/y/", IsTree = true },
                new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps" },
            ],
            options => options));
        Assert.Equal(["kv/data/apps/*", "kv/data/apps", "auth/token/lookup-self"], policy.Rules.Select(rule => rule.Path));
    }

    [Fact]
    public void A_more_exact_line_says_what_the_wider_ones_that_it_hides_allow()
    {
        var draft = new PolicyDraft(new() { SourceStores = null!, DestinationStores = null! }, PolicySide.Source, PolicyPlace.Of(_backend), _reporter);
        draft.Add("kv/*", "list", "names", isTree: true);
        draft.Add("kv/x", "read", "value");
        draft.Add("kv/x/", "scan", "names");
        draft.Add("kv/y/*", "read", "values", isTree: true);
        draft.Add("other", "read", "value");
        Assert.Equal(
            ["kv/*: list", "kv/x: read,list", "kv/x/: list,scan", "kv/y/*: read,list", "other: read"],
            draft.Rules([draft]).Select(rule => $"{rule.Path}: {string.Join(',', rule.Capabilities)}"));
    }

    [Fact]
    public async Task A_copy_is_refused_nothing_but_listings_of_the_destination_and_with_the_optional_lines_nothing()
    {
        foreach (bool isOptional in new[] { false, true })
        {
            string to = isOptional ? "two" : "three";
            _server.Put("kv", "apps/a/b", """{"k":"v"}""");
            _server.Mount(to);
            var item = new PolicyItem { For = PolicyOperation.Copy, SourceUri = "vault://a@kv/apps/", DestinationUri = $"vault://a@{to}/x" };
            IReadOnlyList<VaultPolicy> policies = await MakeAsync([item], options => options with { IncludeOptional = isOptional });
            await using VaultBackend backend = await ConnectAsync([.. policies]);
            _server.Requests.Reset();
            var set = new BackendSet(backend);
            var copy = new SubtreeCopy(new() { SourceStores = set, DestinationStores = set, DestinationUri = $"vault://a@{to}/x" }, _reporter);
            await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://a@kv/apps/") }.ToAsync(), default))
            {
                Assert.Equal(CopyAction.Created, row.Action);
            }

            RequestRecord[] refused = [.. _server.Requests.All.Where(request => request.Status == 403)];
            Assert.All(refused, request => Assert.Equal((RequestKind.List, true), (request.Kind, request.Path.StartsWith(to + "/metadata/x", StringComparison.Ordinal))));
            Assert.Equal(isOptional, refused.Length == 0);
            Assert.Equal(isOptional ? 2 : 0, policies.SelectMany(policy => policy.Rules).Count(rule => rule.Optional.Count > 0));
        }
    }

    [Fact]
    public async Task Lines_for_the_token_are_said_once_and_only_where_they_are_needed()
    {
        var item = new PolicyItem { For = PolicyOperation.Compare, SourceUri = "vault://a@kv/x", DestinationUri = "vault://a@one/x" };
        IReadOnlyList<VaultPolicy> policies = await MakeAsync([item], options => options with { Renew = true });
        Assert.Equal([PolicySide.Source, PolicySide.Destination], policies.Select(policy => policy.Side));
        Assert.Equal(["secretbridge-compare-source", "secretbridge-compare-destination"], policies.Select(policy => policy.Name));
        Assert.Equal(["auth/token/lookup-self", "auth/token/renew-self"], policies.SelectMany(policy => policy.Rules).Select(rule => rule.Path).Where(path => path.StartsWith("auth", StringComparison.Ordinal)));
        Assert.Contains("Both sides are one connection", Assert.Single(policies[1].Note), StringComparison.Ordinal);

        policies = await MakeAsync([item], options => options with { NoVerify = true, Name = "Team" });
        Assert.DoesNotContain(policies.SelectMany(policy => policy.Rules), rule => rule.Path.StartsWith("auth", StringComparison.Ordinal));
        Assert.Equal(["team-source", "team-destination"], policies.Select(policy => policy.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_longer_than_the_lease_needs_the_line_for_renewal(bool renews)
    {
        _server.Put("kv", "x", """{"k":"v"}""");
        VaultPolicy policy = await OneAsync(new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/x" }, options => options with { Renew = renews });
        await _admin.WritePolicyAsync("p", policy.Hcl);
        await using VaultBackend backend = await _admin.ConnectAsync("a", await _admin.TokenAsync(["p"], "1h"), _time);
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse("vault://kv"), default)).Store;
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(SecretState.Live, (await store.ReadAsync(SecretPath.Parse("x"), null, default)).State);
        _time.Advance(TimeSpan.FromMinutes(20));
        Task<SecretReading> late = store.ReadAsync(SecretPath.Parse("x"), null, default).AsTask();
        if (renews)
        {
            Assert.Equal(SecretState.Live, (await late).State);
        }
        else
        {
            await Assert.ThrowsAnyAsync<BridgeException>(() => late);
        }
    }

    [Fact]
    public async Task A_policy_is_relative_to_the_namespace_that_the_token_is_of()
    {
        await using DevVaultServer bao = await DevVaultServer.StartAsync(new() { Flavour = VaultFlavour.OpenBao });
        bao.Mount("kv", inNamespace: "team/x");
        bao.Put("team/x/kv", "apps/a", """{"k":"v"}""");
        foreach ((string? login, string path) in new[] { (null, "kv/data/apps/*"), ("team", "x/kv/data/apps/*") })
        {
            await using VaultBackend admin = await ConnectAsync(bao, bao.RootToken, login);
            var maker = new PolicyMaker(new() { SourceStores = new BackendSet(admin), DestinationStores = new BackendSet(admin) }, _reporter);
            VaultPolicy policy = Assert.Single(await maker.RunAsync(
                new[] { new PolicyItem { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps/", IsTree = true } }.ToAsync(), default));
            Assert.Equal((login ?? "team/x", path), (policy.Namespace, policy.Rules[0].Path));
            Assert.Contains($"policy write -namespace={login ?? "team/x"} NAME -", policy.Hcl, StringComparison.Ordinal);

            bao.WritePolicy("p", policy.Hcl, policy.Namespace);
            await using VaultBackend backend = await ConnectAsync(bao, bao.CreateToken(["p"], inNamespace: policy.Namespace), login);
            ISecretStore store = (await backend.OpenAsync(SecretReference.Parse("vault://kv"), default)).Store;
            Assert.Equal(SecretState.Live, (await store.ReadAsync(SecretPath.Parse("apps/a"), null, default)).State);
        }

        await using VaultBackend astray = await ConnectAsync(bao, bao.RootToken, "other");
        var none = new PolicyMaker(new() { SourceStores = new BackendSet(astray), DestinationStores = new BackendSet(astray) }, _reporter);
        await Assert.ThrowsAsync<BridgeException>(() => none.RunAsync(new[] { new PolicyItem { For = PolicyOperation.Read, SourceUri = "vault://a@kv/apps/" } }.ToAsync(), default));
    }

    [Theory]
    [InlineData(PolicyOperation.Restore, "vault://a@one/x", null)]
    [InlineData(PolicyOperation.Delete, "vault://a@one/x", null)]
    [InlineData(PolicyOperation.Move, "vault://a@one/x", "vault://a@kv/x")]
    [InlineData(PolicyOperation.Read, "vault://a@kv", null)]
    public async Task What_is_refused_with_every_right_gets_no_policy(PolicyOperation operation, string source, string? destination) =>
        await Assert.ThrowsAsync<BridgeException>(() => MakeAsync([new() { For = operation, SourceUri = source, DestinationUri = destination }], options => options));

    [Fact]
    public async Task Two_operations_are_not_mixed_in_one_policy() =>
        await Assert.ThrowsAsync<BridgeException>(() => MakeAsync(
            [new() { For = PolicyOperation.Read, SourceUri = "vault://a@kv/x" }, new() { For = PolicyOperation.Write, SourceUri = "vault://a@kv/x" }], options => options));

    private static Task<VaultBackend> ConnectAsync(DevVaultServer server, string token, string? login) => VaultBackend.ConnectAsync(
        new() { Name = "a", Address = server.Address.ToString(), Namespace = "team/x", AuthNamespace = login, NoVerify = login == "other", Auth = new TokenAuth(new NetworkCredential("", token).SecurePassword) },
        new RecordingReporter(), TimeProvider.System, CancellationToken.None);

    private async Task<VaultPolicy> OneAsync(PolicyItem item, Func<PolicyOptions, PolicyOptions>? change = null) =>
        Assert.Single(await MakeAsync([item], change ?? (options => options)));

    private Task<IReadOnlyList<VaultPolicy>> MakeAsync(PolicyItem[] items, Func<PolicyOptions, PolicyOptions> change)
    {
        var set = new BackendSet(_backend);
        return new PolicyMaker(change(new() { SourceStores = set, DestinationStores = set }), _reporter).RunAsync(items.ToAsync(), default);
    }

    private async Task<VaultBackend> ConnectAsync(params VaultPolicy[] policies)
    {
        foreach (VaultPolicy policy in policies)
        {
            await _admin.WritePolicyAsync(policy.Name, policy.Hcl);
        }

        return await _admin.ConnectAsync("a", await _admin.TokenAsync(policies.Select(policy => policy.Name)));
    }
}

using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using FaultKind = SecretBridge.Reporting.FaultKind;
using Hit = SecretBridge.DevVault.FaultKind;

namespace SecretBridge.Tests.Stores.OnDevVault;

/// <summary>Whatever fails and however, the failure's target is the reference of the secret or folder, which the next command takes.</summary>
public sealed class FaultTargetTests : IAsyncLifetime
{
    private const string Name = "apps/db#1";
    private readonly ManualTime _time = new();
    private DevVaultServer _server = null!;

    private static SecretPath Path => SecretPath.Parse(Name);

    private static SecretPayload Payload => JsonText.Payload("""{"k":"canary-1"}""");

    private static Dictionary<string, Func<ISecretStore, Task>> Calls => new()
    {
        ["read"] = store => store.ReadAsync(Path, null, default).AsTask(),
        ["read a version"] = store => store.ReadAsync(Path, 1, default).AsTask(),
        ["read keys"] = store => store.TryReadShapeAsync(Path, null, default).AsTask(),
        ["read metadata"] = store => store.ReadMetadataAsync(Path, default).AsTask(),
        ["list"] = store => store.ListAsync(Path, default).AsTask(),
        ["write"] = store => ChangeAsync(store, session => session.WriteAsync(Path, Payload, store is KvV2Store ? 0 : null, default).AsTask()),
        ["delete"] = store => ChangeAsync(store, session => session.DeleteAsync(Path, [], default).AsTask()),
        ["delete a version"] = store => ChangeAsync(store, session => session.DeleteAsync(Path, [1], default).AsTask()),
        ["undelete"] = store => ChangeAsync(store, session => session.UndeleteAsync(Path, [1], default).AsTask()),
        ["destroy"] = store => ChangeAsync(store, session => session.DestroyAsync(Path, [1], default).AsTask()),
        ["write metadata"] = store => ChangeAsync(store, session => session.WriteMetadataAsync(Path, new() { MaxVersions = 3 }, default).AsTask()),
        ["remove"] = store => ChangeAsync(store, session => session.RemoveAsync(Path, default).AsTask()),
    };

    public static TheoryData<string> Any => new(Calls.Keys);

    public static TheoryData<string> OfVersion1 => new(["read", "list", "write", "delete", "remove"]);

    public async Task InitializeAsync()
    {
        _server = await DevVaultServer.StartAsync(new DevVaultOptions { Time = _time });
        _server.Mount("team/kv");
        _server.Mount("one", 1);

        // A right that is of no use here, by which the mounts can be found.
        _server.WritePolicy("none", """
            path "team/kv/data/other" { capabilities = ["read"] }
            path "one/other" { capabilities = ["read"] }
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Any))]
    public async Task What_is_denied_is_told_by_its_reference(string call) =>
        Assert.Equal((FaultKind.PermissionDenied, "vault://prod@team/kv/apps/db%231"), await TargetAsync(call, "team/kv", _server.CreateToken(["none"])));

    [Theory]
    [MemberData(nameof(OfVersion1))]
    public async Task So_it_is_on_version_1(string call) =>
        Assert.Equal((FaultKind.PermissionDenied, "vault://prod@one/apps/db%231"), await TargetAsync(call, "one", _server.CreateToken(["none"])));

    [Fact]
    public async Task Where_keys_are_denied_it_is_said_what_they_need()
    {
        await using VaultBackend backend = await ConnectAsync(_server.CreateToken(["none"]));
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse("vault://team/kv"), default)).Store;
        var fault = await Assert.ThrowsAnyAsync<BridgeException>(() => Calls["read keys"](store));
        Assert.Contains("which a policy must allow", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'team/kv/subkeys/apps/db#1'. No value was read", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests.All, request => request.Path.Contains("/data/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_are_a_conflict_a_lost_reply_and_a_reply_that_cannot_be_read()
    {
        const string target = "vault://prod@team/kv/apps/db%231";
        _server.Put("team/kv", Name, "{}");
        Assert.Equal((FaultKind.CheckAndSetMismatch, target), await TargetAsync("write", "team/kv", _server.RootToken));
        _server.Faults.Add(new Fault { Kind = Hit.Status, Status = 200, Body = "[]", Path = "team/kv/metadata/apps/**", Times = null });
        Assert.Equal((FaultKind.MalformedReply, target), await TargetAsync("read metadata", "team/kv", _server.RootToken));
        _server.Faults.Add(new Fault { Kind = Hit.ResetBeforeHeaders, Path = "team/kv/destroy/**", Times = null });
        Assert.Equal(target, (await TargetAsync("destroy", "team/kv", _server.RootToken)).Target);
    }

    [Fact]
    public async Task So_is_a_mount_that_is_none()
    {
        await using VaultBackend backend = await ConnectAsync(_server.RootToken);
        var fault = await Assert.ThrowsAnyAsync<BridgeException>(() => backend.OpenAsync(SecretReference.Parse("vault://typo/a%23"), default).AsTask());
        Assert.Equal((FaultKind.MountNotFound, "vault://prod@typo/a%23"), (fault.Kind, fault.Target));
        fault = await Assert.ThrowsAnyAsync<BridgeException>(() => backend.OpenAsync(SecretReference.Parse("vault://sys/a"), default).AsTask());
        Assert.Equal("vault://prod@sys/a", fault.Target);
    }

    private static async Task ChangeAsync(ISecretStore store, Func<IWriteSession, Task> change)
    {
        await using IWriteSession session = await store.OpenWriteSessionAsync(default);
        await change(session);
    }

    private async Task<(FaultKind Kind, string Target)> TargetAsync(string call, string mount, string token)
    {
        await using VaultBackend backend = await ConnectAsync(token);
        ISecretStore store = (await backend.OpenAsync(SecretReference.Parse("vault://" + mount), default)).Store;
        var fault = await Assert.ThrowsAnyAsync<BridgeException>(() => Calls[call](store));
        return (fault.Kind, fault.Target);
    }

    private Task<VaultBackend> ConnectAsync(string token) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "prod", Address = _server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token)) }, new RecordingReporter(), _time, default);
}

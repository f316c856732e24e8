using System.Diagnostics;
using SecretBridge.DevVault;
using SecretBridge.Tests.Trees.Control;
using Xunit;

namespace SecretBridge.Tests.Wire.OnDevVault;

/// <summary>The proxy that the environment names, which a process reads once: each test asks from a process of its own.</summary>
public sealed class EnvironmentProxyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_server_on_this_machine_is_asked_without_it()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        server.Mount("old");
        server.Mount("new");
        server.Put("old", "a", """{"k":"canary"}""");
        using var closed = new ClosedPort();
        Assert.Equal(0, await CopyAsync(server.Address.ToString(), server.RootToken, closed.Address));
        Assert.Equal("""{"k":"canary"}""", server.Read("new", "a"));
    }

    [Fact]
    public async Task A_server_on_another_machine_is_asked_through_it()
    {
        await using var proxy = new RawServer(RawServer.Json(403, """{"errors":["permission denied"]}"""));
        Assert.NotEqual(0, await CopyAsync("http://vault.invalid:8200", Connection.Token, proxy.Address));
        Assert.StartsWith("GET http://vault.invalid:8200/v1/", proxy.Requests[0], StringComparison.Ordinal);
    }

    private async Task<int> CopyAsync(string address, string token, string proxy)
    {
        using Process child = CopyChild.Start(address, token, Path.Combine(_folder, "copy.jsonl"), proxy: proxy);
        await child.WaitForExitAsync();
        return child.ExitCode;
    }
}

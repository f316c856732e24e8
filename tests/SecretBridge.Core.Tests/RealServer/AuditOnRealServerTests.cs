using SecretBridge.Audit;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using Xunit;

namespace SecretBridge.Tests.RealServer;

[Collection(SharedRealVault.Name)]
public sealed class AuditOnRealServerTests(RealVault vault) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-audit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Events_are_found_in_the_log_that_the_server_writes()
    {
        Skip.IfNot(vault.IsThere, RealVault.Why);
        Skip.IfNot(vault.IsOurs, "a live server's audit devices are not touched");
        await using VaultBackend backend = await vault.ConnectAsync(2);
        Skip.IfNot(backend.Product == "Vault", "OpenBao makes no audit device by its API");
        string mount = await vault.MountAsync(2);
        string log = Path.Combine(_folder.FullName, "vault.log"), path = Path.Combine(_folder.FullName, "audit.jsonl");
        await vault.PostAsync($"v1/sys/audit/{mount}", $$$"""{"type":"file","options":{"file_path":"{{{log}}}"}}""");
        await vault.PostAsync("v1/sys/config/auditing/request-headers/X-Correlation-Id", """{"hmac":false}""");
        try
        {
            var trail = new AuditTrail(new() { Path = path, Actor = "ann" });
            var stores = new AuditedResolver(new BackendRegistry().With(backend), new() { Sink = trail, Backend = _ => backend });
            StoreLocation secret = await stores.ResolveAsync(SecretReference.Parse($"vault://{mount}/apps/db"), default);
            await using (IWriteSession session = await secret.Store.OpenWriteSessionAsync(default))
            {
                await session.WriteAsync(secret.Path, SecretPayload.Parse("""{"k":"canary-real-55"}"""u8, "test"), 0, default);
                await secret.Store.ReadAsync(secret.Path, null, default);
                await session.RemoveAsync(secret.Path, default);
            }

            var rows = new List<BridgeAuditEvent>();
            await foreach (BridgeAuditEvent row in new AuditRead(new() { Paths = [path], VaultLogs = [log] }, new RecordingReporter()).RunAsync(default))
            {
                rows.Add(row);
            }

            Assert.Equal(
                [("secret.written", "RequestId", $"{mount}/data/apps/db"), ("secret.decrypted", "RequestId", $"{mount}/data/apps/db"), ("secret.removed", "CorrelationId", $"{mount}/metadata/apps/db")],
                rows.Select(row => (row.Action, row.MatchedBy!, row.VaultEntry!.Path!)));
            Assert.All(rows, row => Assert.Equal("response", row.VaultEntry!.Type));
            Assert.DoesNotContain("canary", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        }
        finally
        {
            await vault.Admin.DeleteAsync($"v1/sys/audit/{mount}");
            await vault.Admin.DeleteAsync("v1/sys/config/auditing/request-headers/X-Correlation-Id");
        }
    }
}

using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>From a server into a sealed file and back into another mount.</summary>
public sealed class SealedRoundTripTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-sealed-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_went_into_a_sealed_file_comes_out_equal()
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync();
        server.Mount("old", 2);
        server.Mount("new", 2);
        for (int i = 0; i < 50; i++)
        {
            server.Put("old", $"f{i % 5}/s p#{i}", $$"""{"z":"canary-{{i}}","a":{"n":null,"x":[1,2.5,true]},"é😀":""}""");
        }

        server.Put("old", "empty", "{}");
        await using VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(server.RootToken)) },
            new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        string file = Path.Combine(_folder.FullName, "x.sealed"), key = Path.Combine(_folder.FullName, "key");
        await using (var stream = new FileStream(key, SealedFilePlace.Private(FileMode.CreateNew, FileShare.None)))
        {
            stream.Write(new byte[32]);
        }

        await using SealedFileStore sealedFile = await SealedFileStore.OpenAsync(
            new() { Path = file, Credential = SealedFileCredential.FromKeyFile(key), Create = true }, TimeProvider.System, CancellationToken.None);
        var stores = new BackendRegistry { Builtin = sealedFile };
        stores.Add(backend);

        await CopyAsync(stores, "vault://old", "builtin://from/old");
        await CopyAsync(stores, "builtin://from/old", "vault://new");
        foreach ((string reference, string difference) in new[] { ("vault://old", "vault://new"), ("vault://old", "builtin://from/old") })
        {
            var comparison = new TreeComparison(new() { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = reference, DifferenceUri = difference }, new RecordingReporter());
            await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
            {
                Assert.Fail(row.ToString());
            }

            Assert.Equal((true, 51), (comparison.Summary.IsClean, comparison.Summary.Equal));
        }

        Assert.All(server.Secrets("old"), secret => Assert.Equal(server.Read("old", secret.Path), server.Read("new", secret.Path)));
        var overlap = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync(stores, "builtin://from", "builtin://from/old"));
        Assert.Equal(ReportedKind.Overlap, overlap.Kind);
    }

    private static async Task CopyAsync(BackendRegistry stores, string source, string destination)
    {
        var copy = new SubtreeCopy(new() { SourceStores = stores, DestinationStores = stores, DestinationUri = destination, Verify = true }, new RecordingReporter());
        await foreach (CopyResult row in copy.RunAsync(Sources(source), CancellationToken.None))
        {
            Assert.Equal((CopyAction.Created, true), (row.Action, row.Verified));
        }
    }

    private static async IAsyncEnumerable<TreeItem> Sources(string source)
    {
        await Task.CompletedTask;
        yield return new(source);
    }
}

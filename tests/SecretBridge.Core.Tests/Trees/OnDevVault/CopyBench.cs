using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>A server with the KV v2 mounts <c>old</c> and <c>new</c> and the KV v1 mount <c>one</c>, and copies between them.</summary>
internal sealed class CopyBench : IAsyncDisposable
{
    private CopyBench(DevVaultServer server, VaultBackend backend, ManualTime time, RecordingReporter reporter)
    {
        Server = server;
        Backend = backend;
        Time = time;
        Reporter = reporter;
    }

    public DevVaultServer Server { get; }

    public VaultBackend Backend { get; }

    public ManualTime Time { get; }

    public RecordingReporter Reporter { get; }

    public CopySummary Summary { get; private set; } = new();

    public static async Task<CopyBench> StartAsync(VaultFlavour flavour)
    {
        var time = new ManualTime();
        var reporter = new RecordingReporter();
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions { Flavour = flavour, Time = time });
        server.Mount("old");
        server.Mount("new");
        server.Mount("one", 1);
        VaultBackend backend = await ConnectAsync(server, server.RootToken, time, reporter);
        return new(server, backend, time, reporter);
    }

    public Task<VaultBackend> ConnectAsync(string token) => ConnectAsync(Server, token, Time, Reporter);

    /// <summary>Puts versions one after the other, a second apart.</summary>
    public void Put(string mount, string path, params string[] values)
    {
        foreach (string value in values)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Server.Put(mount, path, $$"""{"k":"{{value}}"}""");
        }
    }

    /// <summary>A history as text: <c>1=a 2=deleted 3=destroyed</c>; empty where there is no version.</summary>
    public string History(string mount, string path) => string.Join(' ', (Server.Secret(mount, path)?.Versions ?? []).Select(version =>
        $"{version.Number}={(version.IsDestroyed ? "destroyed" : !version.IsReadable ? "deleted" : SecretPayload.Parse(System.Text.Encoding.UTF8.GetBytes(version.Json!), "x").GetValue("k")?.Reveal() ?? version.Json)}"));

    /// <summary>Deletes or destroys versions, and lets the clock pass it.</summary>
    public async Task EndAsync(string mount, string path, int[] deleted, int[] destroyed)
    {
        await using IWriteSession session = await SessionAsync(mount);
        if (deleted.Length > 0)
        {
            await session.DeleteAsync(SecretPath.Parse(path), deleted, CancellationToken.None);
        }

        if (destroyed.Length > 0)
        {
            await session.DestroyAsync(SecretPath.Parse(path), destroyed, CancellationToken.None);
        }

        Time.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task<IWriteSession> SessionAsync(string mount) =>
        await (await StoreAsync(mount)).OpenWriteSessionAsync(CancellationToken.None);

    public async Task<ISecretStore> StoreAsync(string mount) =>
        (await Backend.OpenAsync(SecretReference.Parse($"vault://{mount}"), CancellationToken.None)).Store;

    public async Task<SecretMetadata?> MetadataAsync(string mount, string path) =>
        await (await StoreAsync(mount)).ReadMetadataAsync(SecretPath.Parse(path), CancellationToken.None);

    public async Task SetMetadataAsync(string mount, string path, MetadataChange change)
    {
        await using IWriteSession session = await SessionAsync(mount);
        await session.WriteMetadataAsync(SecretPath.Parse(path), change, CancellationToken.None);
    }

    public static MetadataChange Custom(params (string Key, string Value)[] pairs) =>
        new() { CustomMetadata = pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal) };

    public static string Text(SecretMetadata? metadata) => metadata is null ? "" :
        string.Join(' ', metadata.CustomMetadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))
        + $" max={metadata.MaxVersions} cas={metadata.CheckAndSetRequired} after={metadata.DeleteVersionAfter.TotalSeconds}";

    public async Task<CopyResult> CopyOneAsync(Func<CopyOptions, CopyOptions>? change = null, string from = "old", string to = "new") =>
        Xunit.Assert.Single(await CopyAsync(change, from, to));

    public async Task<List<CopyResult>> CopyAsync(
        Func<CopyOptions, CopyOptions>? change = null, string from = "old", string to = "new", VaultBackend? backend = null, CancellationToken cancellationToken = default)
    {
        // A version is deleted once the clock has passed its deletion.
        Time.Advance(TimeSpan.FromSeconds(1));
        IStoreResolver stores = new BackendRegistry().With(backend ?? Backend);
        var options = new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = $"vault://{to}", Time = Time };
        var copy = new SubtreeCopy(change?.Invoke(options) ?? options, Reporter);
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem($"vault://{from}") }.ToAsync(), cancellationToken))
        {
            rows.Add(row);
        }

        Time.Advance(TimeSpan.FromSeconds(1));
        Summary = copy.Summary;
        return rows;
    }

    public async Task<ComparisonSummary> CompareAsync(string reference = "old", string difference = "new")
    {
        IStoreResolver stores = new BackendRegistry().With(Backend);
        var comparison = new TreeComparison(
            new CompareOptions
            {
                ReferenceStores = stores,
                DifferenceStores = stores,
                ReferenceUri = $"vault://{reference}",
                DifferenceUri = $"vault://{difference}",
                Time = Time,
            },
            Reporter);
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            _ = row;
        }

        return comparison.Summary;
    }

    public async Task<List<SecretEntry>> WalkAsync(string root = "old", bool detailed = false)
    {
        var walk = new SubtreeWalk(new WalkOptions { Stores = new BackendRegistry().With(Backend), Detailed = detailed, Time = Time }, Reporter);
        var rows = new List<SecretEntry>();
        await foreach (SecretEntry row in walk.RunAsync(new[] { new TreeItem($"vault://{root}") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static Task<VaultBackend> ConnectAsync(DevVaultServer server, string token, ManualTime time, RecordingReporter reporter) => VaultBackend.ConnectAsync(
        new ConnectOptions
        {
            Name = "prod",
            Address = server.Address.ToString(),
            Auth = new TokenAuth(Connection.Secure(token)),

            // Waits of others move the clock while a request is under way.
            RequestTimeout = TimeSpan.FromMinutes(30),
            Deadline = TimeSpan.FromHours(1),
        },
        reporter, time, CancellationToken.None);
}

using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Snapshots;

/// <summary>Snapshots that version 1 of the format has written: whatever comes later must read them.</summary>
public sealed class SnapshotGoldenTests : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 6, 0, 0, TimeSpan.Zero);

    private static readonly SnapshotSecret[] Expected =
    [
        new()
        {
            Key = "Ünï code/😀 #?",
            Metadata = new() { CurrentVersion = 4, OldestVersion = 2, MaxVersions = 3, CheckAndSetRequired = true, DeleteVersionAfter = TimeSpan.FromHours(1000), CreatedTime = Then, UpdatedTime = Then, CustomMetadata = new Dictionary<string, string> { ["owner"] = "team-a", ["note"] = "<&> é 😀" } },
            Versions =
            [
                new(2, SecretState.Destroyed, null) { CreatedTime = Then },
                new(3, SecretState.Deleted, null) { CreatedTime = Then, DeletionTime = Then.AddMinutes(-1) },
                new(4, SecretState.Live, Payload("""{"é":"canary-golden-1","list":[1,2.50,null,true]}""")) { CreatedTime = Then, DeletionTime = Then.AddDays(1) },
            ],
        },
        new() { Key = "denied/", Unreadable = FaultKind.PermissionDenied },
        new() { Key = "long", Versions = [new(0, SecretState.Live, Payload($$"""{"k":"{{new string('x', 3000)}}"}"""))] },
        new() { Key = "only-metadata", Metadata = new() { CurrentVersion = 0, CustomMetadata = new Dictionary<string, string> { ["owner"] = "nobody" } } },
    ];

    private readonly SnapshotFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("golden-1-passphrase.snapshot", "canary-golden passphrase é")]
    [InlineData("golden-1-keyfile.snapshot", null)]
    public async Task A_snapshot_of_version_1_reads_as_it_was_written(string fixture, string? passphrase)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Stores", "Snapshots", "fixtures", fixture);
        _folder.Put(File.ReadAllBytes(path));
        SnapshotFileOptions options = passphrase is null ? _folder.File : _folder.File with { Credential = SealedFolder.Passphrase(passphrase) };
        using SnapshotStore store = await SnapshotStore.OpenAsync(options, CancellationToken.None);
        Assert.Equal(("vault://prod@kv/team", 3, 2, 1, true), (store.Summary.Uri, (int)store.Summary.Secrets, (int)store.Summary.Versions, (int)store.Summary.Unreadable, store.Summary.HasHistory));
        Assert.Equal(StoreCapabilities.List | SnapshotFacts.Kept, store.Capabilities);
        Assert.Equal((7, true, TimeSpan.FromDays(2)), await SettingsAsync(store));

        var custom = SecretPath.Parse("Ünï code/😀 #?");
        SecretMetadata metadata = (await store.ReadMetadataAsync(custom, CancellationToken.None))!;
        Assert.Equal((4, 2, 3, true, TimeSpan.FromHours(1000)), (metadata.CurrentVersion, metadata.OldestVersion, metadata.MaxVersions, metadata.CheckAndSetRequired, metadata.DeleteVersionAfter));
        Assert.Equal(("team-a", "<&> é 😀"), (metadata.CustomMetadata["owner"], metadata.CustomMetadata["note"]));
        Assert.Equal([SecretState.Destroyed, SecretState.Deleted, SecretState.Live], metadata.Versions.Select(version => version.StateAt(metadata.ServerTime!.Value)));
        SecretReading live = await store.ReadAsync(custom, null, CancellationToken.None);
        Assert.Equal((4, """{"é":"canary-golden-1","list":[1,2.50,null,true]}"""), (live.Version, live.Payload?.Text()));
        Assert.Equal(SecretState.Deleted, (await store.ReadAsync(custom, 3, CancellationToken.None)).State);

        Assert.Equal(3008, (await store.ReadAsync(SecretPath.Parse("long"), null, CancellationToken.None)).Payload?.Length);
        Assert.Equal(0, (await store.ReadMetadataAsync(SecretPath.Parse("only-metadata"), CancellationToken.None))?.CurrentVersion);
        await Assert.ThrowsAsync<BridgeException>(async () => await store.ListAsync(SecretPath.Parse("denied"), CancellationToken.None));
    }

    /// <summary>How the files were made; fixtures/README.md tells the commands.</summary>
    internal static int Write(SnapshotFileOptions options)
    {
        using var writer = SnapshotWriter.Create(options with { FrameSize = 1000 });
        foreach (SnapshotSecret secret in Expected.OrderBy(secret => secret.Key, Utf8Order.Instance))
        {
            writer.Write(secret);
        }

        writer.Complete(new()
        {
            Uri = "vault://prod@kv/team",
            Time = Then,
            Capabilities = SnapshotFacts.Kept,
            Settings = new() { MaxVersions = 7, CheckAndSetRequired = true, DeleteVersionAfter = TimeSpan.FromDays(2) },
            HasHistory = true,
            Secrets = 3,
            Versions = 2,
            Unreadable = 1,
        });
        return 0;
    }

    private static SecretPayload Payload(string json) => SecretPayload.Parse(Encoding.UTF8.GetBytes(json), "golden");

    private static async Task<(int?, bool?, TimeSpan?)> SettingsAsync(SnapshotStore store)
    {
        MountSettings settings = await store.ReadSettingsAsync(CancellationToken.None);
        return (settings.MaxVersions, settings.CheckAndSetRequired, settings.DeleteVersionAfter);
    }
}

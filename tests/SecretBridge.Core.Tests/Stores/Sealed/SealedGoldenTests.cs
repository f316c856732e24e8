using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using Xunit;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>Files that version 1 of the format has written: whatever comes later must read them.</summary>
public sealed class SealedGoldenTests : IDisposable
{
    private static readonly (string Path, string[] Payloads, string Custom)[] Expected =
    [
        ("agents/claude", ["""{"name":"claude","env":{"REGION":"eu"},"secrets":{"API_KEY":"canary-golden-1"}}""", """{"name":"claude","env":{"REGION":"eu"},"secrets":{"API_KEY":"canary-golden-2"},"n":1.0}"""], "owner=team-a,note=<&> é 😀"),
        ("agents", ["{}"], ""),
        ("Ünï code/with space#?", ["""{"é":"canary-golden-3","list":[1,2.50,null,true]}"""], ""),
        ("only-metadata", [], "owner=nobody"),
    ];

    private readonly SealedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("golden-1-passphrase.sealed", "canary-golden passphrase é")]
    [InlineData("golden-1-keyfile.sealed", null)]
    public async Task A_file_of_version_1_reads_as_it_was_written(string fixture, string? passphrase)
    {
        // A checkout has modes of its own.
        string fixtures = Path.Combine(AppContext.BaseDirectory, "Stores", "Sealed", "fixtures");
        foreach ((string from, string to) in new[] { (fixture, _folder.Path), ("golden-1.key", _folder.KeyFile) })
        {
            File.Copy(Path.Combine(fixtures, from), to, overwrite: true);
            SealedFolder.Restrict(to);
        }

        await using SealedFileStore store = await _folder.OpenAsync(options =>
            options with { Create = false, Credential = passphrase is null ? options.Credential : SealedFolder.Passphrase(passphrase) });
        Assert.Equal(Expected.Length, store.Describe().Count);
        foreach ((string path, string[] payloads, string custom) in Expected)
        {
            SecretReading reading = await store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None);
            SecretMetadata metadata = (await store.ReadMetadataAsync(SecretPath.Parse(path), CancellationToken.None))!;
            Assert.Equal(payloads.LastOrDefault(), reading.Payload?.Text());
            Assert.Equal((payloads.Length, 2026), (metadata.CurrentVersion, metadata.CreatedTime!.Value.Year));
            Assert.Equal(custom, string.Join(',', metadata.CustomMetadata.OrderByDescending(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));
        }
    }

    /// <summary>How the files were made; fixtures/README.md tells the commands.</summary>
    internal static async Task WriteAsync(SealedFileOptions options)
    {
        await using SealedFileStore store = await SealedFileStore.OpenAsync(options with { Create = true }, TimeProvider.System, CancellationToken.None);
        await using IWriteSession session = await store.OpenWriteSessionAsync(CancellationToken.None);
        foreach ((string path, string[] payloads, string custom) in Expected)
        {
            foreach (string payload in payloads)
            {
                await session.WriteAsync(SecretPath.Parse(path), JsonText.Payload(payload), null, CancellationToken.None);
            }

            if (custom.Length > 0)
            {
                var pairs = custom.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
                await session.WriteMetadataAsync(SecretPath.Parse(path), new() { CustomMetadata = pairs }, CancellationToken.None);
            }
        }
    }
}

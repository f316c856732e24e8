using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;
using Xunit;

namespace SecretBridge.Tests.Stores.Snapshots;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly SnapshotFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_folder_lists_as_it_did_in_the_tree_over_many_frames()
    {
        var random = new Random(20261122);
        string[] names = ["a", "a.b", "a-b", "a0", "ab", "é", "😀", "\uFF5E", "z z", "#?%"];
        var tree = new InMemoryStore("kv");
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < 3000; i++)
        {
            string path = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(names.Length)] + random.Next(3)));
            secrets[path] = $$"""{"k":"{{i}}{{new string('x', random.Next(200))}}"}""";
        }

        foreach ((string path, string json) in secrets)
        {
            await tree.WriteAsync(SecretPath.Parse(path), JsonText.Payload(json), null, CancellationToken.None);
        }

        _folder.Write(secrets.Select(secret => (secret.Key, secret.Value)));
        using SnapshotStore store = await _folder.OpenAsync();
        string[] folders = ["", .. secrets.Keys.SelectMany(path => Folders(path)).Distinct()];
        foreach (string folder in folders)
        {
            Assert.Equal(await Names(tree, folder), await Names(store, folder));
        }

        foreach ((string path, string json) in secrets)
        {
            Assert.Equal(json, (await store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None)).Payload?.Text());
        }

        Assert.True(_folder.Bytes.Length > 3 * SnapshotFormat.UsualFrame);
        Assert.False((await store.ListAsync(SecretPath.Parse("a0/none"), CancellationToken.None)).Exists);
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(SecretPath.Parse("none"), null, CancellationToken.None)).State);
        Assert.Equal(secrets.Count, store.Summary.Secrets);
    }

    [Fact]
    public async Task A_secret_longer_than_a_frame_takes_several()
    {
        string Long(char c, int length) => $$"""{"k":"{{new string(c, length)}}"}""";
        (string, string)[] secrets =
        [
            ("a", """{"k":"1"}"""),
            ("b", Long('b', 3 * SnapshotFormat.MostFrame)),
            ("c", """{"k":"3"}"""),
            ("d", Long('d', SnapshotFormat.MostFrame - 100)),
            ("e", Long('e', SnapshotFormat.MostFrame)),
        ];
        _folder.Write(secrets);
        using SnapshotStore store = await _folder.OpenAsync();
        Assert.Equal("a b c d e", await Names(store, ""));
        foreach ((string path, string json) in secrets)
        {
            Assert.Equal(json, (await store.ReadAsync(SecretPath.Parse(path), null, CancellationToken.None)).Payload?.Text());
        }
    }

    [Fact]
    public async Task An_empty_snapshot_opens()
    {
        _folder.Write([]);
        using SnapshotStore store = await _folder.OpenAsync();
        Assert.False((await store.ListAsync(SecretPath.Root, CancellationToken.None)).Exists);
        Assert.Equal(SecretState.Absent, (await store.ReadAsync(SecretPath.Parse("a"), null, CancellationToken.None)).State);
    }

    [Fact]
    public async Task What_could_not_be_read_then_cannot_be_read_now()
    {
        using (var writer = SnapshotWriter.Create(_folder.File))
        {
            writer.Write(new() { Key = "a/", Unreadable = FaultKind.PermissionDenied });
            writer.Write(new() { Key = "b/x", Unreadable = FaultKind.Timeout });
            writer.Complete(SnapshotFolder.Facts with { Unreadable = 2 });
        }

        using SnapshotStore store = await _folder.OpenAsync();
        Assert.Equal("a/ b/", await Names(store, ""));
        var folder = await Assert.ThrowsAsync<BridgeException>(async () => await store.ListAsync(SecretPath.Parse("a"), CancellationToken.None));
        var secret = await Assert.ThrowsAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse("b/x"), null, CancellationToken.None));
        Assert.Equal((FaultKind.UnexpectedAbsence, "snapshot://a"), (folder.Kind, folder.Target));
        Assert.Equal((FaultKind.UnexpectedAbsence, "snapshot://b/x"), (secret.Kind, secret.Target));
        Assert.Contains("PermissionDenied", folder.Message, StringComparison.Ordinal);
        Assert.True(store.Summary.IsPartial);
    }

    [Fact]
    public async Task It_is_only_read()
    {
        _folder.Write([("a", "{}")]);
        using SnapshotStore store = await _folder.OpenAsync();
        var fault = await Assert.ThrowsAsync<BridgeException>(async () => await store.OpenWriteSessionAsync(CancellationToken.None));
        Assert.Equal(FaultKind.NotSupported, fault.Kind);
    }

    [Fact]
    public async Task After_it_was_closed_it_says_so()
    {
        _folder.Write([("a", "{}")]);
        SnapshotStore store = await _folder.OpenAsync();
        store.Dispose();
        var fault = await Assert.ThrowsAsync<BridgeException>(async () => await store.ReadAsync(SecretPath.Parse("a"), null, CancellationToken.None));
        Assert.Equal(FaultKind.SealedStoreLocked, fault.Kind);
    }

    [Fact]
    public void Secrets_out_of_order_are_refused_and_leave_no_file()
    {
        using (var writer = SnapshotWriter.Create(_folder.File))
        {
            writer.Write(new() { Key = "b" });
            Assert.Throws<BridgeException>(() => writer.Write(new() { Key = "a" }));
        }

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Names_and_values_are_nowhere_in_the_file()
    {
        _folder.Write(Enumerable.Range(0, 500).Select(i => ($"team/canary-name-{i}", $$"""{"k":"canary-value-{{i}}"}""")));
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(_folder.Bytes), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Folders(string path)
    {
        for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static async Task<string> Names(ISecretStore store, string folder) => string.Join(' ',
        (await store.ListAsync(SecretPath.Parse(folder), CancellationToken.None)).Names.Select(name => name.Listed));
}

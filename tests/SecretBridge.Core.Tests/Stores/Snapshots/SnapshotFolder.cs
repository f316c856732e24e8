using System.Text;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Stores.Snapshots;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Stores.Sealed;
using SecretBridge.Trees;

namespace SecretBridge.Tests.Stores.Snapshots;

/// <summary>A folder with a key file, and snapshots made and opened with it: that costs no derivation.</summary>
internal sealed class SnapshotFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-snapshot-");

    internal SnapshotFolder()
    {
        System.IO.File.WriteAllBytes(KeyFile, Encoding.ASCII.GetBytes(new string('k', 32)));
        SealedFolder.Restrict(KeyFile);
    }

    internal string Path => System.IO.Path.Combine(_folder.FullName, "tree.snapshot");

    internal string KeyFile => System.IO.Path.Combine(_folder.FullName, "key");

    internal SnapshotFileOptions File => new() { Path = Path, Credential = SealedFileCredential.FromKeyFile(KeyFile) };

    internal byte[] Bytes => System.IO.File.ReadAllBytes(Path);

    /// <summary>What lies there beside the key.</summary>
    internal IEnumerable<string> Files => Directory.GetFiles(_folder.FullName).Except([KeyFile]);

    internal Task<SnapshotStore> OpenAsync() => SnapshotStore.OpenAsync(File, CancellationToken.None);

    internal Task<SnapshotStore> OpenAsync(byte[] bytes)
    {
        Put(bytes);
        return OpenAsync();
    }

    internal void Put(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(Path, bytes);
        SealedFolder.Restrict(Path);
    }

    /// <summary>Writes secrets without versions to a new snapshot, in the order of their paths.</summary>
    internal void Write(IEnumerable<(string Path, string Json)> secrets, int frameSize = SnapshotFormat.UsualFrame)
    {
        using var writer = SnapshotWriter.Create(File with { Overwrite = true, FrameSize = frameSize });
        long count = 0;
        foreach ((string path, string json) in secrets.OrderBy(secret => secret.Path, Utf8Order.Instance))
        {
            writer.Write(new() { Key = path, Versions = [new(0, SecretState.Live, SecretPayload.FromReply(Encoding.UTF8.GetBytes(json)))] });
            count++;
        }

        writer.Complete(Facts with { Secrets = count, Versions = count });
    }

    internal static SnapshotFacts Facts { get; } = new()
    {
        Uri = "vault://kv",
        Time = DateTimeOffset.UnixEpoch,
        Capabilities = StoreCapabilities.EmptyPayload,
        HasHistory = false,
    };

    /// <summary>Makes a snapshot of a tree; gives the rows of what could not be read.</summary>
    internal async Task<List<SecretEntry>> ExportAsync(
        IStoreResolver stores, string uri, Func<SnapshotExportOptions, SnapshotExportOptions>? change = null, RecordingReporter? reporter = null)
    {
        var options = new SnapshotExportOptions { Stores = stores, Uri = uri, File = File };
        var export = new SnapshotExport(change?.Invoke(options) ?? options, reporter ?? new());
        var rows = new List<SecretEntry>();
        await foreach (SecretEntry row in export.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        Summary = export.Summary;
        return rows;
    }

    internal SnapshotSummary? Summary { get; private set; }

    public void Dispose() => _folder.Delete(recursive: true);
}

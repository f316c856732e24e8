using System.Text;
using SecretBridge.Stores.Sealed;
using SecretBridge.Tests.Wire;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>A folder with a key file, and sealed files opened with it: that costs no derivation.</summary>
internal sealed class SealedFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secretbridge-sealed-");

    internal SealedFolder()
    {
        File.WriteAllBytes(KeyFile, Encoding.ASCII.GetBytes(new string('k', 32)));
        Restrict(KeyFile);
    }

    internal string Path => System.IO.Path.Combine(_folder.FullName, "store.sealed");

    internal string KeyFile => System.IO.Path.Combine(_folder.FullName, "key");

    internal SealedFileCredential Key => SealedFileCredential.FromKeyFile(KeyFile);

    internal byte[] Bytes => File.ReadAllBytes(Path);

    /// <summary>What lies beside the store, its lock and the key.</summary>
    internal IEnumerable<string> Others => Directory.GetFiles(_folder.FullName).Except([Path, Path + ".lock", KeyFile]);

    internal static SealedFileCredential Passphrase(string text) => SealedFileCredential.FromPassphrase(Connection.Secure(text));

    internal static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    internal Task<SealedFileStore> OpenAsync(Func<SealedFileOptions, SealedFileOptions>? change = null, TimeProvider? time = null)
    {
        var options = new SealedFileOptions { Path = Path, Credential = Key, Create = true, LockTimeout = TimeSpan.FromHours(1) };
        return SealedFileStore.OpenAsync(change?.Invoke(options) ?? options, time ?? TimeProvider.System, CancellationToken.None);
    }

    /// <summary>A store with secrets a/0, a/1 and so on.</summary>
    internal async Task<SealedFileStore> FillAsync(int secrets, Func<SealedFileOptions, SealedFileOptions>? change = null)
    {
        SealedFileStore store = await OpenAsync(change);
        await Task.WhenAll(Enumerable.Range(0, secrets).Select(i => store.PutAsync($"a/{i}", $$"""{"k":"canary-{{i}}"}""")));
        return store;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

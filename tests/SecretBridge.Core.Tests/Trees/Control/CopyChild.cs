using System.Diagnostics;
using System.Globalization;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>A process of its own that copies with a journal, and may be killed while it does.</summary>
internal static class CopyChild
{
    /// <summary>Runs in the child.</summary>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        (string address, string token, string journal, string from, string to, string version) =
            (arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
        long lifetime = long.Parse(arguments[6], CultureInfo.InvariantCulture);
        await using VaultBackend backend = await VaultBackend.ConnectAsync(
            new ConnectOptions { Name = "prod", Address = address, Auth = new TokenAuth(Connection.Secure(token)) },
            new RecordingReporter(), TimeProvider.System, CancellationToken.None);
        var stores = new BackendRegistry();
        stores.Add(backend);
        var copy = new SubtreeCopy(
            new() { SourceStores = stores, DestinationStores = stores, DestinationUri = $"vault://{to}", Version = VersionSelection.Parse(version), JournalPath = journal, Resume = true, WrapJournal = file => new MortalStream(file, lifetime), ThrottleLimit = 4 },
            new RecordingReporter());
        await foreach (CopyResult _ in copy.RunAsync(new[] { new TreeItem($"vault://{from}") }.ToAsync(), CancellationToken.None))
        {
        }

        return copy.Summary.Succeeded ? 0 : 1;
    }

    /// <summary>Starts a child, which kills itself once it has written so many bytes to the journal: no last words.</summary>
    internal static Process Start(
        string address, string token, string journal, string from = "old", string to = "new", string version = "Latest", long lifetime = long.MaxValue, string? proxy = null)
    {
        // The same runtime that runs the tests.
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(CopyChild).Assembly.Location, "copy", address, token, journal, from, to, version, lifetime.ToString(CultureInfo.InvariantCulture)]);
        if (proxy is not null)
        {
            start.Environment["http_proxy"] = proxy;
            start.Environment.Remove("no_proxy");
            start.Environment.Remove("NO_PROXY");
        }

        return Process.Start(start)!;
    }
}

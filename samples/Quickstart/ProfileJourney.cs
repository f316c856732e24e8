using System.Security;
using System.Text;
using SecretBridge.Profiles;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Trees;

namespace SecretBridge.Quickstart;

/// <summary>A profile is sealed in a local encrypted file, moved into Vault, and a command is run with it.</summary>
internal sealed class ProfileJourney(Server server, Screen screen, Action<bool, string> check)
{
    /// <summary>The argument by which the quickstart is its own child, and tells what it was given.</summary>
    public const string Child = "--show-profile";

    private const string Name = "release-notes";

    private string FolderUri => $"vault://{server.New}/profiles";

    /// <summary>What the child does: it shows a setting, and of a secret its length.</summary>
    public static void ShowVariables() => Console.WriteLine(
        $"LOG_LEVEL is {Environment.GetEnvironmentVariable("LOG_LEVEL")}; API_TOKEN has {Environment.GetEnvironmentVariable("API_TOKEN")?.Length} characters and is {Environment.GetEnvironmentVariable("API_TOKEN")}.");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("secretbridge-quickstart-");
        try
        {
            await using SealedFileStore store = await SealAsync(Path.Combine(folder.FullName, "profiles.sealed"), cancellationToken);
            server.Stores.Builtin = store;
            await MoveAsync(cancellationToken);
            await InvokeAsync(cancellationToken);
        }
        finally
        {
            server.Stores.Builtin = null;
            folder.Delete(recursive: true);
        }
    }

    private async Task<SealedFileStore> SealAsync(string path, CancellationToken cancellationToken)
    {
        screen.Step("Seal a profile in a local encrypted file",
            $"Connect-SealedStore -Passphrase (Read-Host -AsSecureString) -Create; Set-SealedProfile {Name} -Owner team-docs -Env @{{LOG_LEVEL='info'}} -Secret @{{API_TOKEN=$secureString}} -AllowedWorkflow release");
        SealedFileStore store = await SealedFileStore.OpenAsync(
            new() { Path = path, Credential = SealedFileCredential.FromPassphrase(Passphrase()), Create = true }, TimeProvider.System, cancellationToken);
        server.Stores.Builtin = store;
        var edit = new ProfileEdit
        {
            Owner = "team-docs",
            Env = new Dictionary<string, SealedValue> { ["LOG_LEVEL"] = SealedValue.FromText("info") },
            Secrets = new Dictionary<string, SealedValue> { ["API_TOKEN"] = SealedValue.FromText(Estate.Canary) },
            AllowedWorkflows = ["release"],
        };
        ProfileChange change = await SingleAsync(new ProfileWrite(new() { Stores = server.Stores }, new QuietReporter())
            .RunAsync(new[] { new ProfileItem("builtin://" + Name, null, edit) }.ToAsync(), cancellationToken));
        byte[] file = await File.ReadAllBytesAsync(path, cancellationToken);
        check(change.Action == ProfileAction.Created && file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)) < 0,
            $"{change.Uri} is sealed in a file of {file.Length} bytes, its name too.");
        return store;
    }

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        screen.Step("Move it into Vault", $"Get-SealedProfile * | Copy-SealedProfile -DestinationUri {FolderUri}");
        ProfileCopyResult copied = await SingleAsync(new ProfileCopy(
            new() { SourceStores = server.Stores, DestinationStores = server.Stores, DestinationUri = FolderUri }, new QuietReporter())
            .RunAsync(new[] { new ProfileQuery("builtin://", "*") }.ToAsync(), cancellationToken));
        screen.Table(["Name", "Action", "Verified", "Destination"], [[copied.Name, $"{copied.Action}", $"{copied.Verified}", copied.Destination ?? ""]]);
        check(copied is { Action: ProfileAction.Created, Verified: true }, "It was read back from there and is equal.");
    }

    private async Task InvokeAsync(CancellationToken cancellationToken)
    {
        string uri = $"{FolderUri}/{Name}";
        screen.Step("Run a command with it", $"Invoke-SealedProfile -Uri {uri} -Command ./report -Workflow release");
        var lines = new List<string>();
        Task Take(string line)
        {
            lines.Add(line);
            screen.Say("  " + line);
            return Task.CompletedTask;
        }

        ProfileRunResult run = await SingleAsync(new ProfileRun(Options("release", Take)).RunAsync(Query(uri), cancellationToken));
        check(run.ExitCode == 0 && lines is [var line] && line.StartsWith("LOG_LEVEL is info; API_TOKEN has ", StringComparison.Ordinal) && line.EndsWith("(sealed).", StringComparison.Ordinal),
            "The child process had the variables, and its output shows no secret.");
        ProfileRunResult refused = await SingleAsync(new ProfileRun(Options("nightly", Take)).RunAsync(Query(uri), cancellationToken));
        check(refused.ExitCode is null && Environment.GetEnvironmentVariable("API_TOKEN") is null,
            "For a workflow that the profile does not allow nothing is run; this process never had the variables.");
    }

    private ProfileRunOptions Options(string workflow, Func<string, Task> take) => new()
    {
        Stores = server.Stores,
        Command = Environment.ProcessPath!,
        Arguments = [Child],
        Environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!),
        Workflow = workflow,
        Output = take,
        Error = take,
    };

    private static IAsyncEnumerable<ProfileQuery> Query(string uri) => new[] { new ProfileQuery(uri) }.ToAsync();

    private static SecureString Passphrase() => new System.Net.NetworkCredential("", Estate.Canary + "-passphrase").SecurePassword;

    private static async Task<T> SingleAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (T row in rows)
        {
            list.Add(row);
        }

        return list.Single();
    }
}

using System.Diagnostics;
using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Tests.Stores.Sealed;

/// <summary>A process of its own that writes to a sealed file, and may be killed while it does.</summary>
internal static class SealedChild
{
    /// <summary>Runs in the child.</summary>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        var options = new SealedFileOptions { Path = arguments[1], Credential = SealedFileCredential.FromKeyFile(arguments[2]), LockTimeout = TimeSpan.FromHours(1) };
        switch (arguments)
        {
            case ["die", _, _, var step]:
                await using (SealedFileStore store = await SealedFileStore.OpenAsync(options with { BeforeStep = At(Enum.Parse<SaveStep>(step)) }, TimeProvider.System, CancellationToken.None))
                {
                    await store.PutAsync("a/0", """{"k":"new"}""");
                }

                return 0;
            case ["write", _, _, var name, var count]:
                await using (SealedFileStore store = await SealedFileStore.OpenAsync(options, TimeProvider.System, CancellationToken.None))
                {
                    for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
                    {
                        await store.PutAsync($"{name}/{i}", $$"""{"k":"{{name}}"}""", 0);
                        await CountAsync(store);
                    }
                }

                return 0;
            case ["golden", _, _, .. var passphrase]:
                await SealedGoldenTests.WriteAsync(passphrase is [var text] ? options with { Credential = SealedFolder.Passphrase(text) } : options);
                return 0;
            default:
                return 2;
        }
    }

    /// <summary>Starts a child.</summary>
    internal static Process Start(SealedFolder folder, string what, params string[] arguments)
    {
        // The same runtime that runs the tests.
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [typeof(SealedChild).Assembly.Location, "sealed", what, folder.Path, folder.KeyFile, .. arguments])
        {
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    // A number that all count up together: a lost update would be a number too few.
    private static async Task CountAsync(SealedFileStore store)
    {
        while (true)
        {
            SecretReading reading = await store.ReadAsync(SecretPath.Parse("count"), null, CancellationToken.None);
            int next = 1 + int.Parse(reading.Payload?.GetValue("n")!.Reveal() ?? "0", CultureInfo.InvariantCulture);
            try
            {
                await store.PutAsync("count", $$"""{"n":{{next}}}""", reading.CheckAndSet);
                return;
            }
            catch (BridgeException exception) when (exception.Kind == FaultKind.CheckAndSetMismatch)
            {
                // Somebody else was faster: read and try again.
            }
        }
    }

    private static Action<SaveStep> At(SaveStep wanted) => step =>
    {
        if (step == wanted)
        {
            Process.GetCurrentProcess().Kill();

            // The signal may come a moment later, and nothing may happen until then.
            new ManualResetEvent(false).WaitOne();
        }
    };
}

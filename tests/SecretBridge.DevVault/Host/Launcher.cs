using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SecretBridge.DevVault;

/// <summary>The executable: starts a server, tells where on one line, and ends with its parent.</summary>
internal static class Launcher
{
    private const string Usage = "usage: SecretBridge.DevVault [--urls http://127.0.0.1:0] [--flavour vault|openbao] [--scaivault] [--tls] [--token TOKEN] [--audit FILE] [--log COUNT] [--parent PID]";

    public static async Task<int> RunAsync(string[] arguments, TextReader input, TextWriter output)
    {
        var options = new DevVaultOptions();
        int? parent = null;
        bool isScaiVault = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--tls":
                    options = options with { Tls = new TlsOptions() };
                    continue;
                case "--scaivault":
                    isScaiVault = true;
                    continue;
                case "--urls" when value is not null:
                    options = options with { Listen = new Uri(value) };
                    break;
                case "--flavour" when value is "vault" or "openbao":
                    options = options with { Flavour = value == "vault" ? VaultFlavour.Vault : VaultFlavour.OpenBao };
                    break;
                case "--token" when value is not null:
                    options = options with { RootToken = value };
                    break;
                case "--audit" when value is not null:
                    options = options with { AuditFile = value };
                    break;
                case "--log" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count):
                    options = options with { RequestLogCapacity = count };
                    break;
                case "--parent" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int id):
                    parent = id;
                    break;
                default:
                    await output.WriteLineAsync(Usage).ConfigureAwait(false);
                    return 2;
            }
            i++;
        }

        return isScaiVault
            ? await RunScaiVaultAsync(options, parent, input, output).ConfigureAwait(false)
            : await RunVaultAsync(options, parent, input, output).ConfigureAwait(false);
    }

    private static async Task<int> RunScaiVaultAsync(DevVaultOptions options, int? parent, TextReader input, TextWriter output)
    {
        await using DevScaiVaultServer server = await DevScaiVaultServer.StartAsync(new() { Listen = options.Listen, Token = options.RootToken }).ConfigureAwait(false);
        var line = new JsonFields { ["address"] = server.Address.GetLeftPart(UriPartial.Authority), ["token"] = server.Token, ["pid"] = Environment.ProcessId };
        await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(GoJson.Serialize(line))).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
        await EndAsync(parent, input).ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> RunVaultAsync(DevVaultOptions options, int? parent, TextReader input, TextWriter output)
    {
        await using DevVaultServer server = await DevVaultServer.StartAsync(options).ConfigureAwait(false);
        string? caFile = await WriteCaAsync(server).ConfigureAwait(false);
        await output.WriteLineAsync(Announcement(server, caFile)).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
        await EndAsync(parent, input).ConfigureAwait(false);
        if (caFile is not null)
        {
            File.Delete(caFile);
        }
        return 0;
    }

    private static string Announcement(DevVaultServer server, string? caFile)
    {
        var line = new JsonFields { ["address"] = server.Address.GetLeftPart(UriPartial.Authority), ["token"] = server.RootToken };
        if (caFile is not null)
        {
            line["caFile"] = caFile;
        }
        line["pid"] = Environment.ProcessId;
        return System.Text.Encoding.UTF8.GetString(GoJson.Serialize(line));
    }

    private static async Task<string?> WriteCaAsync(DevVaultServer server)
    {
        if (server.CaCertificatePem is not { } pem)
        {
            return null;
        }
        string file = Path.Combine(Path.GetTempPath(), $"devvault-{Environment.ProcessId}-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, pem).ConfigureAwait(false);
        return file;
    }

    /// <summary>The end of the parent is seen by its process ending or, without one named, by the end of standard input.</summary>
    private static async Task EndAsync(int? parent, TextReader input)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Signal(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult();
        }
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signal);
        Task parentGone = parent is { } id ? WaitForExitAsync(id) : Task.Run(() => DrainAsync(input));
        await Task.WhenAny(signalled.Task, parentGone).ConfigureAwait(false);
    }

    private static async Task WaitForExitAsync(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private static async Task DrainAsync(TextReader input)
    {
        while (await input.ReadLineAsync().ConfigureAwait(false) is not null)
        {
        }
    }
}

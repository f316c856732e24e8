using System.Diagnostics;
using SecretBridge.DevVault;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Tests.Clocks;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Wire;
using SecretBridge.Trees;
using SecretBridge.Wire;
using Xunit;
using Hit = SecretBridge.DevVault.FaultKind;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>Runs that end before they are done, over HTTP: killed processes, and tokens that end.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private const int Secrets = 60;
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;
    private readonly RecordingReporter _reporter = new();

    private string Journal => Path.Combine(_folder, "copy.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_process_that_is_killed_five_times_leaves_a_journal_with_which_the_sixth_ends_the_copy()
    {
        await using DevVaultServer server = await StartAsync();
        // Whoever counts a write is done with it before another is counted, and knows the process that runs.
        object turn = new();
        int writes = 0;
        Process? child = null;
        server.Faults.Add(new Fault
        {
            Kind = Hit.Interfere,
            Method = "POST",
            Path = "new/data/**",
            Times = null,
            Do = () =>
            {
                lock (turn)
                {
                    // Before this write takes effect, while others are under way: SIGKILL, no last words.
                    if (++writes % 9 == 0 && writes <= 45)
                    {
                        child!.Kill();
                    }
                }
            },
        });
        int killed = 0, exit;
        do
        {
            lock (turn)
            {
                child = CopyChild.Start(server.Address.ToString(), server.RootToken, Journal);
            }

            await child.WaitForExitAsync();
            exit = child.ExitCode;
            child.Dispose();
        }
        while (exit != 0 && ++killed < 20);

        Assert.Equal(0, exit);
        Assert.True(killed >= 5, $"killed {killed} times");
        Assert.Equal(Secrets, server.Secrets("new").Count);
        Assert.All(server.Secrets("new"), secret =>
        {
            Assert.Single(secret.Versions);
            Assert.Equal(server.Read("old", secret.Path), server.Read("new", secret.Path));
        });
        string journal = await File.ReadAllTextAsync(Journal);
        Assert.Equal(killed, journal.Split("{\"resumed\":").Length - 1);
        Assert.EndsWith("\"failed\":0,\"conflict\":0}\n", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_used_up_in_the_middle_stops_the_run_and_another_goes_on_with_it()
    {
        await using DevVaultServer server = await StartAsync();
        server.WritePolicy("all", """path "*" { capabilities = ["create","read","update","list"] }""");
        string token = server.CreateToken(["all"], numUses: 70);
        BridgeException fault = await Assert.ThrowsAsync<BridgeException>(() => CopyAsync(server, token, resume: false));
        Assert.Equal(ReportedKind.TokenInvalid, fault.Kind);
        Assert.Contains($"Connect again, then run the same command with -Resume: the journal '{Journal}' tells what is done.", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, fault.ToString(), StringComparison.Ordinal);
        int before = server.Secrets("new").Count;
        Assert.InRange(before, 10, 35);

        server.Requests.Reset();
        CopySummary summary = await CopyAsync(server, server.RootToken, resume: true);
        Assert.Equal((0, Secrets), (summary.Failed, summary.Total));
        Assert.True(summary.Resumed > 0);
        Assert.Equal(Secrets - before, server.Requests.Count(RequestKind.Write));
        Assert.All(server.Secrets("new"), secret => Assert.Single(secret.Versions));
    }

    [Fact]
    public async Task A_rate_bounds_the_requests_of_a_run()
    {
        var time = new ManualTime();
        await using DevVaultServer server = await StartAsync();
        await using VaultBackend backend = await ConnectAsync(server, server.RootToken, time);
        var stores = new BackendRegistry();
        stores.Add(backend);
        var copy = new SubtreeCopy(
            new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://new", RateLimit = 10, ThrottleLimit = 1, Time = time }, _reporter);
        await DrainAsync(copy);

        // About 130 requests, ten of them at once at the beginning.
        Assert.InRange(copy.Summary.Duration.TotalSeconds, 11, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_none_is_refused(double rate)
    {
        var stores = new StoreSet();
        Assert.Throws<BridgeException>(() => new SubtreeCopy(new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://new", RateLimit = rate }, _reporter));
    }

    private static async Task<DevVaultServer> StartAsync()
    {
        DevVaultServer server = await DevVaultServer.StartAsync(new DevVaultOptions());
        server.Mount("old");
        server.Mount("new");
        for (int i = 0; i < Secrets; i++)
        {
            server.Put("old", FormattableString.Invariant($"apps/team{i % 3}/s{i:00}"), $$"""{"password":"canary-{{i}}"}""");
        }

        return server;
    }

    private Task<VaultBackend> ConnectAsync(DevVaultServer server, string token, TimeProvider time) => VaultBackend.ConnectAsync(
        new ConnectOptions { Name = "prod", Address = server.Address.ToString(), Auth = new TokenAuth(Connection.Secure(token)) }, _reporter, time, CancellationToken.None);

    private async Task<CopySummary> CopyAsync(DevVaultServer server, string token, bool resume)
    {
        await using VaultBackend backend = await ConnectAsync(server, token, TimeProvider.System);
        var stores = new BackendRegistry();
        stores.Add(backend);
        var copy = new SubtreeCopy(
            new() { SourceStores = stores, DestinationStores = stores, DestinationUri = "vault://new", JournalPath = Journal, Resume = resume, ThrottleLimit = 4 }, _reporter);
        await DrainAsync(copy);
        return copy.Summary;
    }

    private static async Task DrainAsync(SubtreeCopy copy)
    {
        await foreach (CopyResult _ in copy.RunAsync(new[] { new TreeItem("vault://old") }.ToAsync(), CancellationToken.None))
        {
        }
    }
}

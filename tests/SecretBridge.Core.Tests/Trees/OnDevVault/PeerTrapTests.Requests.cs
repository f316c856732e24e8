using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;
using IFaultRow = SecretBridge.Reporting.IFaultRow;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.OnDevVault;

/// <summary>What is asked of a server, and what becomes of its refusals.</summary>
public partial class PeerTrapTests
{
    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task A_mount_is_asked_about_once_for_all_the_secrets_in_it(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        PutMany(bench, 40);
        bench.Server.Requests.Reset();
        await bench.CopyAsync();
        await bench.CopyAsync();
        await bench.WalkAsync();
        Assert.True((await bench.CompareAsync()).IsClean);
        Assert.Equal(
            (2, 0, 0),
            (bench.Server.Requests.Count(RequestKind.Preflight), bench.Server.Requests.Count(RequestKind.Mounts), bench.Server.Requests.Count(RequestKind.Health)));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault, 403)]
    [InlineData(VaultFlavour.Vault, 500)]
    [InlineData(VaultFlavour.OpenBao, 403)]
    [InlineData(VaultFlavour.OpenBao, 500)]
    public async Task A_folder_that_cannot_be_listed_is_a_fault_no_secret_and_no_success(VaultFlavour flavour, int status)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        bench.Put("old", "a", "1");
        bench.Put("old", "f/b", "2");
        bench.Put("old", "g", "3");
        bench.Server.Faults.Add(new Fault
        {
            Kind = FaultKind.Status,
            Status = status,
            Body = """{"errors":["no"]}""",
            When = request => request.Kind == RequestKind.Scan || (request.Kind == RequestKind.List && request.Path.TrimEnd('/') == "old/metadata/f"),
            Times = null,
        });
        List<CopyResult> rows = await bench.CopyAsync();
        Assert.Equal([("a", CopyAction.Created), ("f/", CopyAction.Failed), ("g", CopyAction.Created)], rows.Select(row => (row.RelativePath, row.Action)));
        Assert.Equal(status == 403 ? ReportedKind.PermissionDenied : ReportedKind.ServerError, ((IFaultRow)rows[1]).Fault!.Kind);
        Assert.False(bench.Summary.Succeeded);
        Assert.Equal((1, false), await bench.CompareAsync() is var summary ? (summary.Unreadable, summary.IsClean) : default);
        Assert.NotNull(((IFaultRow)(await bench.WalkAsync())[1]).Fault);
        Assert.DoesNotContain(bench.Server.Requests.All, request => request.Path.StartsWith("old/data/f", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_secret_that_cannot_be_read_or_written_is_told_and_the_others_arrive()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        PutMany(bench, 10);
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 403, Body = """{"errors":["no"]}""", Path = "old/data/f0/s00", Times = null });
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 403, Body = """{"errors":["no"]}""", Method = "POST", Path = "new/data/f0/s05", Times = null });
        List<CopyResult> rows = await bench.CopyAsync();
        Assert.Equal(["f0/s00", "f0/s05"], rows.Where(row => ((IFaultRow)row).Fault is not null).Select(row => row.RelativePath));
        Assert.Equal((8, 2, false), (bench.Summary.Created, bench.Summary.Failed, bench.Summary.Succeeded));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Details_are_read_without_a_value(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        PutMany(bench, 10);
        Assert.All(await bench.WalkAsync(detailed: true), row => Assert.Equal((SecretState.Live, 1), (row.State, row.Version)));
        Assert.DoesNotContain(bench.Server.Requests.All, request => request.Path.StartsWith("old/data", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(VaultFlavour.Vault)]
    [InlineData(VaultFlavour.OpenBao)]
    public async Task Proxies_see_no_method_that_they_may_not_know(VaultFlavour flavour)
    {
        await using CopyBench bench = await CopyBench.StartAsync(flavour);
        PutMany(bench, 10);
        await bench.CopyAsync();
        await bench.CompareAsync();
        Assert.Contains(bench.Server.Requests.All, request => request.Kind is RequestKind.List or RequestKind.Scan);
        Assert.Equal(["GET", "POST"], bench.Server.Requests.All.Select(request => request.Method).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Secrets_are_written_while_others_are_still_to_be_read()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        PutMany(bench, 60);
        await bench.CopyAsync(options => options with { ThrottleLimit = 4 });
        int held = 0, most = 0;
        foreach (RequestRecord request in bench.Server.Requests.All)
        {
            held += request.Kind switch { RequestKind.Read => 1, RequestKind.Write => -1, _ => 0 };
            most = Math.Max(most, held);
        }

        Assert.Equal(0, held);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task After_a_cancellation_nothing_more_is_asked_and_nothing_was_written()
    {
        await using CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        PutMany(bench, 60);
        var gate = new Gate();
        bench.Server.Faults.Add(new Fault { Kind = FaultKind.HangUntilReleased, Gate = gate, Method = "POST", Path = "new/data/**", Times = null });

        // Folders are listed ahead of what is copied: the root and five more.
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int lists = 0;
        bench.Server.Faults.Add(new Fault
        {
            Kind = FaultKind.Interfere,
            Path = "old/metadata/**",
            Times = null,
            Do = () =>
            {
                if (Interlocked.Increment(ref lists) == 6)
                {
                    listed.SetResult();
                }
            },
        });
        using var cancellation = new CancellationTokenSource();
        Task<List<CopyResult>> copying = bench.CopyAsync(options => options with { ThrottleLimit = 4 }, cancellationToken: cancellation.Token);
        for (int i = 0; i < 4; i++)
        {
            Task arrival = gate.ArrivedAsync();
            Assert.Same(arrival, await Task.WhenAny(arrival, copying));
        }

        Assert.Same(listed.Task, await Task.WhenAny(listed.Task, copying));
        long asked = bench.Server.Requests.Total;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.Equal(asked, bench.Server.Requests.Total);
        Assert.Empty(bench.Server.Secrets("new"));
    }

    private static void PutMany(CopyBench bench, int count)
    {
        for (int i = 0; i < count; i++)
        {
            bench.Put("old", $"f{i % 5}/s{i:00}", $"{i}");
        }
    }
}

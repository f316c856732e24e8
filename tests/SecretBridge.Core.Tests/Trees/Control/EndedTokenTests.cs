using System.Text.RegularExpressions;
using SecretBridge.DevVault;
using SecretBridge.Stores;
using SecretBridge.Tests.Reporting;
using SecretBridge.Tests.Trees.OnDevVault;
using SecretBridge.Trees;
using Xunit;
using BridgeException = SecretBridge.Reporting.BridgeException;
using Hit = SecretBridge.DevVault.FaultKind;
using ReportedKind = SecretBridge.Reporting.FaultKind;

namespace SecretBridge.Tests.Trees.Control;

/// <summary>Tokens whose lease ends, or whose uses run out, in the middle of a run.</summary>
public sealed class EndedTokenTests : IDisposable
{
    private const int Secrets = 60;
    private const int UnderWay = 8;
    private const string Policy = """path "*" { capabilities = ["create","read","update","delete","list"] }""";
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-journal-").FullName;

    private string Journal => Path.Combine(_folder, "run.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_lease_that_would_end_in_the_middle_is_renewed_and_the_copy_comes_to_its_end()
    {
        await using CopyBench bench = await StartAsync();
        await using VaultBackend backend = await bench.ConnectAsync(bench.Server.CreateToken(["all"], ttl: TimeSpan.FromSeconds(60)));
        bench.Server.Requests.Reset();
        await bench.CopyAsync(WithJournal, backend: backend);
        Assert.Equal((Secrets, 0), (bench.Summary.Created, bench.Summary.Failed));

        // Two minutes, of which each lease holds one, and is renewed after four fifths.
        Assert.InRange(bench.Server.Requests.Count("POST", "auth/token/renew-self"), 2, 4);
        Assert.Empty(bench.Reporter.Warnings);
    }

    [Fact]
    public async Task A_lease_that_nothing_lengthens_stops_the_copy_which_names_Resume_and_resumed_ends_equal()
    {
        await using CopyBench bench = await StartAsync();
        await using VaultBackend backend = await bench.ConnectAsync(bench.Server.CreateToken(["all"], ttl: TimeSpan.FromSeconds(60), renewable: false));
        var fault = await Assert.ThrowsAsync<BridgeException>(() => bench.CopyAsync(WithJournal, backend: backend));
        AssertNamesResume(fault, "The copy stopped");
        int before = bench.Server.Secrets("new").Count;
        Assert.InRange(before, 20, 40);

        bench.Server.Requests.Reset();
        await bench.CopyAsync(WithJournal);
        Assert.Equal((Secrets, 0), (bench.Summary.Total, bench.Summary.Failed));
        Assert.Equal(Secrets - before, bench.Server.Requests.Count(RequestKind.Write));
        await AssertEqualAsync(bench);
    }

    [Theory]
    [InlineData(ReportedKind.TokenInvalid)]
    [InlineData(ReportedKind.Sealed)]
    public async Task What_ends_a_copy_is_told_once_however_many_requests_were_under_way(ReportedKind kind)
    {
        (ProbedStore source, ProbedStore target) = await StoresAsync("write", kind);
        var rows = new List<CopyResult>();
        var copy = new SubtreeCopy(
            new() { SourceStores = new StoreSet(source), DestinationStores = new StoreSet(target), DestinationUri = "vault://kv2", ThrottleLimit = UnderWay },
            new SilentReporter());
        var end = await Assert.ThrowsAsync<BridgeException>(async () =>
        {
            await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
            {
                rows.Add(row);
            }
        });
        Assert.Equal(kind, end.Kind);
        Assert.Equal((UnderWay, UnderWay), (rows.Count, copy.Summary.Failed));
        Assert.All(rows, row => Assert.Equal((CopyAction.Failed, "It is over.", null), (row.Action, row.Reason, ((SecretBridge.Reporting.IFaultRow)row).Fault)));
    }

    [Fact]
    public async Task A_planned_copy_that_stopped_names_a_new_plan_because_the_old_one_is_outdated()
    {
        (ProbedStore source, ProbedStore target) = await StoresAsync("write", ReportedKind.TokenInvalid);
        var options = new CopyOptions { SourceStores = new StoreSet(source), DestinationStores = new StoreSet(target), DestinationUri = "vault://kv2", ThrottleLimit = UnderWay };
        var plan = new SubtreeCopy(options with { PlanOnly = true }, new SilentReporter());
        var rows = new List<CopyResult>();
        await foreach (CopyResult row in plan.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            rows.Add(row);
        }

        var planned = new PlannedCopy(CopyPlan.Of(options, plan, rows), options, new SilentReporter());
        var end = await Assert.ThrowsAsync<BridgeException>(async () =>
        {
            await foreach (CopyResult _ in planned.RunAsync(CancellationToken.None))
            {
            }
        });
        Assert.EndsWith("Connect again, then make a new plan: what has arrived is not in it.", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ends_a_removal_is_told_once_however_many_requests_were_under_way()
    {
        (_, ProbedStore target) = await StoresAsync("delete", ReportedKind.TokenInvalid);
        for (int i = 0; i < UnderWay; i++)
        {
            await target.PutAsync($"s{i}", """{"k":"canary"}""");
        }

        var rows = new List<RemoveResult>();
        var removal = new SubtreeRemoval(
            new() { Stores = new StoreSet(target), OtherStores = new StoreSet(target), Force = true, MaxDelete = UnderWay, ThrottleLimit = UnderWay }, new SilentReporter());
        var end = await Assert.ThrowsAsync<BridgeException>(async () =>
        {
            await foreach (RemoveResult row in removal.RunAsync(new[] { new RemovalInput(null, new TreeItem("vault://kv2")) }.ToAsync(), CancellationToken.None))
            {
                rows.Add(row);
            }
        });
        Assert.Equal((ReportedKind.TokenInvalid, UnderWay), (end.Kind, rows.Count));
        Assert.All(rows, row => Assert.Equal((RemoveAction.Failed, "It is over.", null), (row.Action, row.Reason, ((SecretBridge.Reporting.IFaultRow)row).Fault)));
    }

    [Theory]
    [InlineData(80, "The copy stopped")]
    [InlineData(250, "The move stopped")]
    [InlineData(390, "The removal stopped")]
    public async Task A_move_whose_token_is_used_up_anywhere_goes_on_and_nothing_is_lost(int uses, string what)
    {
        await using CopyBench bench = await StartAsync();
        await using VaultBackend backend = await bench.ConnectAsync(bench.Server.CreateToken(["all"], numUses: uses));
        var move = new MoveBench(bench);
        Func<MoveOptions, MoveOptions> change = options => options with { Copy = WithJournal(options.Copy) };
        var fault = await Assert.ThrowsAsync<BridgeException>(() => move.RunAsync(change, backend));
        AssertNamesResume(fault, what);
        for (int i = 0; i < Secrets; i++)
        {
            Assert.True(bench.History("old", NameOf(i)) == $"1={i}" || bench.History("new", NameOf(i)) == $"1={i}", NameOf(i));
        }

        await move.RunAsync(change);
        for (int i = 0; i < Secrets; i++)
        {
            Assert.Equal(("1=deleted", $"1={i}"), (bench.History("old", NameOf(i)), bench.History("new", NameOf(i))));
        }
    }

    [Fact]
    public async Task A_comparison_whose_token_ends_is_not_clean_and_says_so()
    {
        await using CopyBench bench = await StartAsync();
        await bench.CopyAsync();
        await using VaultBackend backend = await bench.ConnectAsync(bench.Server.CreateToken(["all"], numUses: 50));
        IStoreResolver stores = new BackendRegistry().With(backend);
        var comparison = new TreeComparison(
            new() { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = "vault://old", DifferenceUri = "vault://new", Time = bench.Time }, bench.Reporter);
        var rows = new List<TreeDifference>();
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        Assert.False(comparison.Summary.IsClean);
        Assert.True(comparison.Summary.Unreadable > 0);
        Assert.Equal(ReportedKind.TokenInvalid, ((SecretBridge.Reporting.IFaultRow)rows[^1]).Fault!.Kind);
    }

    // Requests of one kind fail all at once, when as many are under way as may be.
    private static async Task<(ProbedStore Source, ProbedStore Target)> StoresAsync(string verb, ReportedKind kind)
    {
        ProbedStore source = new("kv"), target = new("kv2");
        for (int i = 0; i < UnderWay; i++)
        {
            await source.PutAsync($"s{i}", """{"k":"canary"}""");
        }

        int count = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        target.Before = async (asked, path) =>
        {
            if (asked == verb)
            {
                if (Interlocked.Increment(ref count) == UnderWay)
                {
                    all.SetResult();
                }

                await all.Task.WaitAsync(TimeSpan.FromSeconds(60));
                throw new BridgeException(kind, path.Value, "It is over.");
            }
        };
        return (source, target);
    }

    private static string NameOf(int i) => FormattableString.Invariant($"team{i % 3}/s{i:00}");

    private static async Task<CopyBench> StartAsync()
    {
        CopyBench bench = await CopyBench.StartAsync(VaultFlavour.Vault);
        bench.Server.WritePolicy("all", Policy);
        for (int i = 0; i < Secrets; i++)
        {
            bench.Put("old", NameOf(i), $"{i}");
        }

        // Each write takes two seconds of the clock that leases are counted by.
        bench.Server.Faults.Add(new Fault { Kind = Hit.Interfere, Method = "POST", Path = "new/data/**", Times = null, Do = () => bench.Time.Advance(TimeSpan.FromSeconds(2)) });
        return bench;
    }

    private static async Task AssertEqualAsync(CopyBench bench)
    {
        Assert.All(bench.Server.Secrets("new"), secret => Assert.Single(secret.Versions));
        Assert.Equal((Secrets, true), await bench.CompareAsync() is var summary ? (summary.Equal, summary.IsClean) : default);
    }

    private void AssertNamesResume(BridgeException fault, string what)
    {
        Assert.Equal(ReportedKind.TokenInvalid, fault.Kind);
        Assert.StartsWith(what, fault.Message, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(fault.Message, "Connect again"));
        Assert.Contains($"Connect again, then run the same command with -Resume: the journal '{Journal}' tells what is done.", fault.Message, StringComparison.Ordinal);
    }

    private CopyOptions WithJournal(CopyOptions options) => options with { JournalPath = Journal, Resume = true, ThrottleLimit = 4 };
}
